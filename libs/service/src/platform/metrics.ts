import { Inject, Injectable } from '@nestjs/common';
import type { Append, Appended, EventStore, ReadModels, WrongRevision } from '@attain/eventsourcing';
import { categoryOf } from '@attain/eventsourcing';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Progress } from '../progress.js';
import { EVENT_STORE, READ_MODELS } from '../tokens.js';

export const REGISTRY = Symbol('REGISTRY');

/** Counts the appended events of each category, around the store. */
export function counting(store: EventStore, registry: Registry): EventStore {
  const appended = new Counter({
    name: 'attain_events_appended_total',
    help: 'Events appended by this process',
    labelNames: ['category'],
    registers: [registry],
  });
  const count = ({ stream, events }: Append) => appended.inc({ category: categoryOf(stream) }, events.length);
  const isAppended = (result: Appended | WrongRevision): result is Appended => 'position' in result;
  return {
    async append(append) {
      const result = await store.append(append);
      count(append);
      return result;
    },
    async appendMany(appends) {
      const results = await store.appendMany(appends);
      appends.forEach((append, index) => {
        const result = results[index];
        if (result && isAppended(result)) count(append);
      });
      return results;
    },
    readStream: (stream, from) => store.readStream(stream, from),
    readStreams: (streams) => store.readStreams(streams),
    readAll: (options) => store.readAll(options),
    readAt: (position) => store.readAt(position),
    head: () => store.head(),
    sealAt: (position) => store.sealAt(position),
    positionAt: (instant) => store.positionAt(instant),
    close: () => store.close(),
  };
}

/**
 * Further values of `/metrics`: the head of the store, lag and parked events of each consumer group, durations of
 * requests, and the process itself.
 */
@Injectable()
export class Metrics {
  readonly requests: Histogram<'method' | 'route' | 'status'>;

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(Progress) progress: Progress,
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(EVENT_STORE) store: EventStore,
  ) {
    const registers = [registry];
    collectDefaultMetrics({ register: registry });
    this.requests = new Histogram({
      name: 'attain_http_request_duration_seconds',
      help: 'Time from a request to the end of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    new Gauge({
      name: 'attain_consumer_behind_positions',
      help: 'Positions of the store that a consumer group has yet to take',
      labelNames: ['group'],
      registers,
      async collect() {
        for (const { group, behind } of await progress.lags()) this.set({ group }, Number(behind));
      },
    });
    new Gauge({
      name: 'attain_store_head_position',
      help: 'Position of the last event of the store',
      registers,
      async collect() {
        this.set(Number(await store.head()));
      },
    });
    new Gauge({
      name: 'attain_parked_events',
      help: 'Events that a consumer group could not take and has put aside',
      labelNames: ['group'],
      registers,
      async collect() {
        this.reset();
        for (const { group } of await models.parked()) this.inc({ group });
      },
    });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
