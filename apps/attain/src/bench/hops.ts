import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, connectPublisher, type Infra, type Urls } from '@attain/adapters';
import type { Append, Publisher, StoredEvent } from '@attain/eventsourcing';
import { type Measured, perSecond } from './report.js';
import { rawKafka, rawWrites } from './raw-engines.js';

const EVENTS = 10_000;
const AT_ONCE = 500;
const COMMITTED = 1000;
const ENGINES = ['eventstore', 'kafka', 'mongodb'];

type Step = (what: string, events: number, work: () => Promise<unknown>, baseline?: string) => Promise<void>;

/** Each step of the way from the store to a read model by itself, with the processor time of this process and of each engine. */
export async function hops(urls: Required<Urls>): Promise<Measured[]> {
  const infra = await connect(urls);
  const publisher = await connectPublisher(urls.bus);
  const rows: Measured[] = [];
  const step: Step = async (what, events, work, baseline) => {
    const [start, before] = [performance.now(), used()];
    await work();
    const milliseconds = performance.now() - start;
    const after = used();
    const each = Object.entries(after).flatMap(([name, time]) => {
      const microseconds = Math.round(((time - (before[name] ?? 0)) * 1000) / events);
      return microseconds > 0 ? [`${name} ${microseconds}`] : [];
    });
    rows.push({
      what,
      value: `${perSecond(events, milliseconds)}; µs of processor time: ${each.join(', ')}`,
      ...(baseline !== undefined && { baseline }),
    });
  };
  try {
    const stored = await storeHops(infra, step);
    await busHops(infra, publisher, stored, step, await rawKafka(urls.bus, stored));
    await modelHops(infra, step, await rawWrites(urls.models, COMMITTED));
    return rows;
  } finally {
    await publisher.close();
    await infra.close();
  }
}

async function storeHops({ events }: Infra, step: Step): Promise<StoredEvent[]> {
  await step(`append, ${AT_ONCE} events at a time`, EVENTS, async () => {
    for (let at = 0; at < EVENTS; at += AT_ONCE)
      await events.appendMany(Array.from({ length: AT_ONCE / 2 }, (_, n) => appendOf(at / 2 + n)));
  });
  const stored: StoredEvent[] = [];
  await step('read in pages', EVENTS, async () => {
    for await (const page of events.readAll({ page: AT_ONCE })) stored.push(...page);
  });
  await step(`seal of one event in ${AT_ONCE}`, EVENTS, async () => {
    for (let at = AT_ONCE - 1; at < EVENTS; at += AT_ONCE) await events.sealAt(stored[at]!.position);
  });
  return stored;
}

async function busHops(
  { bus }: Infra,
  publisher: Publisher,
  stored: readonly StoredEvent[],
  step: Step,
  raw: { produced: string; consumed: string },
): Promise<void> {
  await step(
    `publish, ${AT_ONCE} at a time`,
    EVENTS,
    async () => {
      for (let at = 0, after = 0n; at < EVENTS; at += AT_ONCE) {
        const page = stored.slice(at, at + AT_ONCE);
        const through = page.at(-1)!.position;
        await publisher.publish(page, { after, through });
        after = through;
      }
    },
    `raw kafkajs produces ${raw.produced}`,
  );
  await step(
    'deliver, joining the group in it',
    EVENTS,
    async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const subscription = await bus.subscribe({
        group: 'hops',
        after: 0n,
        inBulk: true,
        handle: async (_, { through }) => {
          if (through === stored.at(-1)!.position) resolve();
        },
        onError: () => undefined,
      });
      await promise;
      void subscription.stop();
    },
    `raw kafkajs consumes ${raw.consumed}`,
  );
}

async function modelHops({ models }: Infra, step: Step, raw: Record<'inserted' | 'replaced', string>): Promise<void> {
  const writer = await models.writer({ name: 'hops', version: 1, indexes: [['owner', 'opened']] });
  for (const round of ['inserted', 'replaced'] as const)
    await step(
      `read and commit ${COMMITTED} documents, ${round}`,
      3 * COMMITTED,
      async () => {
        for (let n = 0; n < 3; n += 1) {
          const after = await writer.position();
          const keys = Array.from({ length: COMMITTED }, (_, at) => `key-${n}-${at}`);
          await writer.getMany(keys);
          const position = after + BigInt(COMMITTED);
          const document = { owner: 'rep0001', opened: '2025-01-02', amount: 105400, position: Number(position) };
          await writer.commit({
            after,
            position,
            documents: new Map(keys.map((key) => [key, { document, position }])),
          });
        }
      },
      `raw driver ${raw[round]}`,
    );
}

/** Two events of a new stream, as an import stores a deal. */
function appendOf(n: number): Append {
  const meta = { actor: 'bench', correlation: 'bench', recorded: '2025-01-02T00:00:00.000Z' };
  const fields = { owner: 'rep0001', amount: '1054.00', stage: 'Engaging', product: 'GTX Pro', opened: '2025-01-02' };
  const data = { source: 'bench', id: String(n), fields };
  const event = () => ({ id: randomUUID(), type: 'Happened', version: 1, data, meta });
  return { stream: `bench-${n}`, expected: 'none', events: [event(), event()] };
}

/** Milliseconds of processor time so far: of this process, and of the engines that deploy/local/with-engines has started. */
function used(): Record<string, number> {
  const { user, system } = process.cpuUsage();
  const times: Record<string, number> = { here: (user + system) / 1000 };
  const place = process.env.ATTAIN_LOCAL;
  for (const engine of place ? ENGINES : [])
    try {
      const pid = readFileSync(join(place!, engine, 'pid'), 'utf8').trim();
      // Fields 14 and 15, in ticks of 10 ms; the name before them may contain spaces.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      times[engine] = (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      // A system without /proc counts only this process.
    }
  return times;
}
