import { Inject, Injectable } from '@nestjs/common';
import { createHistory, engineVersion, type Fact, type History } from '@attain/compensation';
import { decodeEvent, statementHash } from '@attain/contracts';
import { type EventStore, type ModelComparison, type StoredEvent } from '@attain/eventsourcing';
import {
  EVENT_STORE,
  EventTransport,
  historyCategories,
  inTurns,
  type ProcessComparison,
  serviceNames,
  TOPOLOGY,
  type Topology,
  Turns,
} from '@attain/service';
import type { PeriodClosed } from '../periods/period.decider.js';
import { statementId } from '../statements/statement.decider.js';
import { type Issued, JoinedStatements } from '../statements/stored-statements.js';
import { type Anchor, checkAnchor, type CheckedAnchor } from './anchor.rules.js';
import { Anchors } from './anchors.js';
import { OtherServices, type Unasked, wasAsked } from './other-services.js';
import { compareInSteps, type Discrepancy, type IssuedHere, type OtherWords } from './compare.rules.js';

export interface VerificationReport {
  /** Everything up to here was read. */
  position: string;
  events: number;
  periods: number;
  statements: number;
  discrepancies: Discrepancy[];
  /** The process whose read models were compared. */
  process: string;
  /** Other processes keep read models of this company. */
  elsewhere: boolean;
  /** The comparison of each process, or the reason why it did not answer. */
  others: (ProcessComparison | Unasked)[];
  /** Read models of this process, each compared with the log field by field. */
  models: ModelComparison[];
  /** Given and stored anchors, each with the state of the log at its position. */
  anchors: CheckedAnchor[];
  /** The parts that were not checked, as sentences. */
  unchecked: string[];
  /** Whether there is no discrepancy, and no model or anchor differs, here or elsewhere. */
  agrees: boolean;
}

type Others = Pick<Turns, 'next'>;

/** Milliseconds of work after which other requests are served: short, because the work is long. */
const TURN = 10;
/** Events that are parsed at once. */
const PAGE = 100;
/** The share of each kind of work in the progress. */
const SHARES = { log: 0.3, statements: 0.3, models: 0.4 };
/** A statement is computed, hashed and compared. */
const STEPS_OF_STATEMENT = 3;

/** The progress of all kinds of work, as events of the log. */
class Steps {
  private readonly done = { log: 0, statements: 0, models: 0 };

  constructor(
    private readonly head: number,
    private readonly progress: (done: number, total: number) => void,
  ) {}

  advance(kind: keyof typeof SHARES, share: number): void {
    this.done[kind] = Math.min(1, share);
    const { log, statements, models } = this.done;
    const done = log * SHARES.log + statements * SHARES.statements + models * SHARES.models;
    this.progress(Math.round(this.head * done), this.head);
  }
}

/** Statements of periods that nobody closed. */
function notClosed(issued: ReadonlyMap<string, IssuedHere>, periods: readonly Closed[]): Discrepancy[] {
  return [...issued.values()]
    .filter(({ period }) => !periods.some((closed) => closed.period === period))
    .map(({ participant, period, hash, engine }) => ({
      code: 'NOT_CLOSED',
      period,
      participant,
      issued: hash,
      recomputed: null,
      engine,
    }));
}

