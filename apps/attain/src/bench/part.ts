import { parentPort, workerData } from 'node:worker_threads';
import { createHistory } from '@attain/compensation';
import { measures } from './kinds.js';
import { plans } from './mixed-plan.js';
import { median, once } from './report.js';
import { selling, recorder } from './sold.js';

/** Every `of`-th participant, from the `nth` on. */
export interface Part {
  deals: number;
  reps: number;
  nth: number;
  of: number;
}
export interface PartDone {
  milliseconds: number;
  minor: bigint;
  count: number;
}

// Each thread holds all facts, because the override of a manager counts the deals of others.
const { deals, reps, nth, of } = workerData as Part;
const history = createHistory();
history.append(selling({ deals, reps, measures, plans, splits: true }, recorder()));
const own = [...new Set(history.people().map(({ participant }) => participant))]
  .sort()
  .filter((_, index) => index % of === nth);
let [minor, count] = [0n, 0];
const times = Array.from({ length: 8 }, () => once(() => ({ minor, count } = history.recalculate(own))));
parentPort!.postMessage({ milliseconds: median(times.slice(1)), minor, count } satisfies PartDone);
