import { afterEach, describe, expect } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type EventBus, Gap, type Publisher, reached, type StoredEvent } from '@attain/eventsourcing';
import { eventually } from '@attain/eventsourcing/testing';
import { expectNothingWrong } from '../crashed.js';
import { countingBus, droppingBus, forgetfulBus } from './plants.js';
import { rounds, seed, sleep } from './rounds.js';
import { balances, type Balances, LAG_ZERO, LANES, openWorld, type World, wrongWith } from './world.js';

type Roll = (sides: number) => number;
const PAYMENTS = 80;
/** Kafka waits for a session to end before it gives its work away, and a busy machine makes everything wait. */
const PATIENCE = 2 * LAG_ZERO;
const opened: World[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close();
});
async function aWorld(...args: Parameters<typeof openWorld>): Promise<World> {
  const world = await openWorld(...args);
  opened.push(world);
  return world;
}
const expectSound = async (world: World, round: number): Promise<void> =>
  expectNothingWrong(await wrongWith(world), `${round} of seed ${seed}`);
/** A planted mistake runs beside a correct world, on the same engines and events; only the mistake is reported. */
const expectFound = async (world: World, what: RegExp): Promise<void> =>
  expect((await wrongWith(world, { model: 'planted', patience: 2000 })).join('\n')).toMatch(what);

/** Holds batches back while it is closed. */
const before =
  (pass: (events: readonly StoredEvent[]) => Promise<void>) =>
  (bus: EventBus): EventBus => ({
    ...bus,
    subscribe: (subscribe) =>
      bus.subscribe({
        ...subscribe,
        handle: (events, span) => pass(events).then(() => subscribe.handle(events, span)),
      }),
  });

/** While it is closed, callers wait. */
function gate(): { pass(): Promise<void>; close(): void; open(): void; waiting(): number } {
  let closed: Promise<void> | undefined;
  let open = (): void => undefined;
  let waiting = 0;
  return {
    async pass() {
      if (closed === undefined) return;
      waiting += 1;
      await closed;
      waiting -= 1;
    },
    close: () => void (closed = new Promise((resolve) => (open = resolve))),
    open() {
      closed = undefined;
      open();
    },
    waiting: () => waiting,
  };
}

describe('A slow consumer', () => {
  rounds({ of50: 4, least: 1 }, 'holds nobody up but itself, and has everything in the end', async (count, roll) => {
    const world = await aWorld();
    const slow = gate();
    await world.consume(balances(), { bus: before(slow.pass) });
    await world.consume(balances('fast'));
    let dropped = 0;
    await world.consume(balances('planted'), {
      bus: (bus) => before(slow.pass)(droppingBus(() => (dropped += 1))(bus)),
    });
    for (let round = 1; round <= count; round += 1) {
      await world.pay(roll(PAYMENTS));
      slow.close();
      await world.pay(1 + roll(PAYMENTS / 2));
      // The next batches arrive while one is handled, even on a slow machine.
      await eventually(() => slow.waiting() > (round === 1 ? 1 : 0), PATIENCE);
      for (let n = 0; n < 2; n += 1) await world.pay(1 + roll(PAYMENTS / 2));
      const head = await world.infra.events.head();
      expect(await reached(world.infra.models.model('fast'), head, LAG_ZERO)).toBe(true);
      expect(await world.infra.models.model('balances').position()).toBeLessThan(head);
      if (round === 1) await eventually(() => dropped > 0, PATIENCE);
      slow.open();
      await expectSound(world, round);
    }
    await expectFound(world, /the lag is not 0/);
  });
});

describe('A rebalance in the middle of a batch', () => {
  rounds({ of50: 5, least: 2 }, 'loses nothing and does nothing twice', async (count, roll) => {
    const world = await aWorld();
    const holding = gate();
    const consumer = () => world.consume(balances(), { bus: before(holding.pass) });
    let working = await consumer();
    const first = await world.consume(balances('planted'));
    const planted = await world.consume(balances('planted'), { bus: forgetfulBus });
    for (let round = 1; round <= count; round += 1) {
      await world.pay(1 + roll(PAYMENTS));
      holding.close();
      const paying = world.pay(PAYMENTS);
      await eventually(() => holding.waiting() > 0, PATIENCE);
      // A new member makes the group share its partitions again while the batch is handled.
      const joining = await consumer();
      await sleep(500 + roll(1000));
      if (roll(2) === 0) holding.open();
      const leaving = working.stop();
      await sleep(roll(500));
      holding.open();
      await Promise.all([paying, leaving]);
      working = joining;
      await expectSound(world, round);
    }
    await reached(world.infra.models.model('planted'), await world.infra.events.head(), LAG_ZERO);
    await first.stop();
    await world.pay(PAYMENTS);
    await expectSound(world, count + 1);
    await eventually(() => world.errors.some((error) => error.includes('planted@1')), PATIENCE);
    await expectFound(world, /the lag is not 0/);
    await planted.stop();
  });
});

