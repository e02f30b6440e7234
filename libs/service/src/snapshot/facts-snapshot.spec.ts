import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventStore } from '@attain/adapters';
import { createLogBus, type NewEvent } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import { Alarms } from '../alarms.js';
import { ClockGuard } from '../clock/clock-guard.js';
import { createFedHistory, historyCategories, HistoryFeed, peopleCategories } from '../history-feed.js';
import type { Log } from '../log.js';
import { FactsSnapshot } from './facts-snapshot.js';
import { readSegment, writeSegment } from './segment-file.js';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'attain-snapshot-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const clock = () => '2026-01-05T00:00:00.000Z';
const at = (name: string) => join(directory, 'snapshot', name);
const files = () => (existsSync(at('')) ? readdirSync(at('')).sort() : []);

/** A process that follows the log of the directory. */
async function started({
  categories = historyCategories,
  least = 1,
  room = 0,
  isKept = true,
}: { categories?: readonly string[]; least?: number; room?: number; isKept?: boolean } = {}) {
  const lines: string[] = [];
  const write = (message: string, fields: object = {}) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = {
    debug: () => undefined,
    info: write,
    warn: (message, fields) => write(`WARN ${message}`, fields),
    error: write,
    failure: (message) => write(message),
  };
  const store = openSqliteEventStore({ file: join(directory, 'events.db') });
  const history = createFedHistory(async () => undefined, clock, categories);
  const snapshot = new FactsSnapshot({
    directory: isKept ? at('') : undefined,
    categories,
    store,
    history,
    log,
    limits: { whole: 8, least, quiet: 1, room },
  });
  const guard = new ClockGuard(store, clock, undefined, { ahead: Infinity, idle: Infinity });
  const bus = createLogBus(store);
  const running = await new HistoryFeed(store, history, guard, snapshot, new Alarms(log)).start(bus, (error) =>
    write(String(error)),
  );
  const warnings = () => lines.filter((line) => line.startsWith('WARN'));
  /** The whole content of the history, and results that depend on dates and instants. */
  const answers = async () => {
    const facts = history
      .factsBetween(0n, history.head)
      .map(({ position, ...fact }) => ({ ...fact, position: String(position) }));
    return JSON.stringify([facts, history.span(), history.people(), (await guard.state()).recorded]);
  };
  const close = async () => {
    await running.stop();
    await bus.close();
    await store.close();
  };
  return { store, history, lines, warnings, answers, close };
}
const event = (type: string, data: unknown, recorded: string): NewEvent => ({
  id: newUuid(),
  type,
  version: 1,
  data,
  meta: { actor: 'test', correlation: 'test', recorded },
});

/** Ten events more: a person, and deals that name dates. */
async function record(round: number): Promise<void> {
  const store = openSqliteEventStore({ file: join(directory, 'events.db') });
  const recorded = `2026-01-0${round}T00:00:00.000Z`;
  await store.append({
    stream: `participant-p${round}`,
    expected: 'any',
    events: [
      event(
        'ParticipantAssigned',
        {
          participant: `p${round}`,
          from: `200${round}-01-01`,
          to: null,
          role: 'AE',
          manager: null,
          team: 'Zürich 😀',
          region: null,
          currency: null,
          fields: {},
        },
        recorded,
      ),
    ],
  });
  for (let n = 0; n < 9; n += 1) {
    const id = `D${round}${n}`;
    await store.append({
      stream: `deal-crm:${id}`,
      expected: 'any',
      events: [
        event(
          'DealOpened',
          { source: 'crm', id, fields: { owner: `p${round}`, amount: `${n}.00`, closed: `199${round}-01-0${n + 1}` } },
          recorded,
        ),
      ],
    });
  }
  await store.close();
}
/** Rounds of ten events, each read by a process that then stops. */
async function kept(rounds: number, options?: Parameters<typeof started>[0]): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    await record(round);
    await (await started(options)).close();
  }
}
/** The answers of a process that reads only the log. */
async function truth(options?: Parameters<typeof started>[0]): Promise<string> {
  const alone = await started({ ...options, isKept: false });
  const answers = await alone.answers();
  await alone.close();
  return answers;
}
const stampOf = async (name: string) => (await readSegment(at(name)))!;

