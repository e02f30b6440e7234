import { Inject, Injectable } from '@nestjs/common';
import { createHistory, type Fact } from '@attain/compensation';
import { decodeEvent, eventTypes } from '@attain/contracts';
import type { EventStore, StoredEvent } from '@attain/eventsourcing';
import { EVENT_STORE } from '@attain/service';
import type { PeriodClosed } from '../periods/period.decider.js';
import { statementHash, statementId, type StatementIssued } from '../statements/statement.decider.js';
import { compare, type Discrepancy, type IssuedHere } from './compare.rules.js';

export interface VerificationReport {
  /** Everything up to here was read. */
  position: string;
  events: number;
  periods: number;
  statements: number;
  discrepancies: Discrepancy[];
  /** No discrepancy. */
  agrees: boolean;
}

/** Categories that no line follows from. */
const apart = new Set(['statement', 'import', 'quarantine', 'source']);

@Injectable()
export class Verification {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /**
   * Reads the whole log anew, recomputes every statement of every closed period from what stood before its cut, and compares with
   * what was issued. Nothing that a running service keeps in memory or in a read model is believed.
   */
  async run(progress: (done: number, total: number) => void = () => {}): Promise<VerificationReport> {
    const head = await this.store.head();
    const history = createHistory();
    const closed: PeriodClosed['data'][] = [];
    const issued = new Map<string, IssuedHere>();
    const discrepancies: Discrepancy[] = [];
    let events = 0;
    for await (const page of this.store.readAll({ categories: categories(), upTo: head })) {
      for (const stored of page) {
        const fact = factOf(stored);
        if (fact.type === 'PeriodClosed') closed.push(fact.data);
        if (fact.type === 'StatementIssued') issued.set(statementId(fact.data.participant, fact.data.period), issuedHere(stored, fact.data));
        if (!apart.has(stored.category)) history.append([fact]);
      }
      events += page.length;
      progress(Number(page.at(-1)?.position ?? 0n), Number(head));
      await new Promise(setImmediate);
    }
    for (const period of closed) {
      const recomputed = new Map(history.statements(period.period).map((statement) => [statementId(statement.participant, statement.period), statement]));
      discrepancies.push(...compare(period, { recomputed, runHash: history.runHash(period.period) }, issued));
      await new Promise(setImmediate);
    }
    const periods = new Set(closed.map(({ period }) => period));
    for (const { participant, period } of issued.values()) {
      if (!periods.has(period)) discrepancies.push({ code: 'NOT_CLOSED', period, participant, issued: null, recomputed: null });
    }
    return { position: String(head), events, periods: closed.length, statements: issued.size, discrepancies, agrees: discrepancies.length === 0 };
  }
}

function categories(): string[] {
  return [...new Set([...eventTypes.values()].map(({ category }) => category))].filter((category) => category === 'statement' || !apart.has(category));
}

function factOf({ id, position, stream, type, version, data, meta }: StoredEvent): Fact {
  return { ...decodeEvent(type, version, data), id, position, stream, recorded: meta.recorded };
}

function issuedHere({ stream }: StoredEvent, { participant, period, statement, hash }: StatementIssued['data']): IssuedHere {
  return { stream, participant, period, hash, content: statementHash(statement) };
}
