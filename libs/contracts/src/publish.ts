import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

/**
 * Writes the files that differ and returns their names. Throws and writes nothing if the schema of a published event version
 * would change: events stored by it are permanent, so the change needs an upcast, which makes a new version.
 */
export function publish(folder: URL, files: ReadonlyMap<string, object>): string[] {
  const changed = [...files].filter(([file, content]) => !isDeepStrictEqual(written(new URL(file, folder)), content));
  const stored = changed
    .filter(([file]) => file.startsWith('events/') && existsSync(new URL(file, folder)))
    .map(([file]) => file);
  if (stored.length > 0) throw new Error(`changed without a new version: ${stored.join(', ')}`);
  for (const [file, content] of changed) {
    mkdirSync(new URL('.', new URL(file, folder)), { recursive: true });
    writeFileSync(new URL(file, folder), `${JSON.stringify(content, null, 2)}\n`);
  }
  return changed.map(([file]) => file);
}

function written(path: URL): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
