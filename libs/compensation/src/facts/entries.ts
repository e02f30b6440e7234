import type { DealEvent, RelatedEvent } from '@attain/contracts';
import type { Fact } from './fact.js';

/** A fact of one type, or of several. */
export type FactOf<Type extends Fact['type']> = Extract<Fact, { type: Type }>;
/** A fact with its place in the log; a position is below 2^53. */
export interface Entry<F extends Fact = Fact> {
  readonly at: number;
  readonly fact: F;
}
export type DealFact = FactOf<DealEvent['type']>;
/** A fact about an item, an invoice, a payment or an activity. */
export type RelatedFact = FactOf<RelatedEvent['type']>;
export type RecordFact = DealFact | RelatedFact;

export function isDealFact(fact: Fact): fact is DealFact {
  return fact.stream.startsWith('deal-');
}

const RELATED = ['item-', 'invoice-', 'payment-', 'activity-'] as const;

export function isRelatedFact(fact: Fact): fact is RelatedFact {
  return RELATED.some((prefix) => fact.stream.startsWith(prefix));
}

export function isRecordFact(fact: Fact): fact is RecordFact {
  return isDealFact(fact) || isRelatedFact(fact);
}

/** The facts of one stream about a thing of another kind, in order. */
export type Stream<F extends Fact> = Entry<F>[];

export type PersonFact = FactOf<'ParticipantAssigned' | 'ParticipantAssignmentRetracted'>;
export type RelationFact = FactOf<'RelationRecorded' | 'RelationRetracted'>;
export type LeaveFact = FactOf<'LeaveRecorded' | 'LeaveRetracted'>;
export type AdjustmentFact = FactOf<'AdjustmentProposed' | 'AdjustmentApproved'>;
export type QuotaFact = FactOf<'QuotaAssigned' | 'QuotaChanged' | 'QuotaWithdrawn'>;
export type RateFact = FactOf<'ExchangeRateRecorded' | 'ExchangeRateRetracted'>;
export type ReleaseFact = FactOf<'ReleaseApproved' | 'ReleaseWithdrawn'>;
export type ReviewFact = FactOf<'LateChangeApproved' | 'LateChangeDismissed'>;
export type PlanFact = FactOf<'PlanPublished' | 'PlanRetracted'>;
export type ObjectiveFact = FactOf<'ObjectiveAssigned' | 'ObjectiveWithdrawn'>;
export type ScoreFact = FactOf<'ScoreRecorded' | 'ScoreRetracted'>;
export type TableFact = FactOf<'TableDefined' | 'TableRetracted'>;
export type AccountFact = FactOf<'AccountRecorded' | 'AccountRetracted'>;
