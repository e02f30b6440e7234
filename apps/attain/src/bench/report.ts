import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

/** One measured thing beside the baseline that was measured in the same run. */
export interface Measured {
  what: string;
  /** Median, in the unit that `value` names. */
  value: string;
  baseline?: string;
  /** Own speed / baseline speed. */
  ratio?: number;
  aim?: string;
  /** Whether the aim is reached, where the bench compares both. */
  isMet?: boolean;
}

/** A goal of a row, and whether what was measured reaches it. */
export function goal(
  measured: number,
  order: '≥' | '≤' | '<',
  bound: number,
  text: string,
): Pick<Measured, 'aim' | 'isMet'> {
  return {
    aim: `${order} ${text}`,
    isMet: order === '≥' ? measured >= bound : order === '≤' ? measured <= bound : measured < bound,
  };
}

export function machine(): string {
  const [cpu] = cpus();
  const sqlite = process.versions['sqlite'] ?? 'unknown';
  return `${cpu?.model ?? 'unknown CPU'} × ${cpus().length}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}, sqlite ${sqlite}, commit ${commit()}`;
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Nearest-rank quantile. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1));
  return sorted[at] ?? Number.NaN;
}

/** Milliseconds of each run, after one that warms up. */
export async function timed(runs: number, work: () => unknown): Promise<number[]> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times;
}

/**
 * As `timed`, in processor time of all threads, divided by their number: how long it takes at best on a quiet machine, because other
 * programs may use this one.
 */
export async function processed(runs: number, work: () => unknown, threads = 1): Promise<number[]> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000 / threads);
  }
  return times;
}

/** Milliseconds of processor time of one run in this thread: how long somebody waits on a quiet machine. */
export function once(work: () => unknown): number {
  const start = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}

export function perSecond(count: number, milliseconds: number): string {
  return `${Math.round((count / milliseconds) * 1000).toLocaleString('en-US')}/s`;
}

export function show(rows: readonly Measured[]): string {
  const cells = rows.map((row) => [
    row.what,
    row.value,
    row.baseline ?? '',
    row.ratio === undefined ? '' : `${row.ratio.toFixed(2)} ×`,
    row.aim ?? '',
    row.isMet === undefined ? '' : row.isMet ? 'met' : 'not met',
  ]);
  const table = [['what', 'median', 'baseline', 'ratio', 'goal', ''], ...cells];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
