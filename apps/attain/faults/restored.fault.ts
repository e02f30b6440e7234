import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { attain, endAll, type Serving, serveShop, writeShop } from './shop.js';

const scratch = mkdtempSync(join(tmpdir(), 'attain-restored-'));
afterAll(() => rmSync(scratch, { recursive: true }));

afterEach(endAll);

const folder = join(scratch, 'folder');
const killed = join(scratch, 'killed');
const backup = join(scratch, 'backup');
/** Ten deals are acknowledged, of which the backup has six; the process is killed, so that the WAL stays as a power cut leaves it. */
beforeAll(async () => {
  writeShop(folder, 6);
  await (await serveShop(killed, folder)).stop();
  cpSync(killed, backup, { recursive: true });
  writeShop(folder, 10);
  const served = await serveShop(killed, folder);
  expect(await dealsIn(served)).toBe(10);
  await served.kill();
});

let worlds = 0;
let data: string;
beforeEach(() => {
  data = join(scratch, `data-${(worlds += 1)}`);
  cpSync(killed, data, { recursive: true });
});

const dealsIn = async (served: Serving) =>
  (await served.ask<{ rows: unknown[] }>('fay', '/deals?on=2025-01-31&limit=100')).body.rows.length;

/** Of the ten deals the log keeps fewer. */
const faults: [string, () => void][] = [
  [
    'an older log is restored',
    () =>
      ['events.db', 'events.db-wal', 'events.db-shm'].forEach((name) => replace(join(backup, name), join(data, name))),
  ],
  [
    'the WAL of the log is gone',
    () => {
      expect(statSync(join(data, 'events.db-wal')).size).toBeGreaterThan(0);
      rmSync(join(data, 'events.db-wal'));
      rmSync(join(data, 'events.db-shm'), { force: true });
    },
  ],
  [
    'the WAL of the log is cut in the middle',
    () => {
      const wal = join(data, 'events.db-wal');
      truncateSync(wal, 32 + Math.floor((statSync(wal).size - 32) / 3));
    },
  ],
];
function replace(from: string, to: string): void {
  rmSync(to, { force: true });
  try {
    cpSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

describe('A log that lost acknowledged events', () => {
  it.each(faults)('raises an alarm when %s, answers nothing, and is served again after a rebuild', async (_, lose) => {
    lose();
    const served = await serveShop(data);
    expect(served.alarm).toContain('The read models do not follow from this log');
    expect((await served.ask(null, '/health/ready')).body).toMatchObject({ status: 'foreign models' });
    expect((await served.ask('fay', '/deals?on=2025-01-31&limit=100')).body).toMatchObject({
      status: 503,
      code: 'MODELS_FOREIGN',
    });
    expect((await served.ask('fay', '/periods/2025-01/close', {})).status).toBe(503);
    await served.stop();

    const question = attain(['statement', 'ann', '2025-01', '--data', data]);
    expect(question).toMatchObject({ status: 1, out: '', err: expect.stringContaining('attain models rebuild') });
    expect(question.err).not.toContain('    at ');
    expect(attain(['models', '--data', data])).toMatchObject({ status: 1, out: expect.stringContaining('foreign') });
    expect(attain(['models', 'rebuild', '--data', data])).toMatchObject({
      status: 0,
      out: expect.stringContaining('rebuilt'),
    });
    expect(attain(['models', '--data', data]).status).toBe(0);

    // The folder restores the lost events, although its files have not changed since the last import.
    const again = await serveShop(data, folder);
    expect(again.alarm).toBeUndefined();
    expect((await again.ask(null, '/health/ready')).status).toBe(200);
    expect(await dealsIn(again)).toBe(10);
    await again.stop();
    expect(attain(['verify', '--data', data])).toMatchObject({ status: 0 });
  });

  it('would be served as if nothing were missing by models that know no seal: the mistake that this test must find', async () => {
    faults[0]![1]();
    // A program without the comparison would move the position to the end of the log.
    const log = new DatabaseSync(join(data, 'events.db'));
    const { head } = log.prepare('SELECT max(position + count - 1) AS head FROM chunk').get() as { head: number };
    log.close();
    const models = new DatabaseSync(join(data, 'models.db'));
    models.exec(`UPDATE model SET seal = NULL, position = ${head} WHERE name NOT LIKE 'local-%'`);
    models.close();
    const served = await serveShop(data);
    expect((await served.ask(null, '/health/ready')).status).toBe(200);
    expect(await dealsIn(served)).toBe(10);
    await served.stop();
    expect(attain(['verify', '--data', data]).status).toBe(1);
  });
});
