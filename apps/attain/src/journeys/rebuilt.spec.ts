import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { AttainEvent } from '@attain/contracts';
import type { Append, NewEvent } from '@attain/eventsourcing';
import { readFolder } from '@attain/pipeline';
import { createInstance, EVENT_STORE, EventTransport, type Instance } from '@attain/service';
import { newUuid } from '@attain/values';
import { recordContents } from '../folder/record-contents.js';
import { services } from '../modules.js';

const DEALS = Number(process.env['REBUILD_DEALS'] ?? 2000);
const CUTS = Number(process.env['REBUILD_CUTS'] ?? 5);
const seed = Number(process.env['FAULT_SEED'] ?? randomInt(2 ** 31));
const demo = fileURLToPath(new URL('../../demo', import.meta.url));
/** Appends that share a commit. */
const AT_ONCE = 1000;

let directory: string;
let instance: Instance;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'attain-rebuilt-'));
  instance = await createInstance(services, { urls: { events: `sqlite:${directory}` }, logLevel: 'silent' });
});
afterEach(async () => {
  await instance.close();
  rmSync(directory, { recursive: true });
});

function dice(from: number): (sides: number) => number {
  let state = from >>> 0 || 1;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * sides);
  };
}

/** What happens to deals in the order of chance: they open, change, are won, lost, reversed, reopened and retracted. */
class Selling {
  private readonly revisions: number[] = [];

  constructor(private readonly roll: (sides: number) => number) {}

  *next(count: number): Generator<Append> {
    for (const end = this.revisions.length + count; this.revisions.length < end;) {
      const known = this.revisions.length;
      if (known > 0 && this.roll(3) === 0) yield this.append(this.roll(known), this.changed());
      else yield this.append(known, this.opened(known));
    }
  }

  private append(deal: number, events: readonly AttainEvent[]): Append {
    const last = this.revisions[deal] ?? -1;
    this.revisions[deal] = last + events.length;
    const meta = { actor: 'test', correlation: 'c', recorded: '2025-06-30T00:00:00.000Z' };
    return {
      stream: `deal-generated:G${deal}`,
      expected: last < 0 ? 'none' : last,
      events: events.map((event): NewEvent => ({ ...event, id: newUuid(), version: 1, meta })),
    };
  }

  private date = (): string => `2025-${String(1 + this.roll(12)).padStart(2, '0')}-${10 + this.roll(19)}`;
  private owner = (): string => `rep${this.roll(50)}`;

  private opened(deal: number): AttainEvent[] {
    const fields = { owner: this.owner(), amount: `${this.roll(100_000)}.${10 + this.roll(90)}`, stage: 'New' };
    const opened: AttainEvent = { type: 'DealOpened', data: { source: 'generated', id: `G${deal}`, fields } };
    return this.roll(2) === 0 ? [opened, { type: 'DealWon', data: { closed: this.date() } }] : [opened];
  }

  private changed(): AttainEvent[] {
    const closed = this.date();
    const changes: AttainEvent[] = [
      { type: 'DealStageChanged', data: { stage: `Stage ${this.roll(5)}` } },
      { type: 'DealRepriced', data: { amount: String(this.roll(90_000)), currency: this.roll(2) ? 'EUR' : null } },
      { type: 'DealReassigned', data: { owner: this.owner() } },
      { type: 'DealAmended', data: { fields: { product: `P${this.roll(9)}`, note: 'a "quoted" ü \\ note' } } },
      { type: 'DealWon', data: { closed } },
      { type: 'DealLost', data: { closed } },
      { type: 'DealReversed', data: { reversal: `r${this.roll(3)}`, kind: 'refunded', date: closed, amount: '1.50' } },
      { type: 'DealReopened', data: {} },
      { type: 'DealRedated', data: { closed } },
    ];
    return [changes[this.roll(changes.length)]!];
  }
}

/** Every document of every model, byte for byte as the database holds it, with its position. */
function bytesOfModels(): Record<string, string[]> {
  const db = new DatabaseSync(join(directory, 'models.db'), { readOnly: true });
  try {
    const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '%@%'`).all() as {
      name: string;
    }[];
    const models = tables.map(({ name }): [string, string[]] => {
      const rows = db.prepare(`SELECT key, position, document FROM "${name}" ORDER BY key`).all() as {
        key: string;
        position: number;
        document: string;
      }[];
      return [name, rows.map(({ key, position, document }) => `${key} ${position} ${document}`)];
    });
    return Object.fromEntries(models.sort(([a], [b]) => (a < b ? -1 : 1)));
  } finally {
    db.close();
  }
}

describe('A model that is built anew', () => {
  it(`equals the one that grew with the log, byte for byte, at ${CUTS} random points of ${DEALS} deals (FAULT_SEED=${seed})`, async () => {
    const roll = dice(seed);
    const { contents } = await readFolder(demo);
    await recordContents(instance, contents!, { actor: 'test', correlation: 'c' });
    const selling = new Selling(roll);
    const store = instance.get(EVENT_STORE);
    const transport = instance.get(EventTransport);
    const points = [...Array.from({ length: CUTS - 1 }, () => roll(DEALS)), DEALS].sort((a, b) => a - b);
    let sold = 0;
    for (const point of points) {
      while (sold < point) {
        const part = Math.min(point - sold, 1 + roll(AT_ONCE));
        const answers = await store.appendMany([...selling.next(part)]);
        expect(answers.filter((answer) => answer instanceof Error)).toEqual([]);
        sold += part;
        if (roll(2) === 0) await instance.caughtUp(600_000);
      }
      await instance.caughtUp(600_000);
      const grown = bytesOfModels();
      for (const group of transport.kept) expect(await transport.rebuild(group)).toBe(true);
      await instance.caughtUp(600_000);
      expect(bytesOfModels()).toEqual(grown);
    }
    const models = bytesOfModels();
    expect(models['deals@2']!.length).toBeGreaterThan(DEALS);
    expect(Object.values(models).filter((documents) => documents.length > 0).length).toBeGreaterThan(5);
  });
});
