import { Worker } from 'node:worker_threads';
import type { Part, PartDone } from './part.js';
import { goal, type Measured } from './report.js';

const THREADS = 2;

/** The mixed plan by two threads, each of which computes half of the participants, beside one. Throws where their lines differ in sum or number. */
export async function parted({
  deals,
  reps,
  minor,
  count,
}: {
  deals: number;
  reps: number;
  minor: bigint;
  count: number;
}): Promise<Measured[]> {
  const [whole] = await Promise.all([computed({ deals, reps, nth: 0, of: 1 })]);
  const parts = await Promise.all(
    Array.from({ length: THREADS }, (_, nth) => computed({ deals, reps, nth, of: THREADS })),
  );
  const sum = parts.reduce((all, part) => all + part.minor, 0n);
  const lines = parts.reduce((all, part) => all + part.count, 0);
  if (sum !== minor || lines !== count)
    throw new Error(`${THREADS} threads pay ${sum} cents in ${lines} lines, one pays ${minor} in ${count}`);
  const longest = Math.max(...parts.map(({ milliseconds }) => milliseconds));
  const ratio = whole!.milliseconds / longest;
  return [
    {
      what: `the mixed plan by ${THREADS} threads, participants parted`,
      value: `${longest.toFixed(0)} ms of processor time of the longer one`,
      baseline: `one thread ${whole!.milliseconds.toFixed(0)} ms`,
      ratio,
      ...goal(ratio, '≥', 1.6, '1.6 × one thread'),
    },
  ];
}

function computed(part: Part): Promise<PartDone> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./part.js', import.meta.url), { workerData: part });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
