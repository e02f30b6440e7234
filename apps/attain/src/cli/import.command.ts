import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { formatProblem } from '@attain/contracts';
import { type FolderImportResult, type ImportResult, type KeptEntry, readFolder } from '@attain/pipeline';
import { EVENT_STORE, type JobView } from '@attain/service';
import { Command } from 'commander';
import { folderHash, rememberImported } from '../folder/folder-hash.js';
import { recordContents } from '../folder/record-contents.js';
import { foundAt, sendFolder, uploaded } from '../folder/send-folder.js';
import { aimed, type Api, type Target, withApi } from './api.js';
import { exitCodes, type Progress, progress, Stop, table, type Terminal } from './terminal.js';

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
}

export function importCommand(terminal: Terminal): Command {
  return aimed(new Command('import'))
    .summary('bring in exports, or a company folder')
    .description(
      'Brings in exports through the mapping of a source, or a whole company folder into a running server, a data directory or ' +
        'engines: only what changed is recorded, so that the same command goes on with an import that broke off. What somebody ' +
        'entered by hand and the folder says otherwise is listed and kept. Rows of exports that cannot be read wait in ' +
        'quarantine. Exits with 1 when a part was refused; with --strict, with 3 when rows wait, something was kept or there are warnings.',
    )
    .argument('[files...]', 'exports, or one company folder')
    .option('--source <name>', 'the source whose mapping reads the exports')
    .option('--kind <kind>', 'deals, accounts, splits … where the source brings several')
    .option('--complete', 'the file is all there is: what it no longer has is retracted')
    .option('--overwrite', 'a folder: overwrite what somebody entered by hand, too')
    .option('--reason <text>', 'a folder: why; it stays with each event')
    .option('--keep-entered', 'exports: what somebody entered by hand stays, and is listed')
    .option(
      '--job <id>',
      'instead of files: follow the import of a folder that a server has begun, and go on with one that has stopped',
    )
    .option('--cancel', 'with --job: stop it after the part in hand')
    .option(
      '--strict',
      'exit with 3 when rows wait in quarantine, something entered by hand was kept, or there are warnings',
    )
    .option('--json', 'the results as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  attain import exports/sales_pipeline.csv --source crm --complete\n  attain import apps/attain/demo --data .attain/demo\n  attain import mycompany --server https://attain.example --token …',
    )
    .action(async (files: string[], options: ImportOptions) => {
      if (options.job !== undefined) {
        if (files.length > 0 || options.data !== undefined || options.engines)
          throw new Stop(exitCodes.usage, '--job goes with a server, and without files');
        return takeUp(options.job, options, terminal);
      }
      if (files.length === 0 || options.cancel)
        throw new Stop(exitCodes.usage, 'give the exports or the company folder to import, or --job');
      const folder = files.length === 1 && (await stat(files[0]!).catch(() => undefined))?.isDirectory();
      if (!folder && options.source === undefined)
        throw new Stop(exitCodes.usage, 'say with --source whose exports these are');
      if (options.complete && files.length > 1)
        throw new Stop(
          exitCodes.usage,
          '--complete goes with one file: each further one would retract what the others say',
        );
      if (folder && options.keepEntered)
        throw new Stop(
          exitCodes.usage,
          '--keep-entered goes with exports; a folder keeps what was entered by hand unless --overwrite is given',
        );
      if (folder && options.data === undefined && !options.engines) return sendToServer(files[0]!, options, terminal);
      if (!folder && (options.overwrite || options.reason !== undefined))
        throw new Stop(exitCodes.usage, '--overwrite and --reason go with a company folder');
      const bar = progress(terminal, 'Importing');
      const results = await withApi(options, 'finance', async (api) => {
        if (folder)
          return importFolder(api, files[0]!, options, (done, total, note) => bar.update(done, total, note), terminal);
        const all: ImportResult[] = [];
        for (const file of files) {
          all.push(await bringIn(api, file, options, bar));
        }
        return all;
      }).finally(() => bar.stop());
      terminal.out(options.json ? `${JSON.stringify(results, null, 2)}\n` : told(results));
      if (options.strict && results.some(({ quarantined, warnings }) => quarantined + warnings.length > 0))
        throw new Stop(exitCodes.strict, '');
    });
}

async function bringIn(
  api: Api,
  file: string,
  { source, kind, complete, keepEntered }: ImportOptions,
  bar: Progress,
): Promise<ImportResult> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new Stop(exitCodes.no, `there is no file ${file}`);
  const query = {
    as: kind,
    name: basename(file),
    complete: complete ? 'yes' : undefined,
    overwrite: keepEntered ? 'no' : undefined,
  };
  const { job } = await uploaded<{ job: JobView }>(api, `/imports/${encodeURIComponent(source!)}`, file, query);
  return api.follow<ImportResult>(job.id, bar);
}

