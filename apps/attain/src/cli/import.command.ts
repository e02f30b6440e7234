import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { cancelJob, getJob, importFile, resumeJob } from '@attain/client';
import { type DocumentProblem, formatProblem } from '@attain/contracts';
import {
  type CompanyContents,
  type FolderImportResult,
  type ImportResult,
  type KeptEntry,
  readFolder,
} from '@attain/pipeline';
import { EVENT_STORE } from '@attain/service';
import { Command } from 'commander';
import { folderHash, rememberImported } from '../folder/folder-hash.js';
import { recordContents } from '../folder/record-contents.js';
import { foundAt, sendFolder } from '../folder/send-folder.js';
import { described } from './answering.js';
import { aimed, type Api, type Target, withApi } from './api.js';
import { agreedToImport, effectOfExports, effectOfFolder } from './import-effect.js';
import { previewed, previewText } from './import-preview.js';
import { counted, exitCodes, type Progress, progress, Stop, table, type Terminal } from './terminal.js';

interface ImportOptions extends Target {
  source?: string;
  kind?: string;
  complete?: boolean;
  json?: boolean;
  strict?: boolean;
  overwrite?: boolean;
  keepEntered?: boolean;
  reason?: string;
  job?: string;
  cancel?: boolean;
  yes?: boolean;
  preview?: boolean;
  mapping?: string;
}

export function importCommand(terminal: Terminal): Command {
  return aimed(
    described(
      'import',
      'import exports, or a company folder',
      'Imports exports through the mapping of a source, or a whole company folder, into a running server, a data directory or engines. Where a ' +
        'company exists, it shows what it will import and asks first. Only changes are stored, so the same command continues an import that ' +
        'was interrupted. Where the folder differs from a value that somebody entered by hand, that value is kept and listed. Rows of exports ' +
        'that cannot be read wait in quarantine. The command exits with 1 when a part was refused. With --strict it exits with 3 when rows ' +
        'wait, a value was kept or there are warnings.',
      [
        'attain import exports/sales_pipeline.csv --source crm --complete --yes',
        'attain import exports/sales_pipeline.csv --preview',
        'attain import apps/attain/demo --data .attain/demo --yes',
        'attain import my-company --server https://attain.example',
      ],
    ),
  )
    .argument('[files...]', 'exports, or one company folder')
    .option('--source <name>', 'the source whose mapping reads the exports')
    .option('--kind <kind>', 'the kind of record, such as deals or accounts, where the source has several')
    .option('--complete', 'the file is complete: records that it lacks are retracted')
    .option('--preview', 'an export: store nothing; show the field of each column, the first rows, and a mapping')
    .option('--mapping <file>', 'with --preview: a mapping, or some keys of one; the others are guessed')
    .option('--overwrite', 'a folder: overwrite values that somebody entered by hand, too')
    .option('--reason <text>', 'a folder: the reason; it stays with each event')
    .option('--keep-entered', 'exports: keep and list values that somebody entered by hand')
    .option('--job <id>', 'instead of files: follow an import that a server runs, or resume an import that has stopped')
    .option('--cancel', 'with --job: stop the import after the present part')
    .option(
      '--strict',
      'exit with 3 when rows wait in quarantine, a value entered by hand was kept, or there are warnings',
    )
    .option('-y, --yes', 'do not ask first')
    .option('--json', 'print the results as JSON')
    .action((files: string[], options: ImportOptions) => run(terminal, files, options));
}

async function run(terminal: Terminal, files: string[], options: ImportOptions): Promise<void> {
  if (options.job !== undefined) {
    if (files.length > 0 || options.data !== undefined || options.engines)
      throw new Stop(exitCodes.usage, '--job needs a server, and no files');
    return takeUp(options.job, options, terminal);
  }
  if (options.preview) return preview(terminal, files, options);
  if (options.mapping !== undefined) throw new Stop(exitCodes.usage, '--mapping goes with --preview');
  const folder = await folderIn(files, options);
  if (folder && options.data === undefined && !options.engines) return sendToServer(files[0]!, options, terminal);
  const bar = progress(terminal, 'Importing');
  // A folder with errors makes no data directory.
  const read = folder === undefined ? undefined : await readWhole(folder);
  const results = await withApi(
    options,
    'finance',
    async (api) => {
      if (read !== undefined) {
        await agreedToImport(api, terminal, options, (company) =>
          effectOfFolder(read.dir, read.contents, options.overwrite, company),
        );
        return importFolder(api, read, options, (done, total, note) => bar.update(done, total, note), terminal);
      }
      await agreedToImport(api, terminal, options, (company) => effectOfExports(files, options, company));
      const all: ImportResult[] = [];
      for (const file of files) {
        all.push(await bringIn(api, file, options, bar));
      }
      return all;
    },
    { begins: read !== undefined },
  ).finally(() => bar.stop());
  terminal.out(options.json ? `${JSON.stringify(results, null, 2)}\n` : asText(results));
  if (options.strict && results.some(({ quarantined, warnings }) => quarantined + warnings.length > 0))
    throw new Stop(exitCodes.strict, '', {
      detail: 'rows wait in quarantine, a value was kept, or there are warnings',
    });
}

