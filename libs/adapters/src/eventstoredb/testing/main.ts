import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { startStandIn } from './server.js';

const USAGE =
  'main.js --data DIR --port N [--host ADDRESS] [--control N] [--tls-port N --cert FILE --key FILE --user NAME --password WORD, or STAND_IN_PASSWORD]';
const string = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    data: string,
    port: string,
    host: string,
    control: string,
    'tls-port': string,
    cert: string,
    key: string,
    user: string,
    password: string,
  },
});
const { data, port, host, control, cert, key, user } = values;
// Everybody on the machine can read arguments.
const password = values.password ?? process.env.STAND_IN_PASSWORD;
if (!data || !port) throw new Error(USAGE);
mkdirSync(data, { recursive: true });
const tls =
  cert && key && user && password
    ? { port: Number(values['tls-port'] ?? 0), cert: readFileSync(cert), key: readFileSync(key), user, password }
    : undefined;
const standIn = await startStandIn({ data, port: Number(port), host, tls });
process.stdout.write(`${standIn.url}\n`);

// POST {"silence": true}, {"drop": true} or any of the faults; the answer lists the active faults.
const switches =
  control === undefined
    ? undefined
    : createServer((request, response) => {
        void text(request).then((body) => {
          const { silence, drop, ...faults } = JSON.parse(body || '{}') as Record<string, unknown>;
          Object.assign(standIn.faults, faults);
          if (silence) standIn.silence();
          if (drop || standIn.faults.unavailable) standIn.drop();
          response.end(`${JSON.stringify(standIn.faults)}\n`);
        });
      }).listen(Number(control), '127.0.0.1');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    switches?.close();
    void standIn.close().then(() => process.exit(0));
  });
}