@Injectable()
export class Verification {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(EventTransport) private readonly transport: EventTransport,
    @Inject(Anchors) private readonly anchors: Anchors,
    @Inject(TOPOLOGY) private readonly topology: Topology,
    @Inject(OtherServices) private readonly otherServices: OtherServices,
  ) {}

  /**
   * Reads the log, closes each period again from exactly the facts of its cut, and compares the result with the issued statements.
   * It uses no memory and no read model of a running service. It also compares read models with the log, and the log with its anchors.
   * Other requests are served meanwhile; events after the head at the start are not read.
   */
  async run(
    progress: (done: number, total: number) => void = () => {},
    given: readonly Anchor[] = [],
    signal?: AbortSignal,
  ): Promise<VerificationReport> {
    const turns = new Turns(TURN);
    const others: Others = {
      next: async () => {
        await turns.next();
        signal?.throwIfAborted();
      },
    };
    const head = await this.store.head();
    const anchors = await this.checkedAnchors(
      head,
      [...given, ...(await this.anchors.kept()).map(({ anchor }) => anchor)],
      others,
    );
    const [runs, issued] = [runsOf(await this.closed(head, others)), await this.issued(head, others)];
    const periods = runs.flat();
    const steps = new Steps(Number(head), progress);
    const again = await this.closedAgain(head, runs, issued, others, steps);
    const { events, otherWords } = again;
    const discrepancies = [...notClosed(issued, periods), ...again.discrepancies];
    const { name: process, whole } = this.topology;
    const own = whole ? 1 : 1 / serviceNames.length;
    const models = await this.transport.compared({
      turn: others.next,
      progress: (share) => steps.advance('models', share * own),
    });
    const elsewhere = await this.otherServices.compared(signal, (share) =>
      steps.advance('models', own + share * (1 - own)),
    );
    const modelsAgree =
      models.every(({ differences }) => differences.length === 0) &&
      elsewhere.every((other) => !wasAsked(other) || other.agrees);
    const agrees = discrepancies.length === 0 && modelsAgree && anchors.every(({ found }) => found === 'agrees');
    const unasked = elsewhere.flatMap((other) =>
      wasAsked(other) ? [] : [`The read models of ${other.process}: ${other.problem}`],
    );
    const unchecked = [...unasked, ...uncheckedBy(anchors, discrepancies, otherWords)];
    return {
      position: String(head),
      events,
      periods: periods.length,
      statements: issued.size,
      discrepancies,
      process,
      elsewhere: !whole,
      others: elsewhere,
      models,
      anchors,
      unchecked,
      agrees,
    };
  }

  /** Closes each period again, from exactly the facts of its cut. */
  private async closedAgain(
    head: bigint,
    runs: readonly (readonly Closed[])[],
    issued: ReadonlyMap<string, IssuedHere>,
    others: Others,
    steps: Steps,
  ): Promise<{ events: number; otherWords: number; discrepancies: Discrepancy[] }> {
    let taken = 0;
    const closing: Others = {
      next() {
        steps.advance('statements', (taken += 1) / (issued.size * STEPS_OF_STATEMENT));
        return others.next();
      },
    };
    const history = createHistory();
    const discrepancies: Discrepancy[] = [];
    let [events, next, otherWords] = [0, 0, 0];
    for await (const page of this.store.readAll({ categories: historyCategories, upTo: head, page: PAGE })) {
      for (const stored of page) {
        while (next < runs.length && BigInt(runs[next]![0]!.position) < stored.position) {
          for (const found of await closedAgain(history, runs[next++]!, issued, closing)) {
            if (found.code === 'WORDS') otherWords += 1;
            else discrepancies.push(found);
          }
        }
        history.append([factOf(stored)]);
        await others.next();
      }
      events += page.length;
      steps.advance('log', Number(page.at(-1)?.position ?? 0n) / Number(head));
    }
    steps.advance('log', 1);
    steps.advance('statements', 1);
    return { events, otherWords, discrepancies };
  }

  private async checkedAnchors(head: bigint, anchors: readonly Anchor[], others: Others): Promise<CheckedAnchor[]> {
    const one = [...new Map(anchors.map((anchor) => [JSON.stringify(anchor), anchor])).values()].sort((a, b) =>
      Number(BigInt(a.position) - BigInt(b.position)),
    );
    const checked: CheckedAnchor[] = [];
    let [after, events] = [0n, 0];
    for (const anchor of one) {
      const position = BigInt(anchor.position);
      for await (const page of this.store.readAll({ after, upTo: position, page: PAGE })) {
        events += page.length;
        after = page.at(-1)?.position ?? after;
        await others.next();
      }
      checked.push(checkAnchor(anchor, { head, seal: await this.store.sealAt(position), events }));
    }
    return checked;
  }

  private async closed(upTo: bigint, others: Others): Promise<Closed[]> {
    const closed: Closed[] = [];
    for await (const { type, version, data } of this.all('period', upTo, others))
      if (type === 'PeriodClosed') closed.push(decodeEvent(type, version, data).data as Closed);
    return closed;
  }

  private async issued(upTo: bigint, others: Others): Promise<Map<string, IssuedHere>> {
    const issued = new Map<string, IssuedHere>();
    const statements = new JoinedStatements();
    for await (const event of this.all('statement', upTo, others)) {
      const whole = statements.take(event);
      if (whole === undefined) continue;
      const one = issuedHere(whole);
      issued.set(statementId(one.participant, one.period), one);
    }
    return issued;
  }

  private async *all(category: string, upTo: bigint, others: Others): AsyncGenerator<StoredEvent> {
    for await (const page of this.store.readAll({ categories: [category], upTo, page: PAGE })) {
      for (const event of page) {
        yield event;
        await others.next();
      }
    }
  }
}

