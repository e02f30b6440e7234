import { randomBytes } from 'node:crypto';
import { connect, connectPublisher, type Infra } from '@attain/adapters';
import {
  type Codec,
  createLogBus,
  createMemoryEventStore,
  createMemoryReadModels,
  type Document,
  type EventBus,
  type FollowedStore,
  type NewEvent,
  type Projection,
  type Publisher,
  reached,
  type ReadModels,
  type Relay,
  type Running,
  runProjection,
  runRelay,
  type StoredEvent,
  WrongRevision,
} from '@attain/eventsourcing';
import { uuidOf } from '@attain/values';

interface Balance extends Document {
  total: number;
  count: number;
}
interface Paid {
  type: 'Paid';
  data: { number: number; amount: number; poison?: true };
}
export interface Balances extends Projection<Balance, Paid> {
  /** From now on a poisoned payment is a payment. */
  mend(): void;
}
export const LANES = 8;
export const codec: Pick<Codec, 'decode'> = { decode: (type, _version, data) => ({ type, data }) };
const clock = (): string => new Date().toISOString();

/** What each account was paid; a poisoned payment breaks it until it is mended. */
export function balances(name = 'balances'): Balances {
  let mended = false;
  return {
    name,
    version: 1,
    indexes: [],
    categories: ['account'],
    keys: ({ stream }) => [stream],
    evolve(before = { total: 0, count: 0 }, { data }) {
      if (data.poison && !mended) throw new Error('poison');
      return { total: before.total + data.amount, count: before.count + 1 };
    },
    mend: () => void (mended = true),
  };
}

/** Planted mistakes: each wraps the port that it spoils. */
export interface Plants {
  log?(store: FollowedStore): FollowedStore;
  publisher?(publisher: Publisher): Publisher;
  relayModels?(models: ReadModels): ReadModels;
  bus?(bus: EventBus): EventBus;
  models?(models: ReadModels): ReadModels;
  /** Counts sent payments as acknowledged; called when one is rejected. */
  hasty?(): void;
}
export interface Urls {
  events: string;
  bus: string;
  models: string;
}
export interface World {
  urls: Urls;
  infra: Infra;
  relay: Relay | undefined;
  /** Payments that were acknowledged, with their accounts. */
  paid: Map<number, string>;
  errors: string[];
  /** Makes so many payments over several accounts at once, and repeats each until it is acknowledged. */
  pay(count: number, parts?: { poisonEvery?: number; stopped?: () => boolean }): Promise<void>;
  /** Another consumer, over connections of its own, as in another process. */
  consume(projection?: Projection<Balance, Paid>, plants?: Plants): Promise<Consumer>;
  close(): Promise<void>;
}
interface Consumer {
  running: Running;
  infra: Infra;
  stop(): Promise<void>;
}

/** URLs of a world that shares nothing but engines with any other. */
export function ownUrls(): Urls {
  const own = `fault${randomBytes(5).toString('hex')}`;
  const { TEST_EVENTS_URL: events = '', TEST_BUS_URL: bus = '', TEST_MODELS_URL: models = '' } = process.env;
  const [server = '', parameters] = models.split('?');
  return {
    events: `${events}${events.includes('?') ? '&' : '?'}namespace=${own}`,
    bus: `${bus.replace(/\/$/, '')}/${own}`,
    models: `${server.replace(/\/[^/]*$/, '')}/${own}${parameters ? `?${parameters}` : ''}`,
  };
}

/** Store, relay and carrier of their own; with `relayed` false the test brings the relay. */
export async function openWorld(plants: Plants = {}, relayed = true): Promise<World> {
  const urls = ownUrls();
  const infra = await connect(urls);
  const errors: string[] = [];
  const onError = (error: unknown): void => void errors.push(String(error));
  const opened: (() => Promise<void>)[] = [() => infra.close()];
  let relay: Relay | undefined;
  if (relayed) {
    const publisher = await connectPublisher(urls.bus);
    opened.unshift(() => publisher.close());
    const parts = {
      log: plants.log?.(infra.events) ?? infra.events,
      publisher: plants.publisher?.(publisher) ?? publisher,
      models: plants.relayModels?.(infra.models) ?? infra.models,
    };
    const running = await runRelay({ ...parts, onError });
    relay = running;
    opened.unshift(() => running.stop());
  }
  const payments = new Payments(urls.bus, infra, plants.hasty);
  return {
    urls,
    infra,
    relay,
    paid: payments.paid,
    errors,
    pay: (count, parts) => payments.pay(count, parts),
    async consume(projection = balances(), { bus, models } = {}) {
      const own = await connect(urls);
      const running = await runProjection(projection, {
        events: own.events,
        bus: bus?.(own.bus) ?? own.bus,
        models: models?.(own.models) ?? own.models,
        clock,
        ...codec,
        onError,
      });
      const stop = async (): Promise<void> => {
        await running.stop();
        await own.close();
      };
      opened.unshift(stop);
      return { running, infra: own, stop };
    },
    async close() {
      for (const end of opened) await end();
    },
  };
}

