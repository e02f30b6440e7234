import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteEventStore } from '@attain/adapters';
import { decodeEvent } from '@attain/contracts';
import { decoded, type EventStore, type NewEvent } from '@attain/eventsourcing';
import { type Measured, median, perSecond, timed } from './report.js';

function opened(index: number): { stream: string; events: NewEvent[] } {
  return {
    stream: `deal-bench:${index}`,
    events: [
      {
        id: randomUUID(),
        type: 'DealOpened',
        version: 1,
        data: {
          source: 'bench',
          id: String(index),
          fields: { owner: 'rep0001', amount: '1054.00', stage: 'Engaging', product: 'GTX Pro', opened: '2025-01-02' },
        },
        meta: { actor: 'bench', correlation: 'bench', recorded: '2025-01-02T00:00:00.000Z' },
      },
    ],
  };
}

/** Acknowledged appends: one after the other, and many at once sharing a commit, beside a file that is written and synced. */
export async function appends(directory: string): Promise<Measured[]> {
  const one = 400;
  const many = 20_000;
  const bytes = Buffer.from(JSON.stringify(opened(0).events[0]));
  const raw = openSync(join(directory, 'raw.log'), 'a');
  const rawTimes = await timed(3, () => {
    for (let i = 0; i < one; i++) {
      writeSync(raw, bytes);
      fsyncSync(raw);
    }
  });
  closeSync(raw);

  const store = openSqliteEventStore({ file: join(directory, 'append.db') });
  let next = 0;
  const append = () => store.append({ ...opened(next++), expected: 'none' });
  const singleTimes = await timed(3, async () => {
    for (let i = 0; i < one; i++) await append();
  });
  const groupTimes = await timed(3, async () => {
    for (let done = 0; done < many; done += 500) await Promise.all(Array.from({ length: 500 }, append));
  });
  await store.close();

  const fsyncs = one / median(rawTimes);
  const single = one / median(singleTimes);
  const group = many / median(groupTimes);
  const rate = (perMs: number) => perSecond(perMs, 1);
  return [
    {
      what: 'append, one at a time',
      value: rate(single),
      baseline: `write+fsync ${rate(fsyncs)}`,
      ratio: single / fsyncs,
    },
    {
      what: 'append, 500 at once (group commit)',
      value: rate(group),
      baseline: `one at a time ${rate(single)}`,
      ratio: group / single,
      aim: '≥ 8 ×',
    },
  ];
}

interface Folded {
  events: number;
  cents: number;
}
function fold(state: Folded, type: string, data: unknown): void {
  state.events++;
  if (type === 'DealOpened') state.cents += Number((data as { fields: { amount?: string } }).fields.amount ?? 0);
}

/** Reading the whole log in order and folding it, beside JSON.parse and the same fold over texts that lie in memory. */
export async function replay(store: EventStore): Promise<Measured[]> {
  const texts: { type: string; version: number; text: string }[] = [];
  for await (const page of store.readAll({ page: 5000 }))
    for (const event of page)
      texts.push({
        type: event.type,
        version: event.version,
        text: JSON.stringify({ data: event.data, meta: event.meta }),
      });

  const parsed: Folded = { events: 0, cents: 0 };
  const limit = median(
    await timed(3, () => {
      for (const { type, text } of texts) fold(parsed, type, (JSON.parse(text) as { data: unknown }).data);
    }),
  );
  const read: Folded = { events: 0, cents: 0 };
  const raw = median(
    await timed(3, async () => {
      for await (const page of store.readAll({ page: 5000 }))
        for (const event of page) fold(read, event.type, event.data);
    }),
  );
  const strict: Folded = { events: 0, cents: 0 };
  const codec = { decode: decodeEvent };
  const checked = median(
    await timed(1, async () => {
      for await (const page of store.readAll({ page: 5000 }))
        for (const event of page) fold(strict, event.type, decoded(codec, event).data);
    }),
  );
  if (parsed.cents / 4 !== read.cents / 4) throw new Error(`replay folded ${read.cents}, the limit ${parsed.cents}`);
  const baseline = `JSON.parse+fold ${perSecond(texts.length, limit)}`;
  return [
    {
      what: `replay of ${texts.length.toLocaleString('en-US')} events`,
      value: perSecond(texts.length, raw),
      baseline,
      ratio: limit / raw,
      aim: '≥ 0.8 ×',
    },
    {
      what: 'replay, every event checked against its schema',
      value: perSecond(texts.length, checked),
      baseline,
      ratio: limit / checked,
    },
  ];
}
