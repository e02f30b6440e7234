import { Inject, Injectable } from '@nestjs/common';
import { createHistory, type Fact, type History } from '@attain/compensation';
import { decodeEvent } from '@attain/contracts';
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

/** What lines follow from, and the closings. */
const categories = ['company', 'table', 'participant', 'relation', 'rate', 'quota', 'plan', 'account', 'deal', 'period'];

@Injectable()
export class Verification {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /**
   * Reads the log anew, closes each period again when exactly the facts of its cut are read, and compares with what was issued.
   * Nothing that a running service keeps in memory or in a read model is believed.
   */
  async run(progress: (done: number, total: number) => void = () => {}): Promise<VerificationReport> {
    const head = await this.store.head();
    const runs = runsOf(await this.all<PeriodClosed>('period', 'PeriodClosed', head));
    const issued = new Map((await this.all<StatementIssued>('statement', 'StatementIssued', head)).map((data) => [statementId(data.participant, data.period), issuedHere(data)]));
    const periods = runs.flat();
    const discrepancies: Discrepancy[] = [...issued.values()]
      .filter(({ period }) => !periods.some((closed) => closed.period === period))
      .map(({ participant, period, hash }) => ({ code: 'NOT_CLOSED', period, participant, issued: hash, recomputed: null }));

    const history = createHistory();
    let [events, next] = [0, 0];
    for await (const page of this.store.readAll({ categories, upTo: head })) {
      for (const stored of page) {
        while (next < runs.length && BigInt(runs[next]![0]!.position) < stored.position) discrepancies.push(...closedAgain(history, runs[next++]!, issued));
        history.append([factOf(stored)]);
      }
      events += page.length;
      progress(Number(page.at(-1)?.position ?? 0n), Number(head));
      await new Promise(setImmediate);
    }
    return { position: String(head), events, periods: periods.length, statements: issued.size, discrepancies, agrees: discrepancies.length === 0 };
  }

  private async all<E extends { type: string; data: unknown }>(category: string, of: E['type'], upTo: bigint): Promise<E['data'][]> {
    const all: E['data'][] = [];
    for await (const page of this.store.readAll({ categories: [category], upTo })) {
      for (const { type, version, data } of page) if (type === of) all.push(decodeEvent(type, version, data).data);
    }
    return all;
  }
}

type Closed = PeriodClosed['data'];

/** Periods that one request closed, together; in the order of their cuts. */
function runsOf(closed: readonly Closed[]): Closed[][] {
  return [...Map.groupBy(closed, ({ position, known }) => `${position} ${known}`).values()];
}

function closedAgain(history: History, run: readonly Closed[], issued: ReadonlyMap<string, IssuedHere>): Discrepancy[] {
  const { period: last, known } = run.at(-1)!;
  const closings = new Map(history.closings(last, known).map((closing) => [closing.period.name, closing]));
  return run.flatMap((period) => {
    const { statements = [], runHash = '' } = closings.get(period.period) ?? {};
    return compare(period, { recomputed: new Map(statements.map((statement) => [statementId(statement.participant, statement.period), statement])), runHash }, issued);
  });
}

function factOf({ id, position, stream, type, version, data, meta }: StoredEvent): Fact {
  return { ...decodeEvent(type, version, data), id, position, stream, recorded: meta.recorded };
}

function issuedHere({ participant, period, statement, hash }: StatementIssued['data']): IssuedHere {
  return { participant, period, hash, content: statementHash(statement) };
}
