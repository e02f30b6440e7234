import { afterAll, afterEach, describe, expect } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from '@attain/eventsourcing/testing';
import { root } from '../../src/journeys/booted.fixture.js';
import { expectNothingWrong } from '../crashed.js';
import { type Company, processes, startCompany } from './company.js';
import { careless, deafBus, trusting } from './plants.js';
import { rounds, seed, sleep } from './rounds.js';
import { balances, LAG_ZERO, openWorld, type Plants, type World, wrongWith } from './world.js';

const run = promisify(execFile);
const engines = process.env['ATTAIN_LOCAL'] ?? join(tmpdir(), `attain-local-${userInfo().uid}`);
const engine = (name: 'kafka' | 'mongodb' | 'eventstore', command: 'start' | 'stop' | 'urls') =>
  run(join(root, 'deploy/local', name), [command, join(engines, name)]);
/** Clients give up a call only after several attempts, and a busy machine makes everything wait. */
const PATIENCE = 2 * LAG_ZERO;
const scratch = mkdtempSync(join(tmpdir(), 'attain-engine-faults-'));

let starting: Promise<Company> | undefined;
const theCompany = (): Promise<Company> => (starting ??= startCompany(scratch));
afterAll(async () => {
  await (await starting?.catch(() => undefined))?.stop();
  // A company that did not start may have left processes.
  await run(join(root, 'deploy/local/services'), ['stop', join(scratch, 'processes')]);
  rmSync(scratch, { recursive: true });
}, 600_000);

/** Commands are sent before, during and after the fault; then everything must recover by itself. */
async function survives(company: Company, fault: () => Promise<void>, round: string): Promise<void> {
  let done = false;
  const begun = performance.now();
  const before = company.acknowledged.size;
  const working = company.work(() => done);
  try {
    await eventually(() => company.acknowledged.size > before, PATIENCE);
    await Promise.all([fault(), company.closeMonth()]);
  } finally {
    done = true;
    await working;
  }
  const over = performance.now();
  await company.settled();
  const settled = performance.now();
  expectNothingWrong(await company.wrong(), `${round} of seed ${seed}`);
  const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);
  const acknowledged = company.acknowledged.size - before;
  process.stdout.write(
    `  ${round}: ${acknowledged} commands acknowledged in ${seconds(begun, over)} s, lag 0 after ${seconds(over, settled)} s, nothing wrong in ${seconds(settled, performance.now())} s\n`,
  );
}

/** A small world with a planted mistake goes through the fault too, and is reported. */
async function planted(plants: Plants): Promise<World> {
  const world = await openWorld(plants);
  worlds.push(world);
  await world.consume(balances(), plants);
  await world.pay(10);
  return world;
}
const expectFound = async (world: World, what: RegExp): Promise<void> =>
  expect((await wrongWith(world, { patience: 5000 })).join('\n')).toMatch(what);
const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
}, 600_000);

describe('Kill -9', () => {
  rounds(
    { of50: 6, least: 3 },
    'of each process in turn, under load, loses nothing and does nothing twice',
    async (count, roll) => {
      const company = await theCompany();
      // With few rounds several die at once, because each of them must.
      const together = Math.ceil(processes.length / count);
      for (let round = 1; round <= count; round += 1) {
        const names = Array.from(
          { length: together },
          (_, n) => processes[((round - 1) * together + n) % processes.length]!,
        );
        const fault = async (): Promise<void> => {
          await sleep(roll(800));
          await Promise.all(names.map((name) => company.kill(name)));
          await sleep(roll(500));
          await company.heal();
        };
        await survives(company, fault, `kill -9 of ${names.join(' and ')}, round ${round}`);
      }
      expectNothingWrong(await company.wrongModels(), `after ${count} kills of seed ${seed}`);
    },
  );

  rounds(
    { of50: 0, least: 1 },
    'is felt by this very test where a consumer moves its position before its documents',
    async (_, roll) => {
      const world = await openWorld();
      worlds.push(world);
      const program = fileURLToPath(new URL('consumer.mjs', import.meta.url));
      const child = spawn(process.execPath, [program, world.urls.events, world.urls.bus, world.urls.models], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, PLANT: 'premature' },
      });
      const gone = once(child, 'exit');
      child.stdout.once('data', () => child.kill('SIGKILL'));
      await world.pay(10 + roll(50));
      await gone;
      await world.consume();
      await world.pay(10);
      await expectFound(world, /holds \d+ payments of/);
    },
  );
});

