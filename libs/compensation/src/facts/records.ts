import type { CauseKind, DealEvent, RecordKind } from '@attain/contracts';
import { Exact, type LocalDate } from '@attain/values';
import type { Entry, RecordFact } from './entries.js';
import { contentOf, lasting, RecordEntry, type StoredFacts } from './stored-facts.js';
import { sees, type View } from './view.js';

const NONE: readonly never[] = [];
/**
 * Up to this number of facts, a record's list is copied for each new fact, because a growing list reserves room for
 * seventeen entries and most records have few facts.
 */
const FEW = 8;
const NO_RECORDS: ReadonlyMap<string, SourceRecord> = new Map();

export type RecordFields = Readonly<Record<string, string>>;
export interface Share {
  readonly participant: string;
  readonly share: Exact;
}
export interface Reversal {
  readonly id: string;
  readonly kind: Extract<CauseKind, 'cancelled' | 'refunded' | 'churned' | 'credited'>;
  readonly date: LocalDate;
  /** In major units of the deal's currency; null for all that is left. */
  readonly amount: Exact | null;
  readonly at: number;
}

/** All facts about one record of a source, in the order in which they were recorded. */
export class SourceRecord {
  private made: readonly Entry<RecordFact>[] = NONE;
  /** Its first facts, while nobody has asked for their entries: neighbours in stored columns. */
  private stored: StoredFacts | null = null;
  private row = 0;
  private rows = 0;
  /** The position of its last fact. */
  last = 0;
  /** Everybody who was ever its owner or in one of its splits, or in those of its parent. */
  holders: readonly string[] = NONE;
  /** The records that it ever belonged to, by stream: the deal of an item, the deal or the invoice of a payment. */
  parents: ReadonlyMap<string, SourceRecord> = NO_RECORDS;
  /** The records that ever belonged to it. */
  related: readonly SourceRecord[] = NONE;
  private state: RecordState | undefined = undefined;
  /** The number of entries that `state` contains. */
  private folded = 0;

  constructor(
    readonly stream: string,
    readonly source: string,
    readonly id: string,
    readonly of: RecordKind = 'deals',
    /** For a refund, which counts as a negative payment: the reversal of its parent. */
    readonly refund: string | null = null,
  ) {}

  /** The complete known state of a deal; undefined if it no longer exists. It is folded when it is asked for. */
  get current(): RecordState | undefined {
    for (; this.folded < this.rows; this.folded += 1) {
      const row = this.row + this.folded;
      this.state = evolved(this.state, this, this.stored!.position(row), this.stored!.content(row) as DealEvent);
    }
    for (; this.folded < this.rows + this.made.length; this.folded += 1) {
      const entry = this.made[this.folded - this.rows]!;
      this.state = evolved(this.state, this, entry.at, contentOf(entry) as DealEvent);
    }
    return this.state;
  }

  get entries(): readonly Entry<RecordFact>[] {
    if (this.rows > 0) {
      const stored = Array.from({ length: this.rows }, (_, i) => this.stored!.entry(this.row + i));
      [this.made, this.rows] = [[...(stored as Entry[] as Entry<RecordFact>[]), ...this.made], 0];
    }
    return this.made;
  }

  add(entry: Entry<RecordFact>): void {
    this.last = entry.at;
    const place = entry instanceof RecordEntry ? entry.place : null;
    if (place !== null && this.made.length === 0 && this.rows === 0)
      [this.stored, this.row, this.rows] = [place.facts, place.row, 1];
    else if (
      place !== null &&
      this.made.length === 0 &&
      place.facts === this.stored &&
      place.row === this.row + this.rows
    )
      this.rows += 1;
    else if (this.made.length < FEW) this.made = this.made.concat([lasting(entry)]);
    else (this.made as Entry<RecordFact>[]).push(lasting(entry));
  }
}

/** A record in a view, with the latest of its fields and its status. */
export interface RecordState {
  readonly record: SourceRecord;
  readonly status: 'open' | 'won' | 'lost';
  readonly fields: RecordFields;
  /** Empty without a split; the owner then has the whole record. */
  readonly revenue: readonly Share[];
  readonly overlay: readonly Share[];
  readonly reversals: readonly Reversal[];
  /** The position of the fact that set the status; without one, of the fact that recorded it. */
  readonly turned: number;
  /**
   * For an item, an invoice, a payment or an activity: its own fields; the others come from its deal. Absent for a
   * deal.
   */
  readonly own?: RecordFields;
  /** The record that it belongs to directly: for a payment, its invoice or its deal. */
  readonly parent?: SourceRecord | null;
  /** The deal that a record belongs to; absent for a deal, null if there is none. */
  readonly deal?: RecordState | null;
}