async function preview(terminal: Terminal, files: readonly string[], options: ImportOptions): Promise<void> {
  const [file] = files;
  if (file === undefined || files.length > 1 || !(await stat(file)).isFile())
    throw new Stop(exitCodes.usage, '--preview takes one file of an export; `attain check` checks a company folder');
  const answer = await withApi(options, 'finance', (api) => previewed(api, file, options));
  terminal.out(options.json ? `${JSON.stringify(answer, null, 2)}\n` : previewText(answer));
  if (answer.errors.length > 0) throw new Stop(exitCodes.no, '', { detail: 'the mapping does not fit the file' });
  if (options.strict && answer.counts.quarantined + answer.warnings.length > 0)
    throw new Stop(exitCodes.strict, '', { detail: 'rows would wait in quarantine, or there are warnings' });
}

/** The one company folder that is imported, or undefined where exports are; refuses options that do not go together. */
async function folderIn(files: readonly string[], options: ImportOptions): Promise<string | undefined> {
  const usage = (message: string) => new Stop(exitCodes.usage, message);
  if (files.length === 0 || options.cancel)
    throw usage('name the exports or the company folder to import, or a job with --job');
  const [first] = files;
  const found = await Promise.all(files.map((file) => stat(file)));
  if (files.length === 1 && found[0]!.isDirectory()) {
    if (options.keepEntered)
      throw usage(
        '--keep-entered is for exports; a folder keeps values that were entered by hand unless --overwrite is given',
      );
    return first;
  }
  const directory = files.find((_, index) => !found[index]!.isFile());
  if (directory !== undefined)
    throw usage(`${directory} is no file: name files of exports only, or one company folder only`);
  if (options.source === undefined)
    throw usage(`${first} needs the name of its source: add --source, such as --source crm`);
  if (options.complete && files.length > 1)
    throw usage('--complete takes one file, because each further file would retract the records of the others');
  if (options.overwrite || options.reason !== undefined)
    throw usage('--overwrite and --reason are for a company folder, and not for exports');
  return undefined;
}

async function bringIn(
  api: Api,
  file: string,
  { source, kind, complete, keepEntered }: ImportOptions,
  bar: Progress,
): Promise<ImportResult> {
  const { job } = await api.ask(importFile, {
    path: { source: source! },
    body: await openAsBlob(file),
    query: {
      as: kind,
      name: basename(file),
      complete: complete ? 'yes' : undefined,
      overwrite: keepEntered ? 'no' : undefined,
    },
  });
  return api.follow<ImportResult>(job.id, bar);
}

function badFolder(problems: readonly DocumentProblem[], dir: string): Stop {
  const message = `${counted(problems.length, 'error')} in ${dir}: nothing was imported`;
  return new Stop(exitCodes.no, [...problems.map(formatProblem), message].join('\n'), {
    code: 'FOLDER_ERRORS',
    detail: message,
    problems,
  });
}

interface Whole {
  readonly dir: string;
  readonly contents: CompanyContents;
  readonly files: readonly string[];
}

async function readWhole(dir: string): Promise<Whole> {
  const { contents, problems, files } = await readFolder(resolve(dir));
  if (contents === undefined || problems.length > 0) throw badFolder(problems, dir);
  return { dir, contents, files };
}

async function sendToServer(dir: string, options: ImportOptions, terminal: Terminal): Promise<void> {
  const { contents, files } = await readWhole(dir);
  const result = await withApi(options, 'finance', async (api) => {
    await agreedToImport(api, terminal, options, (company) =>
      effectOfFolder(dir, contents, options.overwrite, company),
    );
    const job = await sendFolder(api, resolve(dir), files, options);
    return followed(api, job.id, options, terminal);
  });
  show(foundAt(resolve(dir), result), options, terminal);
}

/** Follows a job, resumes it after a stop, or cancels it. */
async function takeUp(job: string, options: ImportOptions, terminal: Terminal): Promise<void> {
  const result = await withApi(options, 'finance', async (api) => {
    const path = { id: job };
    if (options.cancel) return void (await api.ask(cancelJob, { path }));
    const { state } = await api.ask(getJob, { path });
    if (state === 'cancelled' || state === 'failed') await api.ask(resumeJob, { path });
    return followed(api, job, options, terminal);
  });
  if (result === undefined)
    terminal.out(
      `${job} stops after the present part, and recorded parts stay. Resume it with: ${takingUp(job, options)}\n`,
    );
  else show(result, options, terminal);
}

const takingUp = (job: string, { server }: Target): string =>
  `attain import --job ${job}${server === undefined ? '' : ` --server ${server}`}`;

