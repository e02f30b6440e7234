import { glob } from 'node:fs/promises';

/** The files that a pattern names, relative to the folder, in the order of their names. */
export async function filesNamed(pattern: string, folder = process.cwd()): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: folder })) files.push(file);
  return files.sort();
}
