import type { Instant } from '@attain/values';
import type { RecordKind } from '@attain/contracts';
import { SourceRecord, evolved } from './records.js';
import { isRecording, kindOf, parentOf } from './related.rules.js';
import { reversalId } from './reversals.rules.js';
import {
  type DealFact,
  type Entry,
  type FactOf,
  type RelatedFact,
  type Stream,
  isDealFact,
  isRelatedFact,
} from './entries.js';
import type { Fact } from './fact.js';
import { FactDays } from './fact-days.js';
import { FactStreams, push } from './streams.js';
import { Touches } from './touches.js';

/**
 * All facts, append-only, arranged by the record that they concern. Nothing here depends on a cut: a state is folded
 * from the entries of a view.
 */
export class Facts extends FactStreams {
  /** By their stream. */
  readonly records = new Map<string, SourceRecord>();
  /** By kind; each in the order in which the records became known. */
  readonly ofKind: Readonly<Record<RecordKind, SourceRecord[]>> = {
    deals: [],
    items: [],
    invoices: [],
    payments: [],
    activities: [],
  };
  readonly reversals: Stream<FactOf<'DealReversed' | 'InvoiceReversed'>> = [];
  /** Names of the systems whose exports are imported. */
  readonly sources = new Set<string>();
  /** The records that each participant has ever held. */
  readonly recordsOf = new Map<string, SourceRecord[]>();
  /** The facts that can change a line, in order. */
  readonly moving: Entry[] = [];
  head = 0n;

  readonly touched = new Touches((position) => this.movingAfter(position));
  readonly days = new FactDays();

  /** Records whose parent is not known yet, by the parent's stream. */
  private readonly orphans = new Map<string, SourceRecord[]>();

  private readonly alone = new Map<string, readonly string[]>();
  private readonly byId = new Map<string, Fact>();
  private unnamed = 0;
  private readonly order: Fact[] = [];
  /**
   * For each acceptance of the clock, its first index in the order, and the instant by which all earlier facts were
   * known.
   */
  private readonly stretches: { from: number; least: Instant | '' }[] = [{ from: 0, least: '' }];

