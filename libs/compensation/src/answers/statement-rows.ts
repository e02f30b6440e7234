import type { StoredLine, StoredStatement } from '@attain/contracts';
import { Exact, minorDigits } from '@attain/values';
import type { LineRow } from './api.js';
import type { Facts } from '../facts/facts.js';
import { reversalId } from '../facts/reversals.rules.js';

/**
 * The rows of a statement that are not 0, in its order. A difference is dated on the last day of the statement's period,
 * because the day on which its fact arrived depends on who imported it when.
 */
export function statementRows({ participant, period, cut, lines }: StoredStatement, facts: Facts): LineRow[] {
  return lines
    .filter(({ earned, payable }) => !Exact.parse(earned).isZero() || !Exact.parse(payable).isZero())
    .map((line) => ({
      plan: line.plan,
      version: line.version,
      period,
      participant,
      component: line.component,
      source: line.record?.source ?? '',
      record: line.record?.id ?? '',
      kind: line.kind,
      for: line.for ?? '',
      date: line.kind === 'difference' ? cut.effective : line.date,
      causedBy: line.causedBy?.id ?? '',
      credited: creditedText(line),
      earned: line.earned,
      earnedCurrency: line.earnedCurrency,
      payable: line.payable,
      payableCurrency: line.payableCurrency,
      cause: line.cause === null ? '' : recordOfFact(facts, line.cause.event),
    }));
}

function creditedText({ credited, earnedCurrency }: StoredLine): string {
  return credited === null ? '' : Exact.parse(credited).toDecimal(minorDigits(earnedCurrency), 'half-up');
}

/** The id of the record that a fact is about: of a reversal its own, else the deal's, the person's and so on. */
export function recordOfFact(facts: Facts, event: string): string {
  const fact = facts.fact(event);
  if (fact === undefined) return '';
  switch (fact.type) {
    case 'DealReversed':
    case 'DealReversalRetracted':
    case 'InvoiceReversed':
    case 'InvoiceReversalRetracted':
      return reversalId(facts, fact.data.reversal);
    case 'QuotaAssigned':
    case 'QuotaChanged':
    case 'QuotaWithdrawn':
      return fact.data.for;
    case 'ObjectiveAssigned':
    case 'ObjectiveWithdrawn':
      return fact.data.for;
    case 'ScoreRecorded':
    case 'ScoreRetracted':
      return fact.data.participant;
    case 'ParticipantAssigned':
    case 'ParticipantAssignmentRetracted':
    case 'LeaveRecorded':
    case 'LeaveRetracted':
    case 'PlanSigned':
    case 'AdjustmentApproved':
      return fact.data.participant;
    case 'RelationRecorded':
    case 'RelationRetracted':
      return fact.data.person;
    case 'ExchangeRateRecorded':
    case 'ExchangeRateRetracted':
      return `${fact.data.from}-${fact.data.to}`;
    case 'PlanPublished':
    case 'PlanRetracted':
      return fact.data.plan;
    case 'TableDefined':
    case 'TableRetracted':
      return fact.data.table;
    case 'AccountRecorded':
    case 'AccountRetracted':
    case 'ReleaseApproved':
    case 'ReleaseWithdrawn':
      return fact.data.id;
    default:
      return facts.records.get(fact.stream)?.id ?? '';
  }
}
