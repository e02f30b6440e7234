import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';

/**
 * The time from other sources than the clock of the process: the clock of the file system, and the time since the
 * machine started, which steps of the clock do not change and which runs on while the machine sleeps.
 */
export interface SecondClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Accepts the present time of the process clock as right. */
  accept(now: number): void;
}

interface Kept {
  boot: string;
  /** Seconds since the machine was started, and the same moment in milliseconds since 1970. */
  uptime: number;
  now: number;
}

/**
 * A file in the directory carries the time from one process to the next while the machine runs, so a step of the clock
 * between them is noticed too. If the directory cannot be written, only steps during this process are noticed.
 */
export function createSecondClock(directory: string): SecondClock {
  const file = join(directory, 'clock.json');
  const boot = bootId();
  const kept = readKept(file);
  const carried = kept && kept.boot === boot && boot !== '' ? kept.now + (uptime() - kept.uptime) * 1000 : Infinity;
  let begun = uptime();
  let base = Math.min(Date.now(), carried, fileTime(file));
  keep();

  function keep(): void {
    try {
      writeFileSync(file, `${JSON.stringify({ boot, uptime: begun, now: Math.round(base) } satisfies Kept)}\n`, {
        mode: 0o600,
      });
    } catch {
      // A full or read-only disk does not stop the process; the next start uses the file system alone.
    }
  }

  return {
    now: () => base + (uptime() - begun) * 1000,
    accept(now) {
      base = now;
      begun = uptime();
      keep();
    },
  };
}

/**
 * The clock of the file system, from a file just written. On a local disk it is the kernel's clock, even if the process
 * is shown another.
 */
function fileTime(file: string): number {
  const probe = `${file}.now`;
  try {
    writeFileSync(probe, '', { mode: 0o600 });
    writeFileSync(probe, 'now\n');
    return statSync(probe).mtimeMs;
  } catch {
    return Infinity;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function readKept(file: string): Kept | undefined {
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as Partial<Kept>;
    return typeof stored.boot === 'string' && typeof stored.uptime === 'number' && typeof stored.now === 'number'
      ? (stored as Kept)
      : undefined;
  } catch {
    return undefined;
  }
}
