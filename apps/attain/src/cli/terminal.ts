import type { Served } from '@attain/service';
import { Exact } from '@attain/values';
import cliProgress from 'cli-progress';

/** Where a command writes: results to `out`, everything else to `err`, so that results can be piped. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether somebody watches `err`, who is shown progress. */
  readonly watched: boolean;
  /** Asks a person for a secret, which the screen does not show. */
  ask?(question: string): Promise<string>;
  /** Asks a person for one line, which the screen shows; undefined where nobody answers. */
  askLine?(question: string): Promise<string | undefined>;
  /** Receives the server of `serve`, for callers that end it without a signal. */
  serving?(served: Served): void;
}

/** The exit codes for scripts; also printed by `--help`. */
export const exitCodes = {
  done: 0,
  /** The answer is no: errors in the files, an expectation that failed, hashes that disagree, a command that was refused. */
  no: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** With `--strict`: done, but there are warnings, exceptions or rows that wait in quarantine. */
  strict: 3,
  /** The server cannot be reached or does not let this caller in. */
  unreachable: 4,
  /** A disk is full; recorded events stay. */
  full: 5,
  /** Something unexpected. */
  internal: 70,
  /** Ctrl-C: the server continues work that it has begun. */
  interrupted: 130,
} as const;

/** The problem for programs: the fields of an RFC 9457 problem that this command knows. */
export interface ProblemFields {
  readonly code?: string;
  readonly status?: number;
  readonly detail?: string;
  readonly [field: string]: unknown;
}

/** Ends a command with a message for people, a problem and an exit code for programs. */
export class Stop extends Error {
  override readonly name: string = 'Stop';
  constructor(
    readonly code: number,
    message: string,
    readonly problem: ProblemFields = {},
  ) {
    super(message);
  }
}

export interface Column {
  title: string;
  align?: 'right';
}

/** Columns with these titles; those named in `right` hold numbers. */
export function columns(titles: readonly string[], right: readonly string[] = []): Column[] {
  return titles.map((title) => ({ title, ...(right.includes(title) && { align: 'right' as const }) }));
}

/** Rows under their titles, each column as wide as its widest cell. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? '';
        return align === 'right' ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)]
    .map((text) => `${text}\n`)
    .join('');
}

/** `1234567.5` as `1,234,567.5`; other texts stay unchanged. */
export function grouped(amount: string): string {
  return /^-?\d+(\.\d+)?$/.test(amount) ? amount.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',') : amount;
}

/** `1 error`, `3 errors`. */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

export interface Progress {
  update(done: number, total: number, note?: string): void;
  stop(): void;
}

/** A bar for long work where somebody watches, nothing otherwise. */
export function progress(terminal: Terminal, title: string): Progress {
  if (!terminal.watched) return { update() {}, stop() {} };
  const bar = new cliProgress.SingleBar(
    {
      format: `${title} {bar} {percentage}% {eta_formatted} left {note}`,
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
      etaBuffer: 50,
    },
    cliProgress.Presets.shades_classic,
  );
  let begun = false;
  return {
    update(done, total, note = '') {
      if (!begun) bar.start(Math.max(total, 1), done, { note });
      begun = true;
      bar.setTotal(Math.max(total, 1));
      bar.update(done, { note });
    },
    stop() {
      if (begun) bar.stop();
    },
  };
}

/** A decimal fraction as percent, null as `undefined`. */
export function percent(ratio: string | null, digits = 1): string {
  return ratio === null ? 'undefined' : `${Exact.parse(ratio).times(Exact.of(100)).toDecimal(digits, 'half-up')}%`;
}
