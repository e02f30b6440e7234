import type { ScoreRow } from '@attain/contracts';
import { type Context, type EventStore, type Executor, type Outcome } from '@attain/eventsourcing';
import { type Days, EVENT_STORE, EXECUTOR } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { QuotaCommands } from '../quotas/quota.commands.js';
import { byStream, statesOf, syncStreams, type StreamSync, type Synced, type SyncOptions } from '../sync.js';
import { type Score, type ScoreCommand, scoreDecider, type ScoreKey } from './score.decider.js';

@Injectable()
export class ScoreCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QuotaCommands) private readonly quotas: QuotaCommands,
  ) {}

  /** Refused: UNKNOWN_PERIOD, INVALID_FIELD. */
  async record(score: Score, context: Context): Promise<Outcome> {
    const { to } = await this.daysOf(score.period);
    return this.executor.execute(
      scoreDecider,
      score.participant,
      { do: 'record', score },
      { effective: to, ...context },
    );
  }

  async retract(score: ScoreKey, context: Context): Promise<Outcome> {
    const { to } = await this.daysOf(score.period);
    return this.executor.execute(
      scoreDecider,
      score.participant,
      { do: 'retract', score },
      { effective: to, ...context },
    );
  }

  /** The days of a period of the company's calendar; Refused UNKNOWN_PERIOD. */
  daysOf(period: string): Promise<Days> {
    return this.quotas.daysOf(period);
  }

  /** The rows of an export. Complete rows retract the other scores. */
  async sync(rows: readonly ScoreRow[], options: SyncOptions, context: Context): Promise<Synced> {
    for (const period of new Set(rows.map((row) => row.period))) await this.daysOf(period);
    const known = await statesOf(this.store, scoreDecider);
    const files = byStream(rows, ({ participant }) => participant);
    const stays = (participant: string, listed: readonly Score[]) =>
      options.complete
        ? []
        : (known.get(participant) ?? []).filter(
            ({ period, objective }) => !listed.some((row) => row.period === period && row.objective === objective),
          );
    const streams = [...files].map(([participant, { at, rows: listed }]): StreamSync<ScoreCommand> => ({
      id: participant,
      at,
      command: { do: 'sync', scores: [...stays(participant, listed), ...listed] },
    }));
    if (options.complete) {
      for (const [participant, scores] of known)
        if (!files.has(participant) && scores.length > 0)
          streams.push({ id: participant, at: undefined, command: { do: 'sync', scores: [] } });
    }
    return syncStreams(this.executor, scoreDecider, streams, context, {
      keep: options.keep,
      parts: { keyOf: ({ period, objective }: ScoreKey) => `${period} ${objective}` },
    });
  }
}
