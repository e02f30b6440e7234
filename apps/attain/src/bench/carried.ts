import { randomBytes } from 'node:crypto';
import { connect, connectPublisher, type Urls } from '@attain/adapters';
import {
  type Append,
  type Appended,
  type Document,
  type EventBus,
  type EventStore,
  type Projection,
  type Publisher,
  reached,
  runProjection,
  runRelay,
} from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import { median, quantile } from './report.js';

/** The cost of carrying events from the store to a read model. */
export interface Carried {
  /** Events a second from the first append until the read model has all. */
  perSecond: number;
  /** The same for events that the store holds already, so that it only reads. */
  stored: number;
  /** Milliseconds from an append to its effect in the read model, at half of that rate. */
  p50: number;
  p99: number;
  /** Median milliseconds of each step, in their order; without a relay there is nothing to publish. */
  hops: { append: number; published: number | undefined; delivered: number; committed: number };
}

const BURST = 20_000;
/** Milliseconds between the appends at half load, and their number. */
const TICK = 20;
const TICKS = 200;
const RUNS = 3;
const PATIENCE = 60_000;

interface Counted extends Document {
  count: number;
}
type Happened = { type: 'Happened'; data: unknown };
const counts: Projection<Counted, Happened> = {
  name: 'counts',
  version: 1,
  indexes: [],
  categories: ['bench'],
  keys: ({ stream }) => [stream],
  evolve: (before = { count: 0 }) => ({ count: before.count + 1 }),
};

/** Two events of a new stream, as an import stores a deal. */
function appendTo(stream: number): Append {
  const meta = { actor: 'bench', correlation: 'bench', recorded: new Date().toISOString() };
  const data = {
    source: 'bench',
    id: String(stream),
    fields: { owner: 'rep0001', amount: '1054.00', stage: 'Engaging', product: 'GTX Pro', opened: '2025-01-02' },
  };
  const event = () => ({ id: newUuid(), type: 'Happened', version: 1, data, meta });
  return { stream: `bench-${stream}`, expected: 'none', events: [event(), event()] };
}

/** URLs that share nothing but the engines with any other. */
export function ownUrls({ events, bus = events, models = events }: Urls, partitions?: number): Required<Urls> {
  const own = `bench${randomBytes(5).toString('hex')}`;
  const [server = '', parameters] = models.split('?');
  return {
    events: `${events}${events.includes('?') ? '&' : '?'}namespace=${own}`,
    bus: `${bus.replace(/\/$/, '')}/${own}${partitions === undefined ? '' : `?partitions=${partitions}`}`,
    models: `${server.replace(/\/[^/]*$/, '')}/${own}${parameters ? `?${parameters}` : ''}`,
  };
}

/** One producer, one projection, and a relay between them where the bus is one of its own; all in this process, so that one clock measures. */
export async function carried(urls: Urls): Promise<Carried> {
  const infra = await connect(urls);
  const times = (): Map<bigint, number> => new Map();
  const [published, delivered, committed] = [times(), times(), times()];
  let next = 0;
  const appended = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += 1000)
      await infra.events.appendMany(Array.from({ length: 500 }, () => appendTo(next++)));
  };
  await appended(BURST);
  const begun = performance.now();
  const relayed = urls.bus?.startsWith('kafka:') ?? false;
  const publisher = relayed ? await connectPublisher(urls.bus as string) : undefined;
  const relay =
    publisher && (await runRelay({ log: infra.events, publisher: noting(publisher, published), models: infra.models }));
  const bus: EventBus = {
    ...infra.bus,
    subscribe: (subscribe) =>
      infra.bus.subscribe({
        ...subscribe,
        async handle(events, span) {
          for (const { position } of events) delivered.set(position, performance.now());
          await subscribe.handle(events, span);
          for (const { position } of events) committed.set(position, performance.now());
        },
      }),
  };
  const decode = (type: string, _version: number, data: unknown) => ({ type, data });
  const running = await runProjection(counts, {
    bus,
    events: infra.events,
    models: infra.models,
    clock: () => new Date().toISOString(),
    decode,
  });
  const model = { position: async () => running.position() };
  const arrived = async (position: bigint): Promise<void> => {
    if (!(await reached(model, position, PATIENCE)))
      throw new Error(`the read model is at ${running.position()} of ${position} after ${PATIENCE / 1000} s`);
  };

  async function burst(count: number): Promise<number> {
    const start = performance.now();
    await appended(count);
    await arrived(await infra.events.head());
    return performance.now() - start;
  }

  try {
    await arrived(await infra.events.head());
    const stored = BURST / ((performance.now() - begun) / 1000);
    const bursts: number[] = [];
    for (let n = 0; n < RUNS; n += 1) bursts.push(await burst(BURST));
    const perSecond = BURST / (median(bursts) / 1000);
    const measured = await paced(infra.events, perSecond / 2, () => appendTo(next++));
    await arrived(await infra.events.head());
    return {
      perSecond,
      stored,
      ...latencies(measured, { published, delivered, committed }, relayed),
    };
  } finally {
    await running.stop();
    await relay?.stop();
    await publisher?.close();
    await infra.close();
  }
}

interface Measurement {
  position: bigint;
  start: number;
  acknowledged: number;
}

/** Appends at a steady rate of events, and does not wait for their effect. */
async function paced(store: EventStore, rate: number, nextAppend: () => Append): Promise<Measurement[]> {
  const streams = Math.max(1, Math.round((rate / 2) * (TICK / 1000)));
  const measured: Measurement[] = [];
  const appends: Promise<unknown>[] = [];
  for (let tick = 0, due = performance.now(); tick < TICKS; tick += 1, due += TICK) {
    await new Promise((resume) => setTimeout(resume, Math.max(0, due - performance.now())));
    const start = performance.now();
    const append = store.appendMany(Array.from({ length: streams }, nextAppend));
    appends.push(
      append.then((answers) => {
        const { position } = answers.at(-1) as Appended;
        measured.push({ position, start, acknowledged: performance.now() });
      }),
    );
  }
  await Promise.all(appends);
  return measured;
}

/** From the append of an event to its commit in the model, and each hop between, as medians. */
function latencies(
  measured: readonly Measurement[],
  { published, delivered, committed }: Record<'published' | 'delivered' | 'committed', Map<bigint, number>>,
  relayed: boolean,
): Omit<Carried, 'perSecond' | 'stored'> {
  const at = (times: Map<bigint, number>, position: bigint): number => times.get(position) as number;
  const hop = (milliseconds: (one: Measurement) => number): number => median(measured.map(milliseconds));
  const whole = measured.map(({ position, start }) => at(committed, position) - start);
  return {
    p50: median(whole),
    p99: quantile(whole, 0.99),
    hops: {
      append: hop(({ start, acknowledged }) => acknowledged - start),
      published: relayed ? hop(({ position, acknowledged }) => at(published, position) - acknowledged) : undefined,
      delivered: hop(
        ({ position, acknowledged }) => at(delivered, position) - (relayed ? at(published, position) : acknowledged),
      ),
      committed: hop(({ position }) => at(committed, position) - at(delivered, position)),
    },
  };
}

function noting(publisher: Publisher, published: Map<bigint, number>): Publisher {
  return {
    ...publisher,
    async publish(events, span) {
      await publisher.publish(events, span);
      for (const { position } of events) published.set(position, performance.now());
    },
  };
}
