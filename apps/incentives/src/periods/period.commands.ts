import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Closing } from '@attain/compensation';
import {
  type Clock,
  type Context,
  type EventStore,
  type Executor,
  type Outcome,
  type ReadModels,
  Refused,
} from '@attain/eventsourcing';
import {
  CLOCK,
  EVENT_STORE,
  EXECUTOR,
  type FedHistory,
  HISTORY,
  inTurns,
  NotReady,
  READ_MODELS,
} from '@attain/service';
import { dateOf, type Instant } from '@attain/values';
import { issuedStatementsProjection, WHOLE } from '../statements/issued-statements.projection.js';
import { accepted, type CloseControls, closingsOf, type OpenException } from './closing.rules.js';
import { type PeriodClosed, periodDecider, type Reckoning } from './period.decider.js';

export interface Closed extends Outcome {
  /** All closed periods, in order; the requested one is the last. */
  closed: string[];
  /** Statements issued for them. */
  statements: number;
}
type Progress = (done: number, total: number) => void;

/** Milliseconds without a new statement after which a close stops waiting. */
const patience = 60_000;

@Injectable()
export class PeriodCommands {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODELS) private readonly models: ReadModels,
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Closes a period and every earlier one; resolves when all their statements are issued. Refused PERIOD_CLOSED, PERIOD_UNKNOWN and
   * PERIOD_NOT_OVER; with controls also CLOSES_MORE and OPEN_EXCEPTIONS. One at a time, because each close depends on
   * the payments of the close before.
   */
  close(
    period: string,
    context: Context,
    { controls, progress = () => {} }: { controls?: CloseControls; progress?: Progress } = {},
  ): Promise<Closed> {
    const mine = this.turn.then(() => this.closeInTurn(period, context, controls, progress));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async closeInTurn(
    period: string,
    context: Context,
    controls: CloseControls | undefined,
    progress: Progress,
  ): Promise<Closed> {
    await this.history.reached(await this.store.head());
    const reckoned = await this.reckon(period, context.recorded ?? this.clock(), controls);
    const { key: _, ...unkeyed } = context;
    const asked = reckoned instanceof Refused ? undefined : reckoned.get(period);
    // If a period may not be closed, no earlier one is closed either. A repeated request is answered without computing.
    if (asked && !(reckoned instanceof Refused)) {
      for (const [earlier, reckoning] of reckoned)
        if (earlier !== period) await this.execute(earlier, () => reckoning, unkeyed);
    }
    const outcome = await this.execute(
      period,
      () => {
        if (asked) return asked;
        throw reckoned instanceof Refused ? reckoned : new Refused('PERIOD_CLOSED', `${period} is closed`);
      },
      context,
      controls,
    );
    const closed = await this.closedWith(period);
    const statements = closed.reduce((sum, { participants }) => sum + participants, 0);
    const names = closed.map((one) => one.period);
    await this.untilIssued(names, statements, progress);
    return { ...outcome, closed: names, statements };
  }

  private execute(
    period: string,
    reckon: () => Reckoning,
    context: Context,
    controls: CloseControls = {},
  ): Promise<Outcome> {
    return this.executor.execute(periodDecider(reckon), period, { do: 'close', period, ...controls }, context);
  }

  /** The facts and statements of each period, in order of closing; a refusal as a value. */
  private async reckon(
    period: string,
    now: Instant,
    controls: CloseControls | undefined,
  ): Promise<Map<string, Reckoning> | Refused> {
    // The close knows all facts of the history. An earlier event that is no fact may have a later instant.
    const position = String(this.history.head);
    let closings: Closing[];
    let exceptions: OpenException[];
    try {
      closings = await inTurns(closingsOf(this.history, period, now));
      exceptions =
        controls === undefined
          ? []
          : accepted(closings, new Set(this.history.closed().map((closed) => closed.period)), controls);
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    }
    const on = dateOf(now, this.history.company().timeZone);
    const reason = controls?.accept?.reason ?? '';
    return new Map(
      closings.map(({ period: { name }, cut, runHash, statements }) => {
        const own = exceptions
          .filter((exception) => exception.period === name)
          .map((exception) => ({ ...exception, reason }));
        return [name, { on, ...cut, position, participants: statements.length, runHash, accepted: own }];
      }),
    );
  }

  /** The periods that were closed by the same request, in order. */
  private async closedWith(period: string): Promise<PeriodClosed['data'][]> {
    const all: PeriodClosed['data'][] = [];
    for await (const page of this.store.readAll({ categories: ['period'] }))
      all.push(...page.flatMap(({ type, data }) => (type === 'PeriodClosed' ? [data as PeriodClosed['data']] : [])));
    const own = all.find((one) => one.period === period);
    return all.filter(({ known, position }) => known === own?.known && position === own.position);
  }

  private async untilIssued(periods: readonly string[], total: number, progress: Progress): Promise<void> {
    const model = this.models.model(issuedStatementsProjection.name);
    let last = -1;
    for (let moved = performance.now(); last < total; await pause(10)) {
      const done = await model.count({ period: { in: periods }, ...WHOLE });
      if (done > last) moved = performance.now();
      else if (performance.now() - moved > patience) {
        throw new NotReady(
          `${periods.join(', ')}: closed, and ${done} of ${total} statements are issued; the others follow.`,
          5,
        );
      }
      last = done;
      progress(Math.min(done, total), total);
      if (done >= total) return;
    }
  }
}
