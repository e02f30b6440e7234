import type { Instant } from '@attain/values';
import { SourceRecord, evolved } from './records.js';
import type { AccountFact, DealFact, Entry, FactOf, LeaveFact, ObjectiveFact, PersonFact, PlanFact, QuotaFact, RateFact, RelationFact, ScoreFact, Stream, TableFact } from './entries.js';
import type { Fact } from './fact.js';

/** Two texts as one key of a map. */
export const pair = (a: string, b: string): string => `${a}\u0000${b}`;

/**
 * Every fact, append-only, arranged by the thing it speaks of. Nothing here depends on a cut: a state is folded from the
 * entries that a view sees.
 */
export class Facts {
  readonly deals = new Map<string, SourceRecord>();
  readonly people = new Map<string, Stream<PersonFact>>();
  /** By person. */
  readonly relations = new Map<string, Stream<RelationFact>>();
  /** By participant. */
  readonly leaves = new Map<string, Stream<LeaveFact>>();
  /** By participant. */
  readonly signatures = new Map<string, Stream<FactOf<'PlanSigned'>>>();
  /** By whom it is for and measure. */
  readonly quotas = new Map<string, Stream<QuotaFact>>();
  /** By whom they are for. */
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
  /** What was found in the exports of a source and kind, by their stream. */
  readonly readings = new Map<string, Stream<FactOf<'ReadingWarned'>>>();
  readonly companies: Stream<FactOf<'CompanyConfigured'>> = [];
  readonly closings: Stream<FactOf<'PeriodClosed'>> = [];
  readonly reversals: Stream<FactOf<'DealReversed'>> = [];
  /** Names of the systems whose exports are imported. */
  readonly sources = new Set<string>();
  /** Deals of which somebody was ever a holder. */
  readonly dealsOf = new Map<string, SourceRecord[]>();
  /** What can move a line, in order. */
  readonly moving: Entry[] = [];
  head = 0n;

  /** Position of the last fact: about a holder's deals, about any deal, about quotas for somebody, about any quota, about somebody's scores, about anything else. */
  readonly dealTouches = new Map<string, number>();
  readonly quotaTouches = new Map<string, number>();
  readonly scoreTouches = new Map<string, number>();
  anyDeal = 0;
  anyQuota = 0;
  settings = 0;
  /** The latest date that a cut could leave out, of credits, reversals and leaves. */
  lastDate = '';

  private readonly byId = new Map<string, Fact>();
  private unnamed = 0;
  private readonly order: Fact[] = [];
  /** Between two acceptances of the clock: where it begins in the order, and by when all before it was known. */
  private readonly stretches: { from: number; least: Instant | '' }[] = [{ from: 0, least: '' }];

  append(told: Fact): void {
    if (told.position <= this.head) return;
    if (told.type === 'ClockAccepted') this.beginStretch(told.recorded);
    const last = told.type === 'ClockAccepted' ? '' : this.lastKnown();
    const stretch = this.stretches.length - 1;
    // Where several processes write one log instants may step back; knowledge does not.
    const fact: Fact = told.recorded < last || stretch > 0 ? { ...told, recorded: told.recorded < last ? last : told.recorded, stretch } : told;
    this.head = fact.position;
    this.order.push(fact);
    const at = Number(fact.position);
    if (isDealFact(fact)) return this.appendDeal(fact, at);
    this.appendOther(fact, at);
  }

  /** The fact of an event id. */
  fact(id: string): Fact | undefined {
    for (; this.unnamed < this.order.length; this.unnamed += 1) {
      const fact = this.order[this.unnamed]!;
      this.byId.set(fact.id, fact);
    }
    return this.byId.get(id);
  }

  /** Position of the last fact known at or before an instant; 0 when there is none. */
  positionAt(known: Instant): number {
    const nth = this.stretches.findLastIndex(({ least }) => least <= known);
    let [low, high] = [this.stretches[nth]?.from ?? 0, this.stretches[nth + 1]?.from ?? this.order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.order[middle]!.recorded <= known) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : Number(this.order[low - 1]!.position);
  }

  /** When the last fact became known, of all or of those up to a position; empty without facts. */
  lastKnown(position = Infinity): Instant {
    return this.order.findLast((fact) => Number(fact.position) <= position)?.recorded ?? '';
  }

  /** Whatever a clock that was ahead had said, what stands before was known when the clock was accepted. */
  private beginStretch(accepted: Instant): void {
    for (const stretch of this.stretches) if (stretch.least > accepted) stretch.least = accepted;
    this.stretches.push({ from: this.order.length, least: accepted });
  }

