import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { event } from '@attain/eventsourcing/testing';
import fc from 'fast-check';
import { openSqliteEventStore } from './sqlite/event-store.js';
import { verifyLog } from './verify-log.js';

const directory = mkdtempSync(join(tmpdir(), 'attain-verify-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'events.db');

async function write(): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  const store = openSqliteEventStore({ file });
  for (let n = 0; n < 20; n += 1)
    await store.appendMany([
      {
        stream: `deal-${n % 7}`,
        expected: 'any',
        events: [event('DealRepriced', { amount: String(1000 + n) }), event('DealWon', { closed: '2025-01-31' })],
      },
      { stream: `quota-${n}`, expected: 'none', events: [event('QuotaAssigned', { amount: '5000' })] },
    ]);
  await store.close();
}
function tamper(...statements: string[]): string[] {
  const db = new DatabaseSync(file);
  for (const statement of statements) db.exec(statement);
  db.close();
  return verifyLog(file).problems.map(({ position, problem }) => `${position ?? ''} ${problem}`);
}

describe('Verifying a log', () => {
  beforeEach(write);

  it('finds an untouched one as it was written, by its file or its directory', () => {
    const verified = verifyLog(file);
    expect(verified).toMatchObject({ events: 60, streams: 27, head: { position: '60' }, problems: [] });
    expect(verifyLog(directory)).toEqual(verified);
  });

  it('finds an amount that was raised afterwards', () => {
    expect(tamper(`UPDATE chunk SET events = replace(events, '"1011"', '"9011"')`)).toEqual([
      expect.stringMatching(/^34 the seal of events 34 to 3\d does not match/),
    ]);
  });

  it.each([
    ['who did it', `UPDATE chunk SET meta = replace(meta, 'ann', 'bob') WHERE position = 1`],
    ['when it became known', `UPDATE chunk SET meta = replace(meta, '2025-01-01', '2024-12-31') WHERE position = 1`],
    ['the category', `UPDATE chunk SET category = 'quota' WHERE position = 1`],
    ['the seal', `UPDATE chunk SET seal = zeroblob(32) WHERE position = (SELECT max(position) FROM chunk)`],
    ['where a stream ends', `DELETE FROM append WHERE stream = 'quota-3'`],
    ['the position of an event', `UPDATE append SET position = position + 1 WHERE stream = 'quota-3'`],
    ['a stream that never was', `INSERT INTO append VALUES ('quota-99', 0, 1)`],
  ])('finds that somebody altered %s', (_, statement) => {
    expect(tamper(statement)).not.toEqual([]);
  });

  it('finds a row that was taken out', () => {
    expect(tamper('DELETE FROM chunk WHERE position = 4')).toEqual(
      expect.arrayContaining([expect.stringContaining('expected position 4')]),
    );
  });

  it('finds a cut tail, and a log sealed anew, against an anchor kept elsewhere', () => {
    const { head } = verifyLog(file);
    expect(verifyLog(file, [head]).problems).toEqual([]);
    tamper(
      'CREATE TEMP TABLE last AS SELECT max(position) AS position FROM chunk',
      'DELETE FROM append WHERE position >= (SELECT position FROM last)',
      'DELETE FROM chunk WHERE position = (SELECT position FROM last)',
    );
    expect(verifyLog(file, [head]).problems).toEqual(
      expect.arrayContaining([{ position: '60', problem: expect.stringContaining('cut off') }]),
    );
    expect(verifyLog(file, [{ position: verifyLog(file).head.position, seal: 'f'.repeat(64) }]).problems).toEqual(
      expect.arrayContaining([expect.objectContaining({ problem: expect.stringContaining('anchor') })]),
    );
  });

  it('never takes a file with a flipped bit for the one that was written', () => {
    const whole = readFileSync(file);
    const untouched = verifyLog(file);
    const copy = join(directory, 'flipped.db');
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        const flipped = Buffer.from(whole);
        flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at);
        writeFileSync(copy, flipped);
        for (const suffix of ['-wal', '-shm']) rmSync(copy + suffix, { force: true });
        let found: string;
        try {
          const { problems, events, streams, head } = verifyLog(copy);
          found = problems.length > 0 ? 'problems' : JSON.stringify({ events, streams, head });
        } catch {
          found = 'problems';
        }
        // A bit that no row lives in (free space, counters of the header) may flip: then what is read is the same.
        expect([
          'problems',
          JSON.stringify({ events: untouched.events, streams: untouched.streams, head: untouched.head }),
        ]).toContain(found);
      }),
      { numRuns: Number(process.env['LAWS_RUNS'] ?? 200) > 1000 ? 2000 : 200 },
    );
  });

  it('reads beside a running writer', async () => {
    const store = openSqliteEventStore({ file });
    await store.append({ stream: 'deal-new', expected: 'none', events: [event('DealOpened')] });
    expect(verifyLog(file)).toMatchObject({ events: 61, problems: [] });
    await store.close();
    copyFileSync(file, join(directory, 'copy.db'));
    expect(verifyLog(join(directory, 'copy.db'))).toMatchObject({ events: 61, problems: [] });
  });
});
