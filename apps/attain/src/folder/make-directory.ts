import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Makes a directory and those above it, one by one, because a recursive mkdir never ends where a system refuses names, as /proc does. */
export function makeDirectory(directory: string, mode?: number): void {
  const path = resolve(directory);
  if (existsSync(path) && statSync(path).isDirectory()) return;
  if (!existsSync(path) && dirname(path) !== path) makeDirectory(dirname(path), mode);
  mkdirSync(path, { mode });
}
