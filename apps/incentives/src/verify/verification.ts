import { Inject, Injectable } from '@nestjs/common';
import { createHistory, type Fact, type History } from '@attain/compensation';
import { decodeEvent } from '@attain/contracts';
import type { EventStore, ModelComparison, StoredEvent } from '@attain/eventsourcing';
import { EVENT_STORE, EventTransport } from '@attain/service';
import type { PeriodClosed } from '../periods/period.decider.js';
import { statementHash, statementId, type StatementIssued } from '../statements/statement.decider.js';
import { type Anchor, checkAnchor, type CheckedAnchor } from './anchor.rules.js';
import { Anchors } from './anchors.js';
import { compare, type Discrepancy, type IssuedHere } from './compare.rules.js';

export interface VerificationReport {
  /** Everything up to here was read. */
  position: string;
  events: number;
  periods: number;
  statements: number;
  discrepancies: Discrepancy[];
  /** Read models of this process, each compared with the log field by field. */
  models: ModelComparison[];
  /** Anchors that were given or are kept, each with what the log has at its place. */
  anchors: CheckedAnchor[];
  /** What nobody has checked, in words. */
  unchecked: string[];
  /** No discrepancy, no model that differs, no anchor that does. */
  agrees: boolean;
}

/** What lines follow from, and the closings. */
const categories = ['company', 'table', 'participant', 'relation', 'rate', 'quota', 'plan', 'account', 'deal', 'period', 'clock'];

@Injectable()
export class Verification {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(EventTransport) private readonly transport: EventTransport,
    @Inject(Anchors) private readonly anchors: Anchors,
  ) {}

  /**
   * Reads the log anew, closes each period again when exactly the facts of its cut are read, and compares with what was issued.
   * Nothing that a running service keeps in memory or in a read model is believed; read models are compared with the log, too, and the
   * log with its anchors.
   */
  async run(progress: (done: number, total: number) => void = () => {}, given: readonly Anchor[] = []): Promise<VerificationReport> {
    const head = await this.store.head();
    const anchors = await this.checkedAnchors(head, [...given, ...(await this.anchors.kept()).map(({ anchor }) => anchor)]);
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
    const models = await this.transport.compared();
    const agrees = discrepancies.length === 0 && models.every(({ differences }) => differences.length === 0) && anchors.every(({ found }) => found === 'agrees');
    return { position: String(head), events, periods: periods.length, statements: issued.size, discrepancies, models, anchors, unchecked: uncheckedBy(anchors, discrepancies), agrees };
  }

  private async checkedAnchors(head: bigint, anchors: readonly Anchor[]): Promise<CheckedAnchor[]> {
    const one = [...new Map(anchors.map((anchor) => [JSON.stringify(anchor), anchor])).values()].sort((a, b) => Number(BigInt(a.position) - BigInt(b.position)));
    const checked: CheckedAnchor[] = [];
    let [after, events] = [0n, 0];
    for (const anchor of one) {
      const position = BigInt(anchor.position);
      for await (const page of this.store.readAll({ after, upTo: position })) {
        events += page.length;
        after = page.at(-1)?.position ?? after;
      }
      checked.push(checkAnchor(anchor, { head, seal: await this.store.sealAt(position), events }));
    }
    return checked;
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

function uncheckedBy(anchors: readonly CheckedAnchor[], discrepancies: readonly Discrepancy[]): string[] {
  const unchecked = ['Sessions and passwords follow from no event, so nothing is compared with them.', 'Read models that other processes keep: ask each of them.'];
  if (anchors.length === 0) unchecked.push('No anchor was given or is kept: a log that was cut at its end, or written anew as a whole, is not found.');
  else unchecked.push(`What follows position ${anchors.at(-1)?.position}, that of the last anchor: a cut behind it is not found.`);
  if (discrepancies.some(({ code }) => code === 'DIFFERS' || code === 'RUN_HASH'))
    unchecked.push('A statement does not name the version of the engine that issued it: a change of the engine is not told apart from a changed fact.');
  return unchecked;
}
