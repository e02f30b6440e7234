/**
 * The product at its main work until it is killed: imports a company folder, closes its months one by one, and prints to stdout
 * every acknowledgement. Needs the build.
 *
 *   node product.mjs DIRECTORY FOLDER import|close MONTHS     MONTHS: those to close, in order, by commas
 */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { readFolder } from '@attain/pipeline';
import { serve, Sessions } from '@attain/service';
import { recordContents } from '../dist/folder/record-contents.js';
import { services } from '../dist/modules.js';

const [directory, folder, from, periods] = process.argv.slice(2);
const print = (...words) => writeSync(1, `${words.join(' ')}\n`);

const settings = { DATA: directory, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'silent' };
const served = await serve(services, {
  name: 'attain',
  topology: 'together',
  settings,
  environment: {},
  signals: false,
  print: () => undefined,
});
print('ready');
await served.caughtUp(600_000);

if (from === 'import') {
  const { contents, problems } = await readFolder(folder);
  if (!contents || problems.length > 0) throw new Error(`${folder} has problems`);
  const recorded = await recordContents(served, contents, { actor: 'folder', correlation: randomUUID() });
  if (recorded.problems.length > 0) throw new Error(JSON.stringify(recorded.problems));
  print(
    'imported',
    recorded.imports.reduce((sum, { rows, quarantined }) => sum + rows - quarantined, 0),
  );
}

const { token } = await served.app
  .get(Sessions, { strict: false })
  .begin({ actor: 'test', name: 'Test', roles: ['finance'] });
/** Repeats the request while the service answers 503, because its read models lag behind the import; the parent process limits the time. */
async function closed(period, headers) {
  for (;;) {
    const body = JSON.stringify({ closes: [...endedBefore(period), period] });
    const answer = await fetch(`${served.url}/periods/${period}/close`, { method: 'POST', headers, body });
    const again = Number(answer.headers.get('Retry-After'));
    if (answer.status !== 503 || !again) return answer;
    process.stderr.write(`closing ${period}: 503 ${await answer.text()}\n`);
    await setTimeout(again * 1000);
  }
}

/** The quarter that closes with its next month, since some of the demo are paid by quarters. */
function endedBefore(period) {
  const [year, month] = period.split('-').map(Number);
  return month > 1 && month % 3 === 1 ? [`${year}-Q${(month - 1) / 3}`] : [];
}

// A kill between the last close and the end leaves no period to close.
for (const period of periods.split(',').filter(Boolean)) {
  // The same key in every process, so that a close after a kill is a repetition.
  const headers = {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': `close-${period}`,
  };
  const answer = await closed(period, headers);
  const body = await answer.text();
  if (!answer.ok) throw new Error(`closing ${period}: ${answer.status} ${body}`);
  print('closed', JSON.parse(body).closed.join(','));
}
await served.close();
print('done');
