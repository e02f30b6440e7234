/**
 * A consumer as a process of its own. Needs the build.
 *
 *   node consumer.mjs EVENTS BUS MODELS [MODEL]
 *
 * PLANT=premature moves the position before it writes the documents, the mistake that a kill must find, and writes `between` to
 * stdout after the first step. PLANT=holding keeps the model `balances` correctly, or `planted` without checking any position; on
 * the message `hold` it stops before its next write and reports this, until another message.
 */
import { writeSync } from 'node:fs';
import { connect } from '@attain/adapters';
import { runProjection } from '@attain/eventsourcing';
import { committing, prematureModels, unguardedModels } from './plants.ts';
import { balances, codec } from './world.ts';

const [events, bus, models, name] = process.argv.slice(2);
const infra = await connect({ events, bus, models });
const parts = { ...infra, clock: () => new Date().toISOString(), ...codec };

if (process.env.PLANT === 'premature') {
  const between = async () => {
    writeSync(1, 'between\n');
    await new Promise((resume) => setTimeout(resume, 30));
  };
  await runProjection(balances(), { ...parts, models: prematureModels(infra.models, between) });
} else {
  let held;
  let release = () => undefined;
  process.on('message', (word) => {
    if (word === 'hold') held = new Promise((resolve) => (release = resolve));
    else {
      held = undefined;
      release();
    }
  });
  const holding = (models) =>
    committing(models, async (commit, write) => {
      if (held) process.send('holds');
      await held;
      await commit(write);
    });
  await runProjection(balances(name), {
    ...parts,
    models: holding(name === 'planted' ? unguardedModels(infra.models) : infra.models),
  });
  process.send('ready');
}
