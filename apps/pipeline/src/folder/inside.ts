import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep, win32 } from 'node:path';
import { existsSync } from 'node:fs';

/** A path in a document leads out of its folder. */
export class LeadsOut extends Error {
  override readonly name = 'LeadsOut';
}

/** Why a path or pattern of a document is refused before it is opened; undefined if it is relative and has no parent step. */
export function leadsUp(written: string): string | undefined {
  if (isAbsolute(written) || win32.isAbsolute(written))
    return `${written} is an absolute path: expected one inside the company folder, such as exports/deals.csv`;
  // A pattern may contain the parent step in braces.
  if (written.split(/[\\/{},]/).includes('..'))
    return `${written} leads out of the company folder: expected a path inside it, such as exports/deals.csv`;
  return undefined;
}

/** Whether a path is a file; folders and pipes are not read. */
export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/**
 * The real path of a file inside a folder, links followed; undefined if it does not exist. Throws LeadsOut if it lies outside.
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

/** The company folder that contains a file; undefined if there is none. */
function companyFolderOf(file: string): string | undefined {
  for (let folder = dirname(resolve(file)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'company.yaml'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The folder of the company that a scenario names: inside the scenario's company folder, else beside the scenario. Throws LeadsOut. */
export function companyBeside(file: string, written: string): Promise<string> {
  return besideScenario(file, written, [companyFolderOf(file) ?? dirname(dirname(resolve(file)))]);
}

/** A file that a step of a scenario names: inside the company folder that contains or is named by the scenario, else inside its own. Throws LeadsOut. */
export async function fileBeside(file: string, written: string, company: string | undefined): Promise<string> {
  const named = company === undefined ? [] : [await companyBeside(file, company)];
  return besideScenario(file, written, [companyFolderOf(file) ?? dirname(resolve(file)), ...named]);
}

async function besideScenario(file: string, written: string, within: readonly string[]): Promise<string> {
  if (isAbsolute(written) || win32.isAbsolute(written))
    throw new LeadsOut(`${written} is an absolute path: expected one from the scenario's own folder`);
  const path = resolve(dirname(file), written);
  // Also the path of a missing file must lie inside, because a different error would disclose which files exist.
  const folder = within.find((one) => lies(path, one));
  if (folder === undefined)
    throw new LeadsOut(`${written} leads out of ${within.join(' and ')}: a scenario reads only from there`);
  await realPathIn(folder, path);
  return path;
}
