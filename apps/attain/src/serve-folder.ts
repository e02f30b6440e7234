import type { DocumentProblem } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { PeriodCommands, PeriodQueries } from '@attain/incentives';
import {
  type Alarm,
  Alarms,
  builtPage,
  EVENT_STORE,
  ForeignModels,
  Progress,
  serve,
  type Served,
  type ServeOptions,
  type Setting,
} from '@attain/service';
import { checkFolder } from './folder/check-folder.js';
import { type CompanyContents, type KeptEntry, readFolder } from '@attain/pipeline';
import { type DemoFolder, readDemo } from './folder/demo.js';
import { folderHash, lastImported, rememberImported, stillHolds } from './folder/folder-hash.js';
import { recordContents } from './folder/record-contents.js';
import { makeDirectory } from './folder/make-directory.js';
import { links } from './links.js';
import { services } from './modules.js';

export interface ServedFolder {
  served: Served;
  company: string;
  demo: DemoFolder | undefined;
  /** Whether the folder was imported now; false if it was unchanged. */
  imported: boolean;
  /** The number of rows of its exports that are in quarantine since. */
  quarantined: number;
  /** Values entered by hand from which the folder differs. */
  kept: readonly KeptEntry[];
  /** The period that the demo could not close. */
  notClosed: string | undefined;
  /** Set if read models do not follow from the log; then nothing is answered, and nothing was imported. */
  foreign: ForeignModels | undefined;
  /** Problems that a person must solve while reads continue. If the clock is one of them, nothing was imported. */
  alarms: readonly Alarm[];
}
export interface Serving extends Omit<ServeOptions, 'name' | 'topology' | 'demo' | 'links' | 'settings'> {
  /** A company folder; without one, the company of the data directory is served. */
  folder?: string;
  settings: Readonly<Partial<Record<Setting, string>>> & { DATA: string };
  progress?(title: 'Importing' | 'Closing', done: number, total: number, note: string): void;
}

/** The folder has errors: nothing of it was recorded, and nothing is served. */
export class BadFolder extends Error {
  override readonly name = 'BadFolder';
  constructor(readonly problems: readonly DocumentProblem[]) {
    super(`${problems.length} ${problems.length === 1 ? 'error' : 'errors'} in the folder`);
  }
}

/**
 * Serves a company folder. The first time all of it is imported, later only the changes, and nothing
 * if its files are the same bytes as at the last import. Throws BadFolder and BadConfig.
 */
export async function serveFolder({ folder, progress, ...options }: Serving): Promise<ServedFolder> {
  const loaded = folder === undefined ? undefined : await load(folder);
  const { DATA } = options.settings;
  makeDirectory(DATA, 0o700);
  const last = await lastImported(DATA);
  const edited = loaded !== undefined && loaded.hash !== last?.hash;
  // Errors are found before anything is recorded.
  if (edited) refuse((await checkFolder(loaded.folder, { exports: false })).problems);
  const served = await serve(services, {
    ...options,
    name: 'attain',
    topology: 'together',
    links,
    page: builtPage(import.meta.url),
    ...(loaded?.demo && { demo: loaded.demo.demo }),
  });
  try {
    const foreign = served.get(Progress).foreign();
    const holds = last !== undefined && (await stillHolds(served.get(EVENT_STORE), last));
    const alarms = served.get(Alarms).list();
    const recording = foreign.length === 0 && !alarms.some(({ code }) => code === 'CLOCK');
    const changed = recording && (edited || !holds) ? loaded : undefined;
    const { quarantined, kept } = changed ? await record(served, changed, progress) : { quarantined: 0, kept: [] };
    if (foreign.length === 0) await served.caughtUp(600_000);
    const notClosed =
      changed?.demo?.close === undefined ? undefined : await close(served, changed.demo.close, progress);
    if (changed) await rememberImported(DATA, changed.hash, served.get(EVENT_STORE));
    const company = (loaded?.contents.company.value.company as string | undefined) ?? 'Attain';
    return {
      served,
      company,
      demo: loaded?.demo,
      imported: changed !== undefined,
      quarantined,
      kept,
      notClosed,
      foreign: foreign.length > 0 ? new ForeignModels(foreign) : undefined,
      alarms,
    };
  } catch (error) {
    await served.close();
    throw error;
  }
}

interface Loaded {
  folder: string;
  contents: CompanyContents;
  hash: string;
  demo: DemoFolder | undefined;
}

async function load(folder: string): Promise<Loaded> {
  const { contents, problems, files } = await readFolder(folder);
  refuse(problems);
  const { demo, problems: wrong } = await readDemo(folder, contents!);
  refuse(wrong);
  return { folder, contents: contents!, hash: await folderHash(folder, files), demo };
}

function refuse(problems: readonly DocumentProblem[]): void {
  if (problems.length > 0) throw new BadFolder(problems);
}

async function record(
  served: Served,
  { contents, hash }: Loaded,
  progress: Serving['progress'],
): Promise<Pick<ServedFolder, 'quarantined' | 'kept'>> {
  const context = { actor: 'folder', correlation: `folder ${hash.slice(0, 12)}`, recorded: new Date().toISOString() };
  const recorded = await recordContents(served, contents, context, {
    keepEntered: true,
    progress: (done, total, note) => progress?.('Importing', done, total, note),
  });
  refuse(recorded.problems);
  return { quarantined: recorded.imports.reduce((sum, { quarantined }) => sum + quarantined, 0), kept: recorded.kept };
}

async function close(served: Served, period: string, progress: Serving['progress']): Promise<string | undefined> {
  if ((await served.get(PeriodQueries).list()).some(({ name, closed }) => name === period && closed !== null))
    return undefined;
  try {
    const context = { actor: 'folder', correlation: `close ${period}` };
    await served
      .get(PeriodCommands)
      .close(period, context, { progress: (done, total) => progress?.('Closing', done, total, 'statements') });
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}
