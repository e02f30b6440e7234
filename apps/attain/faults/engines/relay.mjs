/**
 * A relay that writes `between` to stdout after publishing and before saving its place, and waits there to be killed. Needs the build.
 *
 *   node relay.mjs EVENTS BUS MODELS     PLANT=early saves before it publishes, the mistake that the test must find
 */
import { writeSync } from 'node:fs';
import { connect, connectPublisher } from '@attain/adapters';
import { runRelay } from '@attain/eventsourcing';

const [events, bus, models] = process.argv.slice(2);
const early = process.env['PLANT'] === 'early';
const infra = await connect({ events, models });
const publisher = await connectPublisher(bus);
const print = (...words) => writeSync(1, `${words.join(' ')}\n`);
const between = async (count) => {
  if (count === 0) return;
  print('between', count);
  await new Promise((resume) => setTimeout(resume, 30));
};

let due = async () => undefined;
const late = {
  ...publisher,
  publish: async (batch, span) => void (due = () => publisher.publish(batch, span).then(() => batch.length)),
};
const reporting = {
  ...publisher,
  publish: (batch, span) => publisher.publish(batch, span).then(() => between(batch.length)),
};
const saving = {
  ...infra.models,
  async writer(declaration) {
    const writer = await infra.models.writer(declaration);
    return {
      ...writer,
      async commit(write) {
        await writer.commit(write);
        await between(1);
        await due();
      },
    };
  },
};
await runRelay({ log: infra.events, publisher: early ? late : reporting, models: early ? saving : infra.models });
print('ready');
