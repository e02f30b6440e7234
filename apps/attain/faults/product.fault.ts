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
/** Kills the product so many milliseconds after so many lines, so that a slow machine gets as far as a fast one. */
interface Kill {
  lines: number;
  delay: number;
}
/** Milliseconds of a round on a machine that does much else. */
const ROUND = 180_000;
/** Milliseconds without a line, after which the product hangs; a busy machine needs some ten seconds for the import. */
const HANGS = 300_000;

/** Lets the product work until it is killed; without a kill, until it has closed everything. */
async function run(world: World, kill: Kill | undefined, round: string): Promise<void> {
  const left = PERIODS.filter((period) => !world.closed.includes(period));
  const from = world.imported ? 'close' : 'import';
  const child: ChildProcess = spawn(
    process.execPath,
    [here('product.mjs'), world.directory, folder, from, left.join(',')],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let [output, errors, hangs] = ['', '', false];
  const killIn = (milliseconds: number): NodeJS.Timeout => setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const hang = (): NodeJS.Timeout => setTimeout(() => (hangs = child.kill('SIGKILL')), HANGS);
  let timer = kill?.lines === 0 ? killIn(kill.delay) : undefined;
  let watch = hang();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    clearTimeout(watch);
    watch = hang();
    if (kill !== undefined && output.split('\n').length > kill.lines) timer ??= killIn(kill.delay);
  });
  const [[code, signal]] = await Promise.all([
    once(child, 'exit'),
    once(child.stdout as NodeJS.ReadableStream, 'close'),
    once(child.stderr as NodeJS.ReadableStream, 'close'),
  ]);
  clearTimeout(timer);
  clearTimeout(watch);
  const ended = hangs
    ? `printed nothing for ${HANGS / 1000} s`
    : code === 0
      ? 'done'
      : signal === 'SIGKILL' && timer !== undefined
        ? 'killed'
        : `ended with ${code ?? signal}`;
  if (ended !== 'done' && ended !== 'killed')
    throw new Error(
      `Round ${round}, ${from} of ${left.join(', ')}: the product ${ended}.\nIt printed:\n${output}\nand to stderr:\n${errors}`,
    );
  for (const line of output.split('\n').slice(0, -1)) {
    const [what, detail = ''] = line.split(' ');
    if (what === 'imported') world.imported = true;
    if (what === 'closed') world.closed.push(...detail.split(','));
    if (what === 'done') world.done = true;
  }
}

/** The errors of the log, as sentences: an acknowledged event is missing, or a command happened twice. */
async function wrongWith({ directory, imported, closed, done }: World): Promise<string[]> {
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
  // A close that was cut off may have closed a quarter on its way to the month, and no later answer names it.
  for (const period of done ? new Set([...closed, ...participants.keys()]) : closed) {
    if (!participants.has(period)) wrong.push(`${period} was acknowledged as closed, and is not`);
    else if ((statements.get(period) ?? 0) !== participants.get(period))
      wrong.push(
        `${period} was acknowledged as closed with ${statements.get(period) ?? 0} of ${participants.get(period)} statements`,
      );
  }
  return wrong;
}

describe('Kill -9 of the product', () => {
  it(
    `at ${ROUNDS} random points while it imports and closes loses nothing acknowledged and pays nothing twice (FAULT_SEED=${seed})`,
    async () => {
      const roll = dice(seed);
      let world: World = { directory: '', imported: false, closed: [], done: true };
      let worlds = 0;
      let closed = 0;
      for (let round = 1; round <= ROUNDS || !world.done; round += 1) {
        if (world.done)
          world = { directory: join(scratch, String((worlds += 1))), imported: false, closed: [], done: false };
        const before = world.closed.length;
        const kill = { lines: roll(5), delay: roll(roll(3) === 0 ? 200 : 2000) };
        await run(world, round > ROUNDS ? undefined : kill, `${round} of seed ${seed}`);
        closed += world.closed.length - before;
        expectNothingWrong(await wrongWith(world), `${round} of seed ${seed}`);
        if (!world.done) continue;
        expect(world.closed).toEqual(expect.arrayContaining(PERIODS));
        const verified = spawnSync(
          process.execPath,
          [here('../dist/cli/main.js'), 'verify', '--data', world.directory],
          { encoding: 'utf8' },
        );
        expect({ status: verified.status, output: verified.stdout + verified.stderr }).toMatchObject({
          status: 0,
          output: expect.stringContaining('all hashes agree'),
        });
        rmSync(world.directory, { recursive: true });
      }
      expect(closed).toBeGreaterThanOrEqual(PERIODS.length);
    },
    ROUNDS * ROUND,
  );
});
