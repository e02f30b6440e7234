import { afterAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqliteEventStore, verifyLog } from '@attain/adapters';
import { JoinedStatements } from '@attain/incentives';
import { dice, expectNothingWrong } from './crashed.js';

const ROUNDS = Number(process.env['PRODUCT_ROUNDS'] ?? 40);
const seed = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31));
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'attain-product-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const folder = here('../demo');
const DEALS = 8800;
const PERIODS = Array.from({ length: 9 }, (_, month) => `2017-0${month + 1}`);

interface World {
  directory: string;
  imported: boolean;
  closed: string[];
  done: boolean;
}

/** Kills it so many milliseconds after it has begun; undefined lets it come to its end. */
async function runUntilKilled(world: World, delay: number | undefined): Promise<void> {
  const left = PERIODS.filter((period) => !world.closed.includes(period));
  const child: ChildProcess = spawn(process.execPath, [here('product.mjs'), world.directory, folder, world.imported ? 'close' : 'import', left.join(',')], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let timer: NodeJS.Timeout | undefined;
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    timer ??= delay === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), delay);
    output += text;
  });
  const [[code, signal]] = await Promise.all([once(child, 'exit'), once(child.stdout as NodeJS.ReadableStream, 'close'), once(child.stderr as NodeJS.ReadableStream, 'close')]);
  clearTimeout(timer);
  expect({ ended: code === 0 || signal === 'SIGKILL', code, signal, errors }).toEqual({ ended: true, code, signal, errors });
  for (const line of output.split('\n').slice(0, -1)) {
    const [what, detail] = line.split(' ');
    if (what === 'imported') world.imported = true;
    if (what === 'closed') world.closed.push(detail as string);
    if (what === 'done') world.done = true;
  }
}

/** What is wrong with the log, in words: something acknowledged is missing, or something happened twice. */
async function wrongWith({ directory, imported, closed }: World): Promise<string[]> {
  const file = join(directory, 'events.db');
  if (!existsSync(file)) return [];
  const wrong = verifyLog(file).problems.map(({ position, problem }) => `verify: ${position ?? ''} ${problem}`);
  const opened = new Map<string, number>();
  const participants = new Map<string, number>();
  const statements = new Map<string, number>();
  const issued = new Set<string>();
  const joined = new JoinedStatements();
  const store = openSqliteEventStore({ file });
  for await (const page of store.readAll({ categories: ['deal', 'period', 'statement'] })) {
    for (const event of page) {
      const { type, stream, data } = event;
      if (type === 'DealOpened') opened.set(stream, (opened.get(stream) ?? 0) + 1);
      if (type === 'PeriodClosed') {
        const { period, participants: count } = data as { period: string; participants: number };
        if (participants.has(period)) wrong.push(`${period} was closed twice`);
        participants.set(period, count);
      }
      // A statement is issued once its last part is stored; a part of it counts for nothing.
      const whole = event.category === 'statement' ? joined.take(event) : undefined;
      if (whole !== undefined) {
        const { period } = whole;
        if (issued.has(stream)) wrong.push(`${stream} was issued twice`);
        issued.add(stream);
        statements.set(period, (statements.get(period) ?? 0) + 1);
      }
    }
  }
  await store.close();
  for (const [stream, count] of opened) if (count !== 1) wrong.push(`${stream} was opened ${count} times`);
  if (imported && opened.size !== DEALS) wrong.push(`${opened.size} of ${DEALS} imported deals are there`);
  for (const period of closed) {
    if (!participants.has(period)) wrong.push(`${period} was acknowledged as closed, and is not`);
    else if (statements.get(period) !== participants.get(period)) wrong.push(`${period} was acknowledged as closed with ${statements.get(period)} of ${participants.get(period)} statements`);
  }
  return wrong;
}

describe('Kill -9 of the product', () => {
  it(`at ${ROUNDS} random points while it imports and closes loses nothing acknowledged and pays nothing twice (FAULT_SEED=${seed})`, async () => {
    const roll = dice(seed);
    let world: World = { directory: '', imported: false, closed: [], done: true };
    let worlds = 0;
    let closed = 0;
    for (let round = 1; round <= ROUNDS || !world.done; round += 1) {
      if (world.done) world = { directory: join(scratch, String((worlds += 1))), imported: false, closed: [], done: false };
      const before = world.closed.length;
      await runUntilKilled(world, round > ROUNDS ? undefined : roll(roll(3) === 0 ? 300 : 3000));
      closed += world.closed.length - before;
      expectNothingWrong(await wrongWith(world), `${round} of seed ${seed}`);
      if (!world.done) continue;
      const verified = spawnSync(process.execPath, [here('../dist/cli/main.js'), 'verify', '--data', world.directory], { encoding: 'utf8' });
      expect({ status: verified.status, told: verified.stdout + verified.stderr }).toMatchObject({ status: 0, told: expect.stringContaining('all hashes agree') });
      rmSync(world.directory, { recursive: true });
    }
    expect(closed).toBeGreaterThanOrEqual(PERIODS.length);
  });
});
