/**
 * Writes into a data directory until it is killed, and prints each acknowledgement to stdout.
 * Commands of one kind add up, so that a repetition shows; the others import.
 *
 *   node writer.mjs DIRECTORY FIRST RETRIES     FIRST: number of the first new command; RETRIES: numbers to send again, by commas
 *
 * SYNCHRONOUS=NORMAL plants the mistake that the power cut must find; KEYS=none and MODELS=torn plant those that the kill must find.
 */
import { mkdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connect, openSqliteEventStore } from '@attain/adapters';
import { createExecutor, runProjection } from '@attain/eventsourcing';
import { codec, imported, importing, paying, payments } from './workload.mjs';

const [directory, first, retries] = process.argv.slice(2);
const keyed = process.env['KEYS'] !== 'none';
const normal = process.env['SYNCHRONOUS'] === 'NORMAL';
const torn = process.env['MODELS'] === 'torn';
const print = (...words) => writeSync(1, `${words.join(' ')}\n`);
const clock = () => new Date().toISOString();

async function open() {
  if (!normal) return connect({ events: `sqlite:${directory}` });
  mkdirSync(directory, { recursive: true });
  return { events: openSqliteEventStore({ file: join(directory, 'events.db'), synchronous: 'NORMAL' }) };
}

/** Commits the documents of a batch without its position, and the position so much later that some kill comes in between. */
function tearing(models) {
  return {
    ...models,
    async writer(declaration) {
      const writer = await models.writer(declaration);
      return {
        ...writer,
        async commit({ documents, ...write }) {
          await writer.commit({ after: write.after, position: write.after, documents });
          await setTimeout(20);
          await writer.commit({ ...write, documents: new Map() });
        },
      };
    },
  };
}

const infra = await open();
const executor = createExecutor({ store: infra.events, clock, ...codec });
if (!normal)
  await runProjection(payments, {
    ...infra,
    ...(torn && { models: tearing(infra.models) }),
    clock,
    decode: codec.decode,
  });
print('ready');

async function pay(number) {
  print('try', number);
  const { stream, revision, position } = await executor.execute(
    paying,
    String(number % 20),
    { number },
    { actor: 'writer', correlation: `c-${number}`, ...(keyed && { key: `pay-${number}` }) },
  );
  print('paid', number, stream, revision, position);
}
async function load(number) {
  print('try', number);
  const outcomes = await executor.executeMany(importing, imported(number), {
    actor: 'writer',
    correlation: `c-${number}`,
  });
  const failed = outcomes.find((outcome) => outcome instanceof Error);
  if (failed) throw failed;
  print('loaded', number);
}
const work = (number) => (number % 5 === 0 ? load(number) : pay(number));

await Promise.all(retries.split(',').filter(Boolean).map(Number).map(work));
for (let next = Number(first); ; next += 8) await Promise.all(Array.from({ length: 8 }, (_, n) => work(next + n)));