  private appendDeal(fact: DealFact, at: number): void {
    let deal = this.deals.get(fact.stream);
    if (deal === undefined) {
      if (fact.type !== 'DealOpened') throw new Error(`${fact.stream}: ${fact.type} before DealOpened (position ${fact.position})`);
      deal = new SourceRecord(fact.stream, fact.data.source, fact.data.id);
      this.deals.set(fact.stream, deal);
    }
    const entry = { at, fact };
    deal.entries.push(entry);
    deal.current = evolved(deal.current, deal, at, fact);
    this.moving.push(entry);
    this.anyDeal = at;
    switch (fact.type) {
      case 'DealOpened':
        this.holds(deal, fact.data.fields['owner']);
        this.dates(fact.data.fields);
        break;
      case 'DealReassigned':
        this.holds(deal, fact.data.owner ?? undefined);
        break;
      case 'DealAmended':
        this.holds(deal, fact.data.fields['owner'] ?? undefined);
        this.dates(fact.data.fields);
        break;
      case 'DealSplit':
        for (const id of Object.keys(fact.data.revenue)) this.holds(deal, id);
        for (const id of Object.keys(fact.data.overlay)) this.holds(deal, id);
        break;
      case 'DealWon':
      case 'DealLost':
        this.date(fact.data.closed ?? '');
        break;
      case 'DealRedated':
        this.date(fact.data.closed ?? '');
        this.date(fact.data.opened ?? '');
        break;
      case 'DealReversed':
        this.date(fact.data.date);
        this.reversals.push({ at, fact });
        break;
    }
    for (const holder of deal.holders) this.dealTouches.set(holder, at);
  }

  private holds(record: SourceRecord, holder: string | undefined): void {
    if (holder === undefined || holder === '' || record.holders.includes(holder)) return;
    record.holders.push(holder);
    push(this.dealsOf, holder, record);
  }

  private dates(fields: Readonly<Record<string, string | null>>): void {
    for (const name in fields) {
      const value = fields[name];
      if (looksLikeDate(value)) this.date(value);
    }
  }

  private date(date: string): void {
    if (date > this.lastDate) this.lastDate = date;
  }

  private appendOther(fact: Exclude<Fact, DealFact>, at: number): void {
    switch (fact.type) {
      case 'QuotaAssigned':
      case 'QuotaChanged':
      case 'QuotaWithdrawn': {
        const key = fact.data.for;
        push(this.quotas, pair(key, fact.data.measure), { at, fact });
        this.quotaTouches.set(key, at);
        this.anyQuota = at;
        this.moving.push({ at, fact });
        return;
      }
      case 'ScoreRecorded':
      case 'ScoreRetracted':
        push(this.scores, fact.data.participant, { at, fact });
        this.scoreTouches.set(fact.data.participant, at);
        this.moving.push({ at, fact });
        return;
      case 'ObjectiveAssigned':
      case 'ObjectiveWithdrawn':
        push(this.objectives, fact.data.for, { at, fact });
        break;
      case 'ParticipantAssigned':
      case 'ParticipantAssignmentRetracted':
        push(this.people, fact.data.participant, { at, fact });
        break;
      case 'RelationRecorded':
      case 'RelationRetracted':
        push(this.relations, fact.data.person, { at, fact });
        break;
      case 'LeaveRecorded':
      case 'LeaveRetracted':
        push(this.leaves, fact.data.participant, { at, fact });
        this.date(fact.data.from);
        break;
      case 'PlanSigned':
        push(this.signatures, fact.data.participant, { at, fact });
        break;
      case 'ExchangeRateRecorded':
      case 'ExchangeRateRetracted':
        push(this.rates, pair(fact.data.from, fact.data.to), { at, fact });
        break;
      case 'PlanPublished':
      case 'PlanRetracted':
        push(this.plans, fact.data.plan, { at, fact });
        break;
      case 'TableDefined':
      case 'TableRetracted':
        push(this.tables, fact.data.table, { at, fact });
        break;
      case 'AccountRecorded':
      case 'AccountRetracted':
        push(this.accounts, fact.data.id, { at, fact });
        break;
      case 'CompanyConfigured':
        this.companies.push({ at, fact });
        break;
      case 'PeriodClosed':
        this.closings.push({ at, fact });
        return;
      case 'SourceMapped':
        this.sources.add(fact.data.source);
        return;
      case 'ReadingWarned':
        push(this.readings, fact.stream, { at, fact });
        return;
      default:
        return;
    }
    this.moving.push({ at, fact });
    this.settings = at;
  }
}

function isDealFact(fact: Fact): fact is DealFact {
  return fact.stream.startsWith('deal-');
}

/** Any field may be a measure's date, and a text that only looks like one does no harm. */
export function looksLikeDate(text: string | null | undefined): text is string {
  return typeof text === 'string' && text.length === 10 && text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45;
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