/** A consumer process of one model that can be stopped inside a batch, after it has read its documents and before it writes them. */
interface Standing {
  child: ChildProcess;
  holds(): boolean;
  hold(): void;
  goOn(): void;
}
async function standing({ urls }: World, model: string): Promise<Standing> {
  const program = fileURLToPath(new URL('consumer.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, urls.events, urls.bus, urls.models, model], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PLANT: 'holding' },
  });
  let [ready, holds] = [false, false];
  child.on('message', (word: string) => void (word === 'ready' ? (ready = true) : (holds = true)));
  await eventually(() => ready, PATIENCE);
  return {
    child,
    holds: () => holds,
    hold() {
      holds = false;
      child.send('hold');
    },
    goOn: () => void child.send('go on'),
  };
}

/** Two processes of one model; Kafka lets one of them work. */
async function twoOf(world: World, model: string) {
  const both = await Promise.all([standing(world, model), standing(world, model)]);
  return {
    hold: () => both.forEach((one) => one.hold()),
    /** The working process, once it is stopped inside a batch; the other continues. */
    async held(): Promise<Standing> {
      await eventually(() => both.some((one) => one.holds()), PATIENCE);
      const [works, other] = both[0]?.holds() ? both : [both[1], both[0]];
      other.goOn();
      return works;
    },
    kill: () => both.forEach(({ child }) => child.kill('SIGKILL')),
  };
}

describe('A partition of two consumers that both believe they work', () => {
  rounds({ of50: 5, least: 2 }, 'loses nothing and does nothing twice', async (count, roll) => {
    const world = await aWorld();
    const { models, events } = world.infra;
    const names = ['balances', 'planted'];
    const pairs = await Promise.all(names.map((name) => twoOf(world, name)));
    const frozen = new Set<ChildProcess>();
    try {
      for (let round = 1; round <= count; round += 1) {
        for (const pair of pairs) pair.hold();
        await world.pay(LANES + roll(PAYMENTS));
        const held = await Promise.all(pairs.map((pair) => pair.held()));
        for (const { child } of held) {
          child.kill('SIGSTOP');
          frozen.add(child);
        }
        await world.pay(LANES + roll(PAYMENTS));
        for (const name of names) expect(await reached(models.model(name), await events.head(), PATIENCE)).toBe(true);
        // Their batches are outdated by now, because the other process has continued.
        for (const { child, goOn } of held) {
          goOn();
          child.kill('SIGCONT');
        }
        await world.pay(1 + roll(PAYMENTS));
        await expectSound(world, round);
      }
    } finally {
      for (const pair of pairs) pair.kill();
    }
    // The process that took over keeps the work, and is frozen in its turn.
    expect(frozen.size).toBe(names.length * Math.min(count, 2));
    await expectFound(world, /holds \d+ payments of/);
  });
});

/** Publishes earlier batches again, at once or later, and cut at other places. */
const stuttering =
  (roll: Roll) =>
  (publisher: Publisher): Publisher => {
    const published: Parameters<Publisher['publish']>[] = [];
    const later = new Set<Promise<void>>();
    const again = async ([events, span]: Parameters<Publisher['publish']>): Promise<void> => {
      const cut = roll(events.length + 1);
      const middle = events[cut - 1]?.position;
      if (middle === undefined || middle === span.through) return publisher.publish(events, span);
      await publisher.publish(events.slice(0, cut), { after: span.after, through: middle });
      await publisher.publish(events.slice(cut), { after: middle, through: span.through });
    };
    return {
      async publish(...batch) {
        await sleep(roll(40));
        await publisher.publish(...batch);
        published.push(batch);
        for (let n = roll(3); n > 0; n -= 1) {
          const one = published[roll(published.length)] as Parameters<Publisher['publish']>;
          if (roll(2) === 0) await again(one);
          else {
            const mine = sleep(roll(300))
              .then(() => again(one))
              .finally(() => later.delete(mine));
            later.add(mine);
          }
        }
      },
      async close() {
        await Promise.allSettled(later);
        await publisher.close();
      },
    };
  };
