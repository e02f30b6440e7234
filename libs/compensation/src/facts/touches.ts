import type { SourceRecord } from './records.js';
import { type Entry, isRecordFact } from './entries.js';
import type { Fact } from './fact.js';

/**
 * The positions of the last facts that touch records, quotas, scores or everybody. A computed value is valid until one
 * of the positions that it depends on rises.
 */
export class Touches {
  private readonly ofRecords = new Map<string, number>();
  private readonly ofScores = new Map<string, number>();
  private readonly ofQuotas = new Map<string, number>();
  anyRecord = 0;
  anyQuota = 0;
  /** Of people, plans, rates and all other facts that may touch everybody. */
  settings = 0;

  /** `after`: the facts that touched something after a position, in order. */
  constructor(private readonly after: (position: number) => Iterable<Entry>) {}

  /** Of the records that a participant has ever held. */
  records(holder: string): number {
    return this.ofRecords.get(holder) ?? 0;
  }

  /** Of the quotas for a person, a team, a region or the company. */
  quotas(forWhom: string): number {
    return this.ofQuotas.get(forWhom) ?? 0;
  }

  /** Of the scores of a participant. */
  scores(participant: string): number {
    return this.ofScores.get(participant) ?? 0;
  }

  note(fact: Fact, record: SourceRecord | undefined, at: number): void {
    if (record !== undefined) {
      this.noteRecord(record, at);
      this.anyRecord = at;
      return;
    }
    switch (fact.type) {
      case 'QuotaAssigned':
      case 'QuotaChanged':
      case 'QuotaWithdrawn':
        this.ofQuotas.set(fact.data.for, at);
        this.anyQuota = at;
        return;
      case 'ScoreRecorded':
      case 'ScoreRetracted':
        this.ofScores.set(fact.data.participant, at);
        return;
      default:
        this.settings = at;
    }
  }

  /** A fact about a record touches everybody who holds the record or the record that it belongs to. */
  private noteRecord({ holders, related }: SourceRecord, at: number): void {
    for (const holder of holders) this.ofRecords.set(holder, at);
    for (const other of related) this.noteRecord(other, at);
  }

  /**
   * The streams of the records touched after a position; null if more than `most` facts came, or if one of them touches
   * everybody.
   */
  recordsAfter(position: number, most: number): ReadonlySet<string> | null {
    if (this.settings > position) return null;
    const streams = new Set<string>();
    let looked = 0;
    for (const { fact } of this.after(position)) {
      looked += 1;
      if (looked > most) return null;
      if (isRecordFact(fact)) streams.add(fact.stream);
    }
    return streams;
  }
}
