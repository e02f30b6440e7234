import type {
  AccountFact,
  AdjustmentFact,
  Entry,
  FactOf,
  LeaveFact,
  ObjectiveFact,
  PersonFact,
  PlanFact,
  QuotaFact,
  RateFact,
  RelationFact,
  ReleaseFact,
  ReviewFact,
  ScoreFact,
  Stream,
  TableFact,
} from './entries.js';
import type { Fact } from './fact.js';

/** Two texts as one key of a map. */
export const pair = (a: string, b: string): string => `${a}\u0000${b}`;

type Streams = Map<string, Entry[]>;

/** Types of facts that never change a line, because they decide or state something about pay but no amount. */
const UNMOVING: ReadonlySet<Fact['type']> = new Set([
  'AdjustmentProposed',
  'LateChangeApproved',
  'LateChangeDismissed',
  'PeriodClosed',
  'ReadingWarned',
]);

/** The facts about people, plans and the company, each with the others about the same thing. */
export class FactStreams {
  readonly people = new Map<string, Stream<PersonFact>>();
  /** By person. */
  readonly relations = new Map<string, Stream<RelationFact>>();
  /** By participant. */
  readonly leaves = new Map<string, Stream<LeaveFact>>();
  /** By participant. */
  readonly signatures = new Map<string, Stream<FactOf<'PlanSigned'>>>();
  /** By participant. */
  readonly adjustments = new Map<string, Stream<AdjustmentFact>>();
  /** By participant or team, and measure. */
  readonly quotas = new Map<string, Stream<QuotaFact>>();
  /** By participant or team. */
  readonly objectives = new Map<string, Stream<ObjectiveFact>>();
  /** By participant. */
  readonly scores = new Map<string, Stream<ScoreFact>>();
  /** By the two currencies. */
  readonly rates = new Map<string, Stream<RateFact>>();
  /** By plan. */
  readonly plans = new Map<string, Stream<PlanFact>>();
  readonly tables = new Map<string, Stream<TableFact>>();
  /** By id, of any source. */
  readonly accounts = new Map<string, Stream<AccountFact>>();
  /** The warnings about the exports of a source and kind, by stream. */
  readonly readings = new Map<string, Stream<FactOf<'ReadingWarned'>>>();
  readonly companies: Stream<FactOf<'CompanyConfigured'>> = [];
  readonly closings: Stream<FactOf<'PeriodClosed'>> = [];
  /** Approved and withdrawn releases of pay, by the stream of their record's approvals. */
  readonly releases = new Map<string, Stream<ReleaseFact>>();
  /** Decisions about late changes, by participant. */
  readonly reviews = new Map<string, Stream<ReviewFact>>();

  /** Adds a fact to those about the same thing; returns whether it can change a line. */
  protected add(fact: Fact, at: number): boolean {
    if (fact.type === 'CompanyConfigured') this.companies.push({ at, fact });
    else if (fact.type === 'PeriodClosed') this.closings.push({ at, fact });
    else {
      const place = this.placeOf(fact);
      if (place === null) return false;
      push(...place, { at, fact });
    }
    return !UNMOVING.has(fact.type);
  }

  private placeOf(fact: Fact): [Streams, string] | null {
    switch (fact.type) {
      case 'QuotaAssigned':
      case 'QuotaChanged':
      case 'QuotaWithdrawn':
        return [this.quotas as Streams, pair(fact.data.for, fact.data.measure)];
      case 'ScoreRecorded':
      case 'ScoreRetracted':
        return [this.scores as Streams, fact.data.participant];
      case 'ObjectiveAssigned':
      case 'ObjectiveWithdrawn':
        return [this.objectives as Streams, fact.data.for];
      case 'ParticipantAssigned':
      case 'ParticipantAssignmentRetracted':
        return [this.people as Streams, fact.data.participant];
      case 'RelationRecorded':
      case 'RelationRetracted':
        return [this.relations as Streams, fact.data.person];
      case 'LeaveRecorded':
      case 'LeaveRetracted':
        return [this.leaves as Streams, fact.data.participant];
      case 'AdjustmentProposed':
        return [this.adjustments as Streams, fact.data.participant];
      case 'AdjustmentApproved':
        return [this.adjustments as Streams, fact.data.participant];
      case 'PlanSigned':
        return [this.signatures as Streams, fact.data.participant];
      case 'ExchangeRateRecorded':
      case 'ExchangeRateRetracted':
        return [this.rates as Streams, pair(fact.data.from, fact.data.to)];
      case 'PlanPublished':
      case 'PlanRetracted':
        return [this.plans as Streams, fact.data.plan];
      case 'TableDefined':
      case 'TableRetracted':
        return [this.tables as Streams, fact.data.table];
      case 'AccountRecorded':
      case 'AccountRetracted':
        return [this.accounts as Streams, fact.data.id];
      case 'ReleaseApproved':
      case 'ReleaseWithdrawn':
        return [this.releases as Streams, fact.stream];
      case 'LateChangeApproved':
      case 'LateChangeDismissed':
        return [this.reviews as Streams, fact.data.participant];
      case 'ReadingWarned':
        return [this.readings as Streams, fact.stream];
      default:
        return null;
    }
  }
}

export function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
