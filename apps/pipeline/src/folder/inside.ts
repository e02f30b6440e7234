import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep, win32 } from 'node:path';
import { existsSync } from 'node:fs';

/** A path that somebody wrote leads out of the folder that it belongs to. */
export class LeadsOut extends Error {
  override readonly name = 'LeadsOut';
}

/** Why a path or pattern that a document names is refused before anything is looked for; undefined where it is relative and goes down only. */
export function leadsUp(written: string): string | undefined {
  if (isAbsolute(written) || win32.isAbsolute(written))
    return `${written} is an absolute path: expected one inside the company folder, such as exports/deals.csv`;
  // A pattern may hide it in braces.
  if (written.split(/[\\/{},]/).includes('..'))
    return `${written} leads out of the company folder: expected a path inside it, such as exports/deals.csv`;
  return undefined;
}

/** Whether a path is a file; folders and pipes are not read. */
export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/**
 * The real path of what a path names inside a folder, links followed; undefined where there is nothing. Throws LeadsOut where that
 * lies outside.
 */
export async function realPathIn(folder: string, path: string): Promise<string | undefined> {
  const [root, real] = await Promise.all([realpath(folder), realpath(resolve(folder, path)).catch(() => undefined)]);
  if (real !== undefined && !lies(real, root)) {
    throw new LeadsOut(`${path} leads out of the company folder, to ${real}: only files inside ${folder} are read`);
  }
  return real;
}

function lies(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The company folder that a file stands in; undefined where it stands in none. */
function companyFolderOf(file: string): string | undefined {
  for (let folder = dirname(resolve(file)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'company.yaml'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The folder of the company that a scenario names: inside the company folder it stands in, else beside its own. Throws LeadsOut. */
export function companyBeside(file: string, written: string): Promise<string> {
  return besideScenario(file, written, [companyFolderOf(file) ?? dirname(dirname(resolve(file)))]);
}

/** A file that a step of a scenario names: inside the company folder it stands in or names, else inside its own. Throws LeadsOut. */
export async function fileBeside(file: string, written: string, company: string | undefined): Promise<string> {
  const named = company === undefined ? [] : [await companyBeside(file, company)];
  return besideScenario(file, written, [companyFolderOf(file) ?? dirname(resolve(file)), ...named]);
}

async function besideScenario(file: string, written: string, within: readonly string[]): Promise<string> {
  if (isAbsolute(written) || win32.isAbsolute(written))
    throw new LeadsOut(`${written} is an absolute path: expected one from the scenario's own folder`);
  const path = resolve(dirname(file), written);
  // Also what is not there must lie inside, so that nobody finds out what is.
  const folder = within.find((one) => lies(path, one));
  if (folder === undefined)
    throw new LeadsOut(`${written} leads out of ${within.join(' and ')}: a scenario reads only from there`);
  await realPathIn(folder, path);
  return path;
}