describe('the snapshot of facts', () => {
  it('is written at an orderly stop, and a start reads it and only the rest of the log', async () => {
    await kept(3);
    expect(files()).toEqual(['facts-0.bin', 'facts-10.bin', 'facts-20.bin']);
    await record(4);
    const again = await started();
    expect(again.lines.join('\n')).toContain('Facts were read from the snapshot {"facts":30,"position":"30"}');
    expect(again.warnings()).toEqual([]);
    expect(await again.answers()).toBe(await truth());
    await again.close();
    expect((await stampOf('facts-30.bin')).stamp).toMatchObject({ after: 30n, position: 40n, facts: 10 });
  });

  it('is written in the background while the process runs', async () => {
    await record(1);
    const running = await started();
    await until(() => files().includes('facts-0.bin'));
    expect((await stampOf('facts-0.bin')).stamp.position).toBe(10n);
    await running.close();
  });

  it('contains the facts of the process, and the dates and instants of the other facts', async () => {
    const few = { categories: peopleCategories };
    await kept(2, few);
    expect((await stampOf('facts-0.bin')).stamp).toMatchObject({
      facts: 2,
      position: 20n,
      from: '1991-01-01',
      to: '2002-01-01',
    });
    const again = await started(few);
    expect(await again.answers()).toBe(await truth(few));
    await again.close();
  });

  const cases: readonly { what: string; reason: string; after: string; damage(): Promise<void> | void }[] = [
    {
      what: 'is cut off',
      reason: 'damaged or cut off',
      after: '10',
      damage: () => truncateSync(at('facts-10.bin'), readFileSync(at('facts-10.bin')).length - 5),
    },
    { what: 'is almost empty', reason: 'cut off', after: '10', damage: () => truncateSync(at('facts-10.bin'), 7) },
    { what: 'is empty', reason: 'cut off', after: '0', damage: () => truncateSync(at('facts-0.bin'), 0) },
    {
      what: 'has a flipped bit in its facts',
      reason: 'damaged',
      after: '10',
      damage: () => flip(at('facts-10.bin'), 0.9),
    },
    {
      what: 'has a flipped bit in its stamp',
      reason: 'damaged',
      after: '10',
      damage: () => flip(at('facts-10.bin'), 0.05),
    },
    {
      what: 'is another file',
      reason: 'no file of facts',
      after: '0',
      damage: () => writeFileSync(at('facts-0.bin'), 'x'.repeat(5000)),
    },
    {
      what: 'is of another version',
      reason: 'another version',
      after: '10',
      damage: () => stamped('facts-10.bin', { versions: 'older' }),
    },
    {
      what: 'holds other categories',
      reason: 'other categories',
      after: '0',
      damage: () => stamped('facts-0.bin', { categories: ['deal'] }),
    },
    {
      what: 'has the seal of another log',
      reason: 'of another log',
      after: '10',
      damage: () => stamped('facts-10.bin', { seal: '00'.repeat(32) }),
    },
    {
      what: 'has the name of another file',
      reason: 'begins after position 0, expected 10',
      after: '10',
      damage: () => copyFileSync(at('facts-0.bin'), at('facts-10.bin')),
    },
    {
      what: 'is ahead of the log',
      reason: 'ends at position 90, and the log at 30',
      after: '10',
      damage: () => stamped('facts-10.bin', { position: 90n }),
    },
  ];
  it.each(cases)(
    'is left out where a file $what; the process answers correctly, logs the reason once, and writes the file again',
    async ({ reason, after, damage }) => {
      await kept(3);
      await damage();
      const again = await started();
      expect(again.warnings()).toEqual([expect.stringContaining(reason)]);
      expect(again.warnings()[0]).toContain(`"after":"${after}"`);
      expect(await again.answers()).toBe(await truth());
      await again.close();
      const healed = await started();
      expect(healed.warnings()).toEqual([]);
      expect(healed.lines.join('\n')).toContain('{"facts":30,"position":"30"}');
      await healed.close();
    },
  );

  it('is left out where the log was restored from a backup and went on differently', async () => {
    await kept(1);
    const backup = join(directory, 'backup.db');
    copyFileSync(join(directory, 'events.db'), backup);
    await record(2);
    await (await started()).close();
    copyFileSync(backup, join(directory, 'events.db'));
    const shorter = await started({ least: Infinity });
    expect(shorter.warnings()).toEqual([expect.stringContaining('ends at position 20, and the log at 10')]);
    expect(await shorter.answers()).toBe(await truth());
    await shorter.close();
    await record(3);
    const other = await started();
    expect(other.warnings()).toEqual([expect.stringContaining('another seal at position 20')]);
    expect(await other.answers()).toBe(await truth());
    await other.close();
  });

  it('is missing in part: the rest is read from the log, and nothing stays behind', async () => {
    await kept(3);
    rmSync(at('facts-10.bin'));
    const again = await started();
    expect(await again.answers()).toBe(await truth());
    await again.close();
    expect(files()).toEqual(['facts-0.bin', 'facts-10.bin']);
  });

  it('is whole after a kill in the middle of writing, and what was begun is removed', async () => {
    await kept(2);
    const half = readFileSync(at('facts-10.bin')).subarray(0, 100);
    writeFileSync(at('facts-20.bin.0a1b2c.tmp'), half);
    await record(3);
    const again = await started();
    expect(again.warnings()).toEqual([]);
    expect(await again.answers()).toBe(await truth());
    await again.close();
    expect(files()).toEqual(['facts-0.bin', 'facts-10.bin', 'facts-20.bin']);
  });

  it('leaves the room on an almost full disk to the log', async () => {
    await record(1);
    const running = await started({ room: Number.MAX_SAFE_INTEGER });
    await running.close();
    expect(running.warnings()).toEqual([expect.stringContaining('the disk is almost full')]);
    expect(files()).toEqual([]);
    const again = await started();
    expect(await again.answers()).toBe(await truth());
    await again.close();
  });

  it('cannot be written: the process continues, and logs this once', async () => {
    await record(1);
    writeFileSync(at(''), 'a file where the directory should be');
    const running = await started();
    await until(() => running.warnings().length > 0);
    await running.close();
    expect(new Set(running.warnings()).size).toBe(running.warnings().length);
    expect(running.warnings()).toContainEqual(expect.stringContaining('could not be written'));
    expect(running.history.factsBetween(0n, 99n)).toHaveLength(10);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resume) => setTimeout(resume, 5));
}
function flip(path: string, share: number): void {
  const bytes = readFileSync(path);
  const place = Math.floor(bytes.length * share);
  bytes[place] = bytes[place]! ^ 4;
  writeFileSync(path, bytes);
}
async function stamped(name: string, change: Partial<Awaited<ReturnType<typeof stampOf>>['stamp']>): Promise<void> {
  const { stamp, facts } = await stampOf(name);
  await writeSegment(at(name), { stamp: { ...stamp, ...change }, facts });
}
