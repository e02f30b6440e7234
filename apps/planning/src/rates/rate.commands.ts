import type { Context, EventStore, Executor, Outcome } from '@attain/eventsourcing';
import { EVENT_STORE, EXECUTOR } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { byStream, statesOf, syncStreams, type StreamSync, type Synced, type SyncOptions } from '../sync.js';
import { type Rate, type RateCommand, rateDecider, type RateKey } from './rate.decider.js';

@Injectable()
export class RateCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  record(rate: Rate, context: Context): Promise<Outcome> {
    return this.executor.execute(rateDecider, pair(rate), { do: 'record', rate }, { effective: rate.date, ...context });
  }

  retract(rate: RateKey, context: Context): Promise<Outcome> {
    return this.executor.execute(
      rateDecider,
      pair(rate),
      { do: 'retract', rate },
      { effective: rate.date, ...context },
    );
  }

  /** The rows of rates.csv. */
  async sync(rates: readonly Rate[], options: SyncOptions, context: Context): Promise<Synced> {
    const known = await statesOf(this.store, rateDecider);
    const files = byStream(rates, pair);
    const streams = [...files].map(([id, { at, rows }]): StreamSync<RateCommand> => {
      const [from, to] = [rows[0]!.from, rows[0]!.to];
      const listed = new Set(rows.map(({ date }) => date));
      const others = options.complete ? [] : Object.entries(known.get(id) ?? {}).filter(([date]) => !listed.has(date));
      return {
        id,
        at,
        command: {
          do: 'sync',
          from,
          to,
          rates: [...others.map(([date, rate]) => ({ from, to, date, rate })), ...rows],
        },
      };
    });
    if (options.complete) {
      for (const [id, state] of known) {
        if (files.has(id) || Object.keys(state).length === 0) continue;
        const [from = '', to = ''] = id.split('-');
        streams.push({ id, at: undefined, command: { do: 'sync', from, to, rates: [] } });
      }
    }
    return syncStreams(this.executor, rateDecider, streams, context, {
      keep: options.keep,
      parts: { keyOf: ({ date }: { date: string }) => date },
    });
  }
}

function pair({ from, to }: RateKey): string {
  return `${from}-${to}`;
}