async function sendToServer(dir: string, options: ImportOptions, terminal: Terminal): Promise<void> {
  const { contents, problems, files } = await readFolder(resolve(dir));
  if (contents === undefined || problems.length > 0)
    throw new Stop(
      exitCodes.no,
      [...problems.map(formatProblem), `${problems.length} errors in ${dir}: nothing was imported`].join('\n'),
    );
  const result = await withApi(options, 'finance', async (api) => {
    const job = await sendFolder(api, resolve(dir), files, options);
    return followed(api, job.id, options, terminal);
  });
  show(foundAt(resolve(dir), result), options, terminal);
}

/** A job that somebody began: followed, gone on with where it has stopped, or cancelled. */
async function takeUp(job: string, options: ImportOptions, terminal: Terminal): Promise<void> {
  const result = await withApi(options, 'finance', async (api) => {
    const path = `/jobs/${encodeURIComponent(job)}`;
    if (options.cancel) return void (await api.send<JobView>(`${path}/cancel`, {}));
    const { state } = await api.get<JobView>(path);
    if (state === 'cancelled' || state === 'failed') await api.send<JobView>(`${path}/resume`, {});
    return followed(api, job, options, terminal);
  });
  if (result === undefined)
    terminal.out(
      `${job} stops after the part in hand; what is recorded stays. It goes on with: ${takingUp(job, options)}\n`,
    );
  else show(result, options, terminal);
}

const takingUp = (job: string, { server }: Target): string =>
  `attain import --job ${job}${server === undefined ? '' : ` --server ${server}`}`;

/** The server works on by itself, so whoever stops watching is told how to come back. */
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
    throw new Stop(error.code, `${error.message}\nWhat is recorded stays. It goes on with: ${takingUp(job, options)}`);
  } finally {
    process.off('SIGINT', interrupted);
    bar.stop();
  }
}

function show(result: FolderImportResult, options: ImportOptions, terminal: Terminal): void {
  terminal.out(options.json ? `${JSON.stringify(result, null, 2)}\n` : toldParts(result));
  if (!options.json) for (const line of toldProblems(result)) terminal.err(`${line}\n`);
  if (result.problemsInAll > 0 || result.parts.some(({ state }) => state === 'refused'))
    throw new Stop(exitCodes.no, '');
  if (
    options.strict &&
    (result.keptInAll + result.warnings.length > 0 || result.parts.some(({ quarantined }) => quarantined > 0))
  )
    throw new Stop(exitCodes.strict, '');
}

function toldParts({ parts }: FolderImportResult): string {
  const counts = ['changed', 'unchanged', 'retracted', 'quarantined'] as const;
  return table(
    [{ title: 'part' }, { title: 'state' }, ...counts.map((title) => ({ title, align: 'right' as const }))],
    parts.map((part) => [part.part, part.state, ...counts.map((count) => String(part[count]))]),
  );
}

/** What a person should look at: refused parts, wrong rows, what was kept. */
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
  return `${file}:${line}: ${what}: kept as ${by} entered it on ${since.slice(0, 10)}${reason === null ? '' : ` (${reason})`}; --overwrite takes the folder's`;
}

async function importFolder(
  { served }: Api,
  dir: string,
  { overwrite, reason }: ImportOptions,
  update: (done: number, total: number, note: string) => void,
  terminal: Terminal,
): Promise<ImportResult[]> {
  if (!served)
    throw new Stop(
      exitCodes.usage,
      'a company folder is imported into a data directory or into engines: give --data or --engines',
    );
  const { contents, problems, files } = await readFolder(resolve(dir));
  if (contents === undefined || problems.length > 0) {
    for (const problem of problems) terminal.err(`${formatProblem(problem)}\n`);
    throw new Stop(exitCodes.no, `${problems.length} errors in ${dir}: nothing was imported`);
  }
  const context = {
    actor: 'folder',
    correlation: `import ${dir}`,
    recorded: new Date().toISOString(),
    ...(reason !== undefined && { reason }),
  };
  const recorded = await recordContents(served, contents, context, { progress: update, keepEntered: !overwrite });
  for (const one of recorded.kept) terminal.err(`${toldKept(one)}\n`);
  if (recorded.problems.length > 0) throw new Stop(exitCodes.no, recorded.problems.map(formatProblem).join('\n'));
  if (served.config.EVENTS_URL.startsWith('sqlite:'))
    await rememberImported(served.config.DATA, await folderHash(resolve(dir), files), served.get(EVENT_STORE));
  return recorded.imports;
}

function told(results: readonly ImportResult[]): string {
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
