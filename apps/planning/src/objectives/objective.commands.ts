import type { ObjectiveRow } from '@attain/contracts';
import { type Context, type EventStore, type Executor, type Outcome, Refused } from '@attain/eventsourcing';
import { type Days, EVENT_STORE, EXECUTOR } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { namesOf } from '../participants/names-of.js';
import { QuotaCommands } from '../quotas/quota.commands.js';
import { byStream, statesOf, syncStreams, type StreamSync, type Synced, type SyncOptions } from '../sync.js';
import { type Objective, type ObjectiveCommand, objectiveDecider, type ObjectiveKey } from './objective.decider.js';

@Injectable()
export class ObjectiveCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QuotaCommands) private readonly quotas: QuotaCommands,
  ) {}

  /** Refused: UNKNOWN_PERIOD, INVALID_FIELD. */
  assign(objective: Objective, context: Context): Promise<Outcome> {
    return this.execute(objective, { do: 'assign', objective }, context);
  }

  /** Refused: UNKNOWN_PERIOD, OBJECTIVE_UNKNOWN. */
  withdraw(which: ObjectiveKey, context: Context): Promise<Outcome> {
    return this.execute(which, { do: 'withdraw', which }, context);
  }

  /** The days of a period of the company's calendar; Refused UNKNOWN_PERIOD. */
  daysOf(period: string): Promise<Days> {
    return this.quotas.daysOf(period);
  }

  /** The rows of objectives.csv; rows of one person are refused together. Complete rows withdraw the other objectives. */
  async sync(rows: readonly ObjectiveRow[], options: SyncOptions, context: Context): Promise<Synced> {
    const known = await statesOf(this.store, objectiveDecider);
    const files = byStream(rows, (row) => row.for);
    const unknown: Synced['refused'] = [];
    const streams: StreamSync<ObjectiveCommand>[] = [];
    for (const [id, { at, rows: listed }] of files) {
      const wrong = await this.unknownPeriod(listed);
      if (wrong !== undefined) unknown.push({ at: rows.indexOf(listed[wrong.index]!), error: wrong.error });
      else
        streams.push({
          id,
          at,
          command: {
            do: 'sync',
            objectives: options.complete ? listed : [...others(known.get(id) ?? [], listed), ...listed],
          },
        });
    }
    if (options.complete) {
      for (const [id, state] of known)
        if (!files.has(id) && state.length > 0)
          streams.push({ id, at: undefined, command: { do: 'sync', objectives: [] } });
    }
    const parts = { keyOf: ({ component, period, name }: ObjectiveKey) => `${component} ${period} ${name}` };
    const synced = await syncStreams(this.executor, objectiveDecider, streams, await this.withNames(context), {
      keep: options.keep,
      parts,
    });
    return { ...synced, refused: [...unknown, ...synced.refused].sort((a, b) => a.at - b.at) };
  }

  private async unknownPeriod(rows: readonly ObjectiveRow[]): Promise<{ index: number; error: Refused } | undefined> {
    for (const [index, { period }] of rows.entries()) {
      try {
        await this.daysOf(period);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return { index, error };
      }
    }
    return undefined;
  }

  /** An objective is effective from the first day of its period. */
  private async execute(which: ObjectiveKey, command: ObjectiveCommand, context: Context): Promise<Outcome> {
    const { from } = await this.daysOf(which.period);
    return this.executor.execute(objectiveDecider, which.for, command, {
      effective: from,
      ...(await this.withNames(context)),
    });
  }

  /** An objective of a team or region counts for its members too. */
  private async withNames(context: Context): Promise<Context> {
    return context.self === undefined ? context : { ...context, self: await namesOf(this.store, context.self) };
  }
}

function others(known: readonly Objective[], listed: readonly ObjectiveKey[]): Objective[] {
  return known.filter(
    ({ component, period, name }) =>
      !listed.some((row) => row.component === component && row.period === period && row.name === name),
  );
}
