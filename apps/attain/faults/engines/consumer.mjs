/**
 * A consumer as a process of its own. Needs the build.
 *
 *   node consumer.mjs EVENTS BUS MODELS
 *
 * PLANT=premature moves the position before it writes the documents, the mistake that a kill must find, and says on stdout when it
 * stands in between. PLANT=unguarded keeps the model `balances` as it should, and `planted` without looking at any position; told to
 * `hold`, both stop before their next write and say so, until they are told to `go on`.
 */
import { writeSync } from 'node:fs';
import { connect } from '@attain/adapters';
import { runProjection } from '@attain/eventsourcing';
import { committing, prematureModels, unguardedModels } from './plants.ts';
import { balances, codec } from './world.ts';

const [events, bus, models] = process.argv.slice(2);
const infra = await connect({ events, bus, models });
const parts = { ...infra, clock: () => new Date().toISOString(), ...codec };

if (process.env.PLANT === 'premature') {
  const between = async () => {
    writeSync(1, 'between\n');
    await new Promise((resume) => setTimeout(resume, 30));
  };
  await runProjection(balances(), { ...parts, models: prematureModels(infra.models, between) });
} else {
  let held = Promise.resolve();
  let release = () => undefined;
  process.on('message', (word) => {
    if (word === 'hold') held = new Promise((resolve) => (release = resolve));
    else release();
  });
  const holding = (name, models) =>
    committing(models, async (commit, write) => {
      process.send(`holds ${name}`);
      await held;
      await commit(write);
    });
  await runProjection(balances(), { ...parts, models: holding('balances', infra.models) });
  await runProjection(balances('planted'), { ...parts, models: holding('planted', unguardedModels(infra.models)) });
  process.send('ready');
}