  append(received: Fact): void {
    if (received.position <= this.head) return;
    if (received.type === 'ClockAccepted') this.beginStretch(received.recorded);
    const last = received.type === 'ClockAccepted' ? '' : (this.order.at(-1)?.recorded ?? '');
    const stretch = this.stretches.length - 1;
    // If several processes write one log, an instant may be earlier than the one before it; a fact never becomes known
    // earlier than those before it.
    const fact: Fact =
      received.recorded < last || stretch > 0
        ? { ...received, recorded: received.recorded < last ? last : received.recorded, stretch }
        : received;
    this.head = fact.position;
    this.order.push(fact);
    const at = Number(fact.position);
    if (isDealFact(fact)) return this.appendDeal(fact, at);
    if (isRelatedFact(fact)) return this.appendRelated(fact, at);
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

  /** The facts behind the position `after` up to and including `upTo`, in order. */
  between(after: bigint, upTo: bigint): Fact[] {
    const count = (position: bigint) => countWhile(this.order, (fact) => fact.position <= position);
    return this.order.slice(count(after), count(upTo));
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

  /** The facts behind a position that can change a line, in order. */
  *movingAfter(position: number): Generator<Entry> {
    const { moving } = this;
    for (let i = countWhile(moving, ({ at }) => at <= position); i < moving.length; i += 1) yield moving[i]!;
  }

  /**
   * The instant at which the last fact became known, of all facts or of those up to a position; empty without facts.
   */
  lastKnown(position = Infinity): Instant {
    return this.order.findLast((fact) => Number(fact.position) <= position)?.recorded ?? '';
  }

  /**
   * The earlier facts were known when the clock was accepted, even if a clock that was ahead gave them later instants.
   */
  private beginStretch(accepted: Instant): void {
    for (const stretch of this.stretches) if (stretch.least > accepted) stretch.least = accepted;
    this.stretches.push({ from: this.order.length, least: accepted });
  }

  private appendDeal(fact: DealFact, at: number): void {
    let deal = this.records.get(fact.stream);
    if (deal === undefined) {
      if (fact.type !== 'DealOpened')
        throw new Error(`${fact.stream}: ${fact.type} before DealOpened (position ${fact.position})`);
      deal = this.added(new SourceRecord(fact.stream, fact.data.source, fact.data.id));
    }
    const entry = { at, fact };
    deal.add(entry);
    deal.current = evolved(deal.current, deal, at, fact);
    this.moving.push(entry);
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
        this.reversed(deal, { at, fact });
        break;
    }
    this.touched.note(fact, deal, at);
  }

  /** Adds a fact about an item, an invoice, a payment or an activity. */
  private appendRelated(fact: RelatedFact, at: number): void {
    let record = this.records.get(fact.stream);
    if (record === undefined) {
      if (!isRecording(fact))
        throw new Error(`${fact.stream}: ${fact.type} before it was recorded (position ${fact.position})`);
      record = this.added(new SourceRecord(fact.stream, fact.data.source, fact.data.id, kindOf(fact)));
    }
    const entry = { at, fact };
    record.add(entry);
    this.moving.push(entry);
    if (isRecording(fact)) {
      this.holds(record, fact.data.fields['owner']);
      this.dates(fact.data.fields);
      const stream = parentOf(fact);
      if (stream !== null && !record.parents.has(stream)) this.belongs(record, stream);
    } else if (fact.type === 'InvoiceReversed') this.reversed(record, { at, fact });
    this.touched.note(fact, record, at);
  }

  private added(record: SourceRecord): SourceRecord {
    this.records.set(record.stream, record);
    this.ofKind[record.of].push(record);
    for (const related of this.orphans.get(record.stream) ?? []) this.join(related, record);
    this.orphans.delete(record.stream);
    return record;
  }

  private belongs(record: SourceRecord, stream: string): void {
    const parent = this.records.get(stream);
    if (parent === undefined) push(this.orphans, stream, record);
    else this.join(record, parent);
  }

  private join(record: SourceRecord, parent: SourceRecord): void {
    // A record that was recorded twice before its parent is among the orphans twice.
    if (record.parents.has(parent.stream)) return;
    record.parents = new Map([...record.parents, [parent.stream, parent]]);
    parent.related = [...parent.related, record];
    for (const holder of parent.holders) this.holds(record, holder);
  }

  private reversed(record: SourceRecord, entry: Entry<FactOf<'DealReversed' | 'InvoiceReversed'>>): void {
    const { date, kind, reversal } = entry.fact.data;
    this.date(date);
    this.reversals.push(entry);
    if (kind !== 'refunded') return;
    const stream = `${record.stream}\u0000${reversal}`;
    let refund = this.records.get(stream);
    if (refund === undefined) {
      refund = this.added(new SourceRecord(stream, record.source, reversalId(this, reversal), 'payments', reversal));
      this.join(refund, record);
    }
    refund.add(entry);
  }

  private holds(record: SourceRecord, holder: string | undefined): void {
    if (holder === undefined || holder === '' || record.holders.includes(holder)) return;
    record.holders = this.together(record.holders, holder);
    push(this.recordsOf, holder, record);
    for (const related of record.related) this.holds(related, holder);
  }

  /**
   * Records with the same single holder share one list, because most records have one holder and each holder has many
   * records.
   */
  private together(holders: readonly string[], holder: string): readonly string[] {
    if (holders.length > 0) return [...holders, holder];
    let alone = this.alone.get(holder);
    if (alone === undefined) this.alone.set(holder, (alone = [holder]));
    return alone;
  }

  private dates(fields: Readonly<Record<string, string | null>>): void {
    for (const name in fields) {
      const value = fields[name];
      if (looksLikeDate(value)) this.date(value);
    }
  }

  private date(date: string): void {
    this.days.cut(date, Number(this.head));
  }

  private appendOther(fact: Exclude<Fact, DealFact>, at: number): void {
    if (fact.type === 'SourceMapped') this.sources.add(fact.data.source);
    if (!this.add(fact, at)) return;
    if (fact.type === 'LeaveRecorded' || fact.type === 'LeaveRetracted') this.date(fact.data.from);
    if (fact.type === 'ReleaseApproved') this.days.note(fact.data.date, at);
    this.moving.push({ at, fact });
    this.touched.note(fact, undefined, at);
  }
}

/** Any field may be the date of a measure; a text that only looks like a date does no harm. */
export function looksLikeDate(text: string | null | undefined): text is string {
  return typeof text === 'string' && text.length === 10 && text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45;
}

/** The number of first items for which `holds` is true; it must be true only for first items. */
function countWhile<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(items[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
