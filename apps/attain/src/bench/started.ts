import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { once } from './report.js';
import { HISTORY, historyCategories, peopleCategories, serve } from '@attain/service';

/** A process to be measured: without service modules, so that only its history is in it. */
export interface Start {
  directory: string;
  snapshot: 'none' | 'read' | 'written';
  facts: 'all' | 'people';
  /** Milliseconds since 1970 at which the process was asked for. */
  spawned?: number;
}
export interface StartedProcess {
  /** Milliseconds until it answered, and of the processor until then. */
  ready: number;
  processor: number;
  facts: number;
  /** Bytes in use. */
  heap: number;
  /** Milliseconds of processor time until every line was computed for the first time, and their number. */
  calculated: number;
  lines: number;
  /** Milliseconds from then until the snapshot was whole, and bytes of its files. */
  writing?: number;
  bytes?: number;
}

const { directory, snapshot, facts, spawned } = JSON.parse(process.argv[2]!) as Required<Start>;
let lines = '';
const served = await serve([], {
  name: 'bench',
  topology: 'together',
  settings: { DATA: directory, PORT: '0', LOG_LEVEL: 'info', ...(snapshot === 'none' && { SNAPSHOTS: 'none' }) },
  environment: {},
  firstUser: false,
  signals: false,
  facts: facts === 'all' ? historyCategories : peopleCategories,
  logTo: { write: (line: string) => void (lines += line) },
});
await served.caughtUp(600_000);
const ready = Date.now() - spawned;
const { user, system } = process.cpuUsage();
const history = served.get(HISTORY);
const started: StartedProcess = {
  ready,
  processor: (user + system) / 1000,
  facts: history.heard().facts,
  heap: heap(),
  calculated: 0,
  lines: 0,
};
started.calculated = once(() => (started.lines = history.recalculate().count));
if (snapshot === 'written') {
  while (!lines.includes('The snapshot of facts was written')) await new Promise((resume) => setTimeout(resume, 50));
  const folder = join(directory, 'snapshot');
  Object.assign(started, {
    writing: Date.now() - spawned - ready,
    bytes: readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0),
  });
}
if (snapshot === 'read' && !lines.includes('Facts were read from the snapshot'))
  throw new Error(`the snapshot was not read: ${lines}`);
await served.close();
process.stdout.write(`${JSON.stringify(started)}\n`);

function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