describe('The broker', () => {
  rounds({ of50: 3, least: 1 }, 'stopped and started costs time and nothing else', async (count, roll) => {
    const company = await theCompany();
    let swallowed = 0;
    const twin = await planted({ publisher: careless(() => (swallowed += 1)) });
    for (let round = 1; round <= count; round += 1) {
      const fault = async (): Promise<void> => {
        await engine('kafka', 'stop');
        const paying = twin.pay(20);
        await sleep(roll(2000));
        if (round === 1) await eventually(() => swallowed > 0, PATIENCE);
        await engine('kafka', 'start');
        await paying;
      };
      await survives(company, fault, `broker stopped, round ${round}`);
    }
    await twin.pay(1);
    await expectFound(twin, /the lag is not 0/);
  });
});

describe('The database of the read models', () => {
  rounds({ of50: 3, least: 1 }, 'stopped and started costs time and nothing else', async (count, roll) => {
    const company = await theCompany();
    let swallowed = 0;
    const twin = await planted({ bus: deafBus(() => (swallowed += 1)) });
    for (let round = 1; round <= count; round += 1) {
      const fault = async (): Promise<void> => {
        await engine('mongodb', 'stop');
        const paying = twin.pay(20);
        await sleep(roll(2000));
        if (round === 1) await eventually(() => swallowed > 0, PATIENCE);
        await engine('mongodb', 'start');
        await paying;
      };
      await survives(company, fault, `read models stopped, round ${round}`);
    }
    await twin.pay(1);
    await expectFound(twin, /the lag is not 0/);
  });
});

describe('The event store', () => {
  rounds({ of50: 2, least: 1 }, 'stopped and started costs time and nothing else', async (count, roll) => {
    const company = await theCompany();
    let swallowed = 0;
    const twin = await planted({ hasty: () => (swallowed += 1) });
    for (let round = 1; round <= count; round += 1) {
      const fault = async (): Promise<void> => {
        await engine('eventstore', 'stop');
        const paying = twin.pay(20);
        await sleep(roll(2000));
        if (round === 1) await eventually(() => swallowed > 0, PATIENCE);
        await engine('eventstore', 'start');
        await paying;
      };
      await survives(company, fault, `event store stopped, round ${round}`);
    }
    await expectFound(twin, /was acknowledged, and is lost/);
  });

  rounds({ of50: 2, least: 1 }, 'whose subscriptions go silent is subscribed to anew', async (count, roll) => {
    const company = await theCompany();
    let silent = false;
    const twin = await planted({ log: trusting(() => silent) });
    const control = /^CONTROL=(.*)$/m.exec((await engine('eventstore', 'urls')).stdout)?.[1];
    for (let round = 1; round <= count; round += 1) {
      const fault = async (): Promise<void> => {
        await sleep(roll(500));
        silent = true;
        await fetch(control!, { method: 'POST', body: JSON.stringify({ silence: true }) });
        await twin.pay(20);
        await sleep(roll(2000));
      };
      await survives(company, fault, `event store silent, round ${round}`);
    }
    await expectFound(twin, /the lag is not 0/);
  });
});

// Once for all of these faults, because each writes documents that no later one touches, and the comparison takes as long as a fault.
describe('After the faults of all engines', () => {
  rounds({ of50: 0, least: 1 }, 'models, lines and statements are as the log makes them', async () => {
    expectNothingWrong(await (await theCompany()).wrongModels(), `after the engines of seed ${seed}`);
  });
});
