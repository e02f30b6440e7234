import { statfsSync } from 'node:fs';

/** A data directory cannot be opened because its disk is full. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
  constructor(
    readonly directory: string,
    readonly free: number | undefined,
    options?: ErrorOptions,
  ) {
    const left = free === undefined ? '' : ` (${free} bytes are free)`;
    super(
      `there is no room left on the disk of ${directory}${left}: recorded events stay, and nothing can be opened; make room there and start again`,
      options,
    );
  }
}

const FULL = 13;
const IO_ERROR = 10;
/** With fewer free bytes an I/O error counts as a full disk, because opening creates files of that size. */
const NEEDED = 256 * 1024;

/** The error as NoRoom if the disk of one of the directories is full, otherwise unchanged. */
export function withoutRoom(error: unknown, directories: readonly string[]): unknown {
  const { code, errcode = 0 } = error as { code?: string; errcode?: number };
  const reported =
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    (error instanceof Error && error.name === 'StoreFull') ||
    errcode % 256 === FULL;
  for (const directory of directories) {
    const free = freeIn(directory);
    if (reported || (errcode % 256 === IO_ERROR && free !== undefined && free < NEEDED))
      return new NoRoom(directory, free, { cause: error });
  }
  return error;
}

function freeIn(directory: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
