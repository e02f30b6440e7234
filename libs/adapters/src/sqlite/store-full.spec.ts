import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreFull } from '@attain/eventsourcing';
import { all, event } from '@attain/eventsourcing/testing';
import { verifyLog } from '../verify-log.js';
import { openSqliteEventStore } from './event-store.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'attain-full-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const text = 'x'.repeat(3000);
const batch = (n: number) =>
  Array.from({ length: 10 }, (_, i) => ({
    stream: `deal-${n}-${i}`,
    expected: 'none' as const,
    events: [event('DealOpened', { text })],
  }));

describe('A full store', () => {
  it('refuses with StoreFull, keeps no half of a batch, and reads go on', async () => {
    const file = join(directory, 'events.db');
    const store = openSqliteEventStore({ file, maxPages: 60 });
    let acknowledged = 0;
    let refusal: unknown;
    for (let n = 0; !refusal && n < 100; n += 1) {
      try {
        acknowledged = Number((await store.appendMany(batch(n))).length) + acknowledged;
      } catch (error) {
        refusal = error;
      }
    }
    expect(refusal).toBeInstanceOf(StoreFull);
    expect((await all(store.readAll())).length).toBe(acknowledged);
    expect(await store.head()).toBe(BigInt(acknowledged));
    expect(verifyLog(file)).toMatchObject({ events: acknowledged, problems: [] });

    // A small one may still fit, and its position follows without a hole.
    const small = { stream: 'deal-small', expected: 'none' as const, events: [event('DealOpened')] };
    const answer = await store.append(small).catch((error: unknown) => error);
    if (!(answer instanceof StoreFull)) expect(answer).toMatchObject({ position: BigInt(acknowledged + 1) });
    await store.close();
  });

  it('takes events again as soon as there is room, without a restart', async () => {
    const file = join(directory, 'events.db');
    const filler = new DatabaseSync(file);
    filler.exec('PRAGMA page_size = 8192; CREATE TABLE filler(x)');
    filler.exec(
      `INSERT INTO filler SELECT zeroblob(8000) FROM json_each('[${Array.from({ length: 50 }, () => 1).join(',')}]')`,
    );
    filler.close();
    const store = openSqliteEventStore({ file, maxPages: 70 });
    let n = 0;
    while (
      n < 100 &&
      (await store.appendMany(batch(n)).then(
        () => true,
        () => false,
      ))
    )
      n += 1;
    await expect(store.appendMany(batch(n))).rejects.toBeInstanceOf(StoreFull);
    const room = new DatabaseSync(file);
    room.exec('DELETE FROM filler');
    room.close();
    const answers = await store.appendMany(batch(n));
    expect(answers.map((answer) => (answer as { position: bigint }).position)).toEqual(
      Array.from({ length: 10 }, (_, i) => BigInt(n * 10 + i + 1)),
    );
    await store.close();
    expect(verifyLog(file).problems).toEqual([]);
  });
});