/**
 * Payments over several accounts, each repeated until it is acknowledged. Its fields are not parameters of the constructor, because
 * consumer.mjs runs this file as Node reads it, and Node only strips types.
 */
class Payments {
  readonly paid = new Map<number, string>();
  private readonly revisions = new Map<string, number>();
  private readonly own: string;
  private readonly infra: Infra;
  private readonly hasty: (() => void) | undefined;
  private next = 0;

  constructor(own: string, infra: Infra, hasty: (() => void) | undefined) {
    this.own = own;
    this.infra = infra;
    this.hasty = hasty;
  }

  async pay(
    count: number,
    { poisonEvery = 0, stopped = () => false }: { poisonEvery?: number; stopped?: () => boolean } = {},
  ): Promise<void> {
    const first = this.next;
    this.next += count;
    const lane = async (number: number): Promise<void> => {
      for (let n = number; n < first + count && !stopped(); n += LANES)
        await this.payOnce(n, poisonEvery > 0 && n % poisonEvery === poisonEvery - 1);
    };
    await Promise.all(Array.from({ length: LANES }, (_, n) => lane(first + n)));
  }

  private async payOnce(number: number, poison: boolean): Promise<void> {
    const stream = `account-${number % LANES}`;
    const payment: NewEvent = {
      id: uuidOf(this.own, String(number)),
      type: 'Paid',
      version: 1,
      data: { number, amount: 1 + (number % 97), ...(poison && { poison }) },
      meta: { actor: 'fault', correlation: 'fault', recorded: clock() },
    };
    if (this.hasty) this.paid.set(number, stream);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { revision } = await this.infra.events.append({
          stream,
          expected: this.revisions.get(stream) ?? 'none',
          events: [payment],
        });
        this.revisions.set(stream, revision);
        this.paid.set(number, stream);
        return;
      } catch (error) {
        if (this.hasty) return this.hasty();
        if (error instanceof WrongRevision) throw error;
        await new Promise((resume) => setTimeout(resume, Math.min(500, 20 * 2 ** attempt)));
      }
    }
  }
}

/** Milliseconds in which everything must recover by itself: a minute, or more on a busy machine. */
export const LAG_ZERO = Number(process.env['LAG_ZERO_SECONDS'] ?? 60) * 1000;

/**
 * Checks a world after a fault, and returns the errors as sentences: the log contains each acknowledged payment exactly
 * once, and the model catches up by itself and equals the model of the same events in memory and embedded.
 */
export async function wrongWith(
  world: World,
  { patience = LAG_ZERO, model = 'balances' }: { patience?: number; model?: string } = {},
): Promise<string[]> {
  const wrong: string[] = [];
  const events: StoredEvent<Paid['data']>[] = [];
  for await (const page of world.infra.events.readAll()) events.push(...(page as StoredEvent<Paid['data']>[]));
  const logged = new Map<number, number>();
  for (const { data } of events) logged.set(data.number, (logged.get(data.number) ?? 0) + 1);
  for (const number of world.paid.keys())
    if (!logged.has(number)) wrong.push(`payment ${number} was acknowledged, and is lost`);
  for (const [number, times] of logged) if (times > 1) wrong.push(`payment ${number} is ${times} times in the log`);

  const found = world.infra.models.model<Balance>(model);
  const head = events.at(-1)?.position ?? 0n;
  if (!(await reached(found, head, patience)))
    wrong.push(`the lag is not 0 after ${patience / 1000} s: the model is at ${await found.position()} of ${head}`);
  const expected = new Map<string, Balance>();
  for (const { stream, data } of events) {
    const { total, count } = expected.get(stream) ?? { total: 0, count: 0 };
    expected.set(stream, { total: total + data.amount, count: count + 1 });
  }
  for (const [key, balance] of expected) {
    const one = await found.get(key);
    if (one?.count !== balance.count || one.total !== balance.total)
      wrong.push(`${key} holds ${one?.count ?? 0} payments of ${balance.count}`);
  }
  if ((await found.count()) > expected.size) wrong.push('the model holds accounts that nobody paid');
  const [apart, embedded] = [await textOf(world.infra.models, model), await embeddedText(events)];
  if (apart !== embedded) wrong.push('the model is not the one of the embedded topology');
  return wrong;
}

async function textOf(models: ReadModels, model: string): Promise<string> {
  const balance = models.model<Balance>(model);
  const rows = await balance.getMany(Array.from({ length: LANES }, (_, n) => `account-${n}`));
  return JSON.stringify([...rows].map(([key, { total, count }]) => [key, total, count]).sort());
}

/** The same events through the embedded store, carrier and models. */
async function embeddedText(events: readonly StoredEvent<Paid['data']>[]): Promise<string> {
  const store = createMemoryEventStore();
  for (const { stream, id, type, version, data, meta } of events)
    await store.append({ stream, expected: 'any', events: [{ id, type, version, data, meta }] });
  const models = createMemoryReadModels();
  const projection = balances();
  projection.mend();
  const bus = createLogBus(store);
  await runProjection(projection, { events: store, bus, models, clock, ...codec });
  await reached(models.model('balances'), await store.head(), LAG_ZERO);
  await bus.close();
  return textOf(models, 'balances');
}