/** Delivers accepted batches again. */
const repeating =
  (roll: Roll) =>
  (bus: EventBus): EventBus => ({
    ...bus,
    subscribe(subscribe) {
      const handled: Parameters<typeof subscribe.handle>[] = [];
      return bus.subscribe({
        ...subscribe,
        async handle(...batch) {
          await sleep(roll(20));
          await subscribe.handle(...batch);
          handled.push(batch);
          // At least the first, even with few batches.
          if (handled.length === 1 || roll(3) === 0)
            await subscribe.handle(...(handled[roll(handled.length)] as typeof batch));
        },
      });
    },
  });

describe('Duplicated and delayed deliveries', () => {
  rounds({ of50: 8, least: 2 }, 'come to the same as each event once', async (count, roll) => {
    const world = await aWorld({ publisher: stuttering(roll) });
    await world.consume(balances(), { bus: repeating(roll) });
    await world.consume(balances('planted'), { bus: (bus) => countingBus(repeating(roll)(bus)) });
    for (let round = 1; round <= count; round += 1) {
      for (let n = 0; n < 4; n += 1) await world.pay(1 + roll(PAYMENTS / 4));
      await expectSound(world, round);
    }
    await expectFound(world, /holds \d+ payments of/);
  });
});

describe('A poison event in a hundred', () => {
  /** Skips the poisoned payment. */
  const swallowing = (projection: Balances): Balances => ({
    ...projection,
    evolve: (document, event, key) => (event.data.poison ? document : projection.evolve(document, event, key)),
  });
  rounds(
    { of50: 4, least: 1 },
    'holds back its own account alone, and nothing at all once it is mended',
    async (count, roll) => {
      for (let round = 1; round <= count; round += 1) {
        const world = await aWorld();
        const projection = balances();
        const { running } = await world.consume(projection);
        await world.consume(swallowing(balances('planted')));
        await world.pay(100 + roll(PAYMENTS), { poisonEvery: 100 });
        expect(await reached(world.infra.models.model('balances'), await world.infra.events.head(), LAG_ZERO)).toBe(
          true,
        );
        const held = new Set((await world.infra.models.parked('balances@1')).map(({ key }) => key));
        expect([...held]).toEqual([world.paid.get(99)]);
        const short = (await wrongWith(world)).filter((wrong) => wrong.includes('payments of'));
        expect(short).toEqual([expect.stringContaining(`${world.paid.get(99)} holds`)]);
        projection.mend();
        expect(await running.redrive()).toMatchObject({ parked: 0 });
        await expectSound(world, round);
        await expectFound(world, /holds \d+ payments of/);
        await world.close();
        opened.pop();
      }
    },
  );
});

describe('A relay killed between publishing and saving its place', () => {
  const program = fileURLToPath(new URL('relay.mjs', import.meta.url));
  const start = ({ urls }: World, plant = ''): ChildProcess =>
    spawn(process.execPath, [program, urls.events, urls.bus, urls.models], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PLANT: plant },
    });

  /** Kills it when it is between the two for the nth time. */
  async function killedBetween(child: ChildProcess, nth: number): Promise<void> {
    let seen = 0;
    const gone = once(child, 'exit');
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      seen += text.split('between').length - 1;
      if (seen >= nth) child.kill('SIGKILL');
    });
    await gone;
    expect(child.signalCode).toBe('SIGKILL');
  }

  rounds({ of50: 6, least: 2 }, 'loses nothing and does nothing twice', async (count, roll) => {
    const world = await aWorld({}, false);
    await world.consume();
    for (let round = 1; round <= count; round += 1) {
      let over = false;
      const paying = (async () => {
        while (!over) {
          // The payments of a round stay few even if the relay starts slowly.
          await world.pay(1 + roll(20));
          await sleep(50 + roll(100));
        }
      })();
      await killedBetween(start(world), 1 + roll(4)).finally(() => (over = true));
      await paying;
      const child = start(world);
      try {
        await expectSound(world, round);
      } finally {
        child.kill('SIGKILL');
      }
    }
  });

  rounds({ of50: 0, least: 1 }, 'is felt by this very test when it saves before it publishes', async (_, roll) => {
    const world = await aWorld({}, false);
    const consumer = await world.consume();
    await world.pay(1 + roll(PAYMENTS));
    await killedBetween(start(world, 'early'), 1);
    await world.pay(1 + roll(PAYMENTS));
    const child = start(world, 'early');
    try {
      await eventually(() => consumer.running.failure() instanceof Gap, PATIENCE);
    } finally {
      child.kill('SIGKILL');
    }
    expect((await wrongWith(world, { patience: 0 })).join('\n')).toMatch(
      /the lag is not 0.*\n.*holds \d+ payments of/s,
    );
  });
});
