/**
 * A consumer that moves its position before it writes the documents, and says on stdout when it stands in between: the mistake that
 * a kill must find. Needs the build.
 *
 *   node consumer.mjs EVENTS BUS MODELS
 */
import { writeSync } from 'node:fs';
import { connect } from '@attain/adapters';
import { runProjection } from '@attain/eventsourcing';
import { prematureModels } from './plants.ts';
import { balances, codec } from './world.ts';

const [events, bus, models] = process.argv.slice(2);
const infra = await connect({ events, bus, models });
const between = async () => {
  writeSync(1, 'between\n');
  await new Promise((resume) => setTimeout(resume, 30));
};
await runProjection(balances(), { ...infra, models: prematureModels(infra.models, between), clock: () => new Date().toISOString(), ...codec });