/** A deal in a view; undefined if it is not known yet or no longer exists. */
export function dealAt(record: SourceRecord, view: View): RecordState | undefined {
  // Most views include all facts of most deals.
  if (record.last <= view.position) return record.current;
  let state: RecordState | undefined;
  for (const entry of record.entries)
    if (sees(view, entry.at)) state = evolved(state, record, entry.at, contentOf(entry) as DealEvent);
  return state;
}

/** The state of a deal after a fact. */
function evolved(
  before: RecordState | undefined,
  record: SourceRecord,
  at: number,
  fact: DealEvent,
): RecordState | undefined {
  if (fact.type === 'DealOpened') {
    return {
      record,
      status: 'open',
      fields: fact.data.fields,
      revenue: NONE,
      overlay: NONE,
      reversals: NONE,
      turned: at,
    };
  }
  if (before === undefined) return undefined;
  switch (fact.type) {
    case 'DealRetracted':
      return undefined;
    case 'DealStageChanged':
      return { ...before, fields: merged(before.fields, { stage: fact.data.stage }) };
    case 'DealRepriced':
    case 'DealRedated':
    case 'DealReassigned':
      return { ...before, fields: merged(before.fields, fact.data) };
    case 'DealAmended':
      return { ...before, fields: merged(before.fields, fact.data.fields) };
    case 'DealSplit':
      return { ...before, revenue: sharesOf(fact.data.revenue), overlay: sharesOf(fact.data.overlay) };
    case 'DealWon': {
      const { revenue, overlay, reversals } = before;
      return {
        record,
        status: 'won',
        fields: merged(before.fields, fact.data),
        revenue,
        overlay,
        reversals,
        turned: at,
      };
    }
    case 'DealLost':
      return {
        ...before,
        status: 'lost',
        turned: at,
        fields: fact.data.closed === null ? before.fields : merged(before.fields, fact.data),
      };
    case 'DealReopened':
      // Reversals after a win are void if the win is undone.
      return { ...before, status: 'open', turned: at, reversals: NONE };
    case 'DealReversed': {
      const { reversal: id, kind, date, amount } = fact.data;
      const reversal: Reversal = { id, kind, date, amount: amount === null ? null : Exact.parse(amount), at };
      return { ...before, reversals: [...before.reversals.filter((other) => other.id !== id), reversal] };
    }
    case 'DealReversalRetracted': {
      const { reversal: id } = fact.data;
      return { ...before, reversals: before.reversals.filter((other) => other.id !== id) };
    }
  }
}

/** The owner of a record and everybody in its splits. */
export function sellersOf({ fields, revenue, overlay }: RecordState): string[] {
  return [fields['owner'] ?? '', ...[...revenue, ...overlay].map(({ participant }) => participant)].filter(
    (seller) => seller !== '',
  );
}

/** The days on which a record may count. */
export function daysOf({ fields }: RecordState): LocalDate[] {
  return ['closed', 'date', 'paid'].flatMap((field) => fields[field] || []);
}

/** A blank amount counts as 0. */
export function amountOf(fields: RecordFields): Exact {
  const text = fields['amount'];
  return text === undefined || text === '' ? Exact.zero : Exact.parse(text);
}

function merged(fields: RecordFields, changes: Readonly<Record<string, string | null | undefined>>): RecordFields {
  let changed: Record<string, string> | undefined;
  for (const name in changes) {
    const value = changes[name];
    if (value === undefined || (value ?? '') === (fields[name] ?? '')) continue;
    changed ??= { ...fields };
    if (value === null) delete changed[name];
    else changed[name] = value;
  }
  return changed ?? fields;
}

function sharesOf(shares: Readonly<Record<string, string>>): readonly Share[] {
  return Object.entries(shares)
    .map(([participant, share]) => ({ participant, share: Exact.parse(share) }))
    .filter(({ share }) => !share.isZero());
}