/** The server works on by itself, so a person who stops watching reads how to come back. */
async function followed(
  api: Api,
  job: string,
  options: ImportOptions,
  terminal: Terminal,
): Promise<FolderImportResult> {
  const bar = progress(terminal, 'Importing');
  const interrupted = () => {
    bar.stop();
    terminal.err(
      `\nThe server goes on with the import. Follow it with: ${takingUp(job, options)}\nStop it with: ${takingUp(job, options)} --cancel\n`,
    );
    process.exit(exitCodes.interrupted);
  };
  process.once('SIGINT', interrupted);
  try {
    return await api.follow<FolderImportResult>(job, bar);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    throw new Stop(
      error.code,
      `${error.message}\nRecorded parts stay. Resume the import with: ${takingUp(job, options)}`,
      error.problem,
    );
  } finally {
    process.off('SIGINT', interrupted);
    bar.stop();
  }
}

function show(result: FolderImportResult, options: ImportOptions, terminal: Terminal): void {
  terminal.out(options.json ? `${JSON.stringify(result, null, 2)}\n` : toldParts(result));
  if (!options.json) for (const line of toldProblems(result)) terminal.err(`${line}\n`);
  if (result.problemsInAll > 0 || result.parts.some(({ state }) => state === 'refused'))
    throw new Stop(exitCodes.no, '', {
      code: 'PARTS_REFUSED',
      detail: 'a part was refused or has errors: see the result',
    });
  if (
    options.strict &&
    (result.keptInAll + result.warnings.length > 0 || result.parts.some(({ quarantined }) => quarantined > 0))
  )
    throw new Stop(exitCodes.strict, '', {
      detail: 'rows wait in quarantine, a value was kept, or there are warnings',
    });
}

function toldParts({ parts }: FolderImportResult): string {
  const counts = ['changed', 'unchanged', 'retracted', 'quarantined'] as const;
  return table(
    [{ title: 'part' }, { title: 'state' }, ...counts.map((title) => ({ title, align: 'right' as const }))],
    parts.map((part) => [part.part, part.state, ...counts.map((count) => String(part[count]))]),
  );
}

/** The results that a person should look at: refused parts, wrong rows, kept records. */
function toldProblems({ parts, problems, problemsInAll, warnings, kept, keptInAll }: FolderImportResult): string[] {
  const more = (listed: number, inAll: number) => (inAll > listed ? [`… and ${inAll - listed} more`] : []);
  return [
    ...parts.flatMap(({ part, why, notRetracted }) => [
      ...(why === null ? [] : [`${part}: refused, because the server answered: ${why}`]),
      ...(notRetracted === null ? [] : [`${part}: nothing was retracted, because ${notRetracted}`]),
    ]),
    ...problems.map(formatProblem),
    ...more(problems.length, problemsInAll),
    ...warnings.map(({ part, message }) => `${part}: warning: ${message}`),
    ...kept.map(toldKept),
    ...more(kept.length, keptInAll),
  ];
}

function toldKept({ file, line, what, by, since, reason }: KeptEntry): string {
  return `${file}:${line}: ${what}: kept the value that ${by} entered on ${since.slice(0, 10)}${reason === null ? '' : ` (${reason})`}; --overwrite replaces it`;
}

async function importFolder(
  { served }: Api,
  { dir, contents, files }: Whole,
  { overwrite, reason }: ImportOptions,
  update: (done: number, total: number, note: string) => void,
  terminal: Terminal,
): Promise<ImportResult[]> {
  if (!served)
    throw new Stop(
      exitCodes.usage,
      'a company folder is imported into a data directory or into engines: give --data or --engines',
    );
  const context = {
    actor: 'folder',
    correlation: `import ${dir}`,
    recorded: new Date().toISOString(),
    ...(reason !== undefined && { reason }),
  };
  const recorded = await recordContents(served, contents, context, { progress: update, keepEntered: !overwrite });
  for (const one of recorded.kept) terminal.err(`${toldKept(one)}\n`);
  if (recorded.problems.length > 0) throw badFolder(recorded.problems, dir);
  if (served.config.EVENTS_URL.startsWith('sqlite:'))
    await rememberImported(served.config.DATA, await folderHash(resolve(dir), files), served.get(EVENT_STORE));
  return recorded.imports;
}

function asText(results: readonly ImportResult[]): string {
  const counts = ['rows', 'opened', 'changed', 'unchanged', 'retracted', 'quarantined'] as const;
  const warnings = results.flatMap(({ source, as, warnings: found }) =>
    found.map(
      ({ code, message, about }) =>
        `${source} ${as}${about.kind === 'row' ? `, ${about.file}:${about.row}` : ''}: warning ${code}: ${message}\n`,
    ),
  );
  const done = table(
    [{ title: 'source' }, { title: 'kind' }, ...counts.map((title) => ({ title, align: 'right' as const }))],
    results.map((result) => [result.source, result.as, ...counts.map((count) => String(result[count]))]),
  );
  return [done, ...warnings].join('');
}
