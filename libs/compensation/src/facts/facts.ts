import type { Instant } from '@attain/values';
import type { RecordKind } from '@attain/contracts';
import { SourceRecord } from './records.js';
import { isRecording, kindOf, parentOf } from './related.rules.js';
import { reversalId } from './reversals.rules.js';
import {
  type DealFact,
  type Entry,
  type FactOf,
  type RelatedFact,
  type Stream,
  isDealFact,
  isRecordFact,
  isRelatedFact,
} from './entries.js';
import type { Fact } from './fact.js';
import { FactDays } from './fact-days.js';
import { firstNot, KnownOrder } from './known-order.js';
import { glance, lasting, RecordEntry, type StoredFacts } from './stored-facts.js';
import { resultOf, STEP } from './steps.js';
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
  head = 0n;

  readonly touched = new Touches((position) => this.movingAfter(position));
  readonly days = new FactDays();

  /** Records whose parent is not known yet, by the parent's stream. */
  private readonly orphans = new Map<string, SourceRecord[]>();

  private readonly alone = new Map<string, readonly string[]>();
  /** The record of the last fact. */
  private last: SourceRecord | undefined;
  private readonly byId = new Map<string, number>();
  private unnamed = 0;
  private readonly order = new KnownOrder();
  /** The positions of facts that can change no line. */
  private readonly still = new Set<number>();
  private known: Instant | '' = '';
  /**
   * For each acceptance of the clock, its first index in the order, and the instant by which all earlier facts were
   * known.
   */
  private readonly stretches: { from: number; least: Instant | '' }[] = [{ from: 0, least: '' }];

  append(fact: Fact): void {
    if (fact.position > this.head) this.take(undefined, fact);
  }

  /** Adds a fact that stays in its columns. */
  load(entry: RecordEntry): void {
    if (entry.at > Number(this.head)) this.take(entry, entry.read());
  }

  /** Leaves the facts about records after a position to stored columns that contain them. */
  settle(after: bigint, stored: StoredFacts): void {
    const from = this.order.upTo(Number(after));
    for (let row = 0; row < stored.count; row += 1) {
      const entry = this.order.at(from + row);
      if (entry instanceof RecordEntry) entry.settle(stored, row);
    }
  }

  /** The fact of an event id. */
  fact(id: string): Fact | undefined {
    resultOf(this.namedInSteps());
    const nth = this.byId.get(id);
    return nth === undefined ? undefined : this.order.at(nth).fact;
  }

  /** Lists the facts by their ids, which takes a second for a million deals. */
  *namedInSteps(): Generator<undefined, void> {
    for (; this.unnamed < this.order.length; this.unnamed += 1) {
      if (this.unnamed % STEP === 0) yield;
      this.byId.set(this.order.id(this.unnamed), this.unnamed);
    }
  }

  /** The facts behind the position `after` up to and including `upTo`, in order. */
  between(after: bigint, upTo: bigint): Fact[] {
    const [from, end] = [this.order.upTo(Number(after)), this.order.upTo(Number(upTo))];
    return Array.from({ length: end - from }, (_, i) => glance(this.order.at(from + i)));
  }

  /** Position of the last fact known at or before an instant; 0 when there is none. */
  positionAt(known: Instant): number {
    const nth = this.stretches.findLastIndex(({ least }) => least <= known);
    const [from, end] = [this.stretches[nth]?.from ?? 0, this.stretches[nth + 1]?.from ?? this.order.length];
    const count = from + firstNot(end - from, (i) => glance(this.order.at(from + i)).recorded <= known);
    return count === 0 ? 0 : this.order.position(count - 1);
  }

  /** The facts behind a position that can change a line, in order. */
  *movingAfter(position: number): Generator<Entry> {
    for (let nth = this.order.upTo(position); nth < this.order.length; nth += 1) {
      const entry = this.order.at(nth);
      if (!this.still.has(entry.at)) yield entry;
    }
  }

  /**
   * The instant at which the last fact became known, of all facts or of those up to a position; empty without facts.
   */
  lastKnown(position = Infinity): Instant {
    const count = this.order.upTo(position);
    return count === 0 ? '' : glance(this.order.at(count - 1)).recorded;
  }

  /**
   * The earlier facts were known when the clock was accepted, even if a clock that was ahead gave them later instants.
   */
  private beginStretch(accepted: Instant): void {
    for (const stretch of this.stretches) if (stretch.least > accepted) stretch.least = accepted;
    this.stretches.push({ from: this.order.length, least: accepted });
  }

  private take(stored: RecordEntry | undefined, read: Fact): void {
    if (read.type === 'ClockAccepted') this.beginStretch(read.recorded);
    const last = read.type === 'ClockAccepted' ? '' : this.known;
    const stretch = this.stretches.length - 1;
    // If several processes write one log, an instant may be earlier than the one before it; a fact never becomes known
    // earlier than those before it.
    const isMoved = read.recorded < last || stretch > 0;
    const fact: Fact = isMoved ? { ...read, recorded: read.recorded < last ? last : read.recorded, stretch } : read;
    this.head = fact.position;
    this.known = fact.recorded;
    const at = Number(fact.position);
    const isStored = stored !== undefined && !isMoved;
    const entry = !isRecordFact(fact) ? { at, fact } : isStored ? stored : new RecordEntry(at, null, fact);
    this.order.push(entry);
    if (isDealFact(fact)) this.appendDeal(entry as Entry<DealFact>, fact);
    else if (isRelatedFact(fact)) this.appendRelated(entry as Entry<RelatedFact>, fact);
    else this.appendOther(entry, fact);
  }

  private appendDeal(entry: Entry<DealFact>, fact: DealFact): void {
    const { at } = entry;
    let deal = this.recordOf(fact.stream);
    if (deal === undefined) {
      if (fact.type !== 'DealOpened')
        throw new Error(`${fact.stream}: ${fact.type} before DealOpened (position ${fact.position})`);
      deal = this.added(new SourceRecord(fact.stream, fact.data.source, fact.data.id));
    }
    deal.add(entry);
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
        this.reversed(deal, entry as Entry<FactOf<'DealReversed'>>, fact);
        break;
    }
    this.touched.note(fact, deal, at);
  }

  /** Adds a fact about an item, an invoice, a payment or an activity. */
  private appendRelated(entry: Entry<RelatedFact>, fact: RelatedFact): void {
    let record = this.recordOf(fact.stream);
    if (record === undefined) {
      if (!isRecording(fact))
        throw new Error(`${fact.stream}: ${fact.type} before it was recorded (position ${fact.position})`);
      record = this.added(new SourceRecord(fact.stream, fact.data.source, fact.data.id, kindOf(fact)));
    }
    record.add(entry);
    if (isRecording(fact)) {
      this.holds(record, fact.data.fields['owner']);
      this.dates(fact.data.fields);
      const stream = parentOf(fact);
      if (stream !== null && !record.parents.has(stream)) this.belongs(record, stream);
    } else if (fact.type === 'InvoiceReversed') this.reversed(record, entry as Entry<FactOf<'InvoiceReversed'>>, fact);
    this.touched.note(fact, record, entry.at);
  }

  /** Neighbouring facts often concern the same record. */
  private recordOf(stream: string): SourceRecord | undefined {
    if (this.last?.stream !== stream) this.last = this.records.get(stream);
    return this.last;
  }

  private added(record: SourceRecord): SourceRecord {
    this.last = record;
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

  private reversed(
    record: SourceRecord,
    entry: Entry<FactOf<'DealReversed' | 'InvoiceReversed'>>,
    { data: { date, kind, reversal } }: FactOf<'DealReversed' | 'InvoiceReversed'>,
  ): void {
    this.date(date);
    this.reversals.push(lasting(entry));
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

  private appendOther(entry: Entry, fact: Exclude<Fact, DealFact>): void {
    const { at } = entry;
    if (fact.type === 'SourceMapped') this.sources.add(fact.data.source);
    if (!this.add(fact, at)) {
      this.still.add(at);
      return;
    }
    if (fact.type === 'LeaveRecorded' || fact.type === 'LeaveRetracted') this.date(fact.data.from);
    if (fact.type === 'ReleaseApproved') this.days.note(fact.data.date, at);
    this.touched.note(fact, undefined, at);
  }
}

/** Any field may be the date of a measure; a text that only looks like a date does no harm. */
export function looksLikeDate(text: string | null | undefined): text is string {
  return typeof text === 'string' && text.length === 10 && text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45;
}