type Closed = PeriodClosed['data'];

/** Periods that one request closed, together; in the order of their cuts. */
function runsOf(closed: readonly Closed[]): Closed[][] {
  return [...Map.groupBy(closed, ({ position, known }) => `${position} ${known}`).values()];
}

async function closedAgain(
  history: History,
  run: readonly Closed[],
  issued: ReadonlyMap<string, IssuedHere>,
  others: Others,
): Promise<(Discrepancy | OtherWords)[]> {
  const { period: last, known } = run.at(-1)!;
  const closings = new Map(
    (await inTurns(history.closingsInSteps(last, known), others)).map((closing) => [closing.period.name, closing]),
  );
  const found: (Discrepancy | OtherWords)[] = [];
  for (const period of run) {
    const { statements = [], runHash = '' } = closings.get(period.period) ?? {};
    const recomputed = new Map(
      statements.map((statement) => [statementId(statement.participant, statement.period), statement]),
    );
    found.push(...(await inTurns(compareInSteps(period, { recomputed, runHash }, issued), others)));
  }
  return found;
}

function factOf({ id, position, stream, type, version, data, meta }: StoredEvent): Fact {
  return { ...decodeEvent(type, version, data), id, position, stream, recorded: meta.recorded };
}

function issuedHere({ participant, period, statement, hash, hashRule, engine }: Issued): IssuedHere {
  return {
    participant,
    period,
    hash,
    content: statementHash(statement, hashRule),
    pays: statementHash(statement),
    hashRule,
    engine,
  };
}

function uncheckedBy(
  anchors: readonly CheckedAnchor[],
  discrepancies: readonly Discrepancy[],
  otherWords: number,
): string[] {
  const unchecked = ['Sessions and passwords follow from no event, so nothing is compared with them.'];
  if (anchors.length === 0)
    unchecked.push(
      'No anchor was given or is kept: a log that was cut at its end, or written anew as a whole, is not found.',
    );
  else
    unchecked.push(
      `What follows position ${anchors.at(-1)?.position}, that of the last anchor: a cut behind it is not found.`,
    );
  if (otherWords > 0)
    unchecked.push(
      `The explanations inside ${otherWords} statements of older engines: they pay what is computed now, and explain it in other words.`,
    );
  if (discrepancies.some(({ code }) => code === 'RUN_HASH'))
    unchecked.push(
      'A closed period does not name its engine, so a change of the engine cannot be distinguished from a changed fact.',
    );
  const engines = new Set(
    discrepancies.flatMap(({ code, engine }) =>
      code === 'DIFFERS' && engine !== engineVersion
        ? [engine === null ? 'an engine that did not name itself' : `engine ${engine}`]
        : [],
    ),
  );
  for (const engine of [...engines].sort())
    unchecked.push(
      `Statements that differ were issued by ${engine}, and this is engine ${engineVersion}: a change of the engine cannot be distinguished from a changed fact.`,
    );
  return unchecked;
}
