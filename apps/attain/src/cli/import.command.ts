import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { formatProblem } from '@attain/contracts';
import { type ImportResult, readFolder, type ReadRows, shownPath } from '@attain/pipeline';
import type { FolderRowsResult } from '@attain/planning';
import { EVENT_STORE, type JobView } from '@attain/service';
import { Command } from 'commander';
import { folderHash, rememberImported } from '../folder/folder-hash.js';
import { recordContents } from '../folder/record-contents.js';
import { sendFolder, type SentFolder, uploaded } from '../folder/send-folder.js';
import { aimed, type Api, type Target, withApi } from './api.js';
import { Answered, exitCodes, type Progress, progress, Stop, table, type Terminal } from './terminal.js';

interface ImportOptions extends Target {
  source?: string;
  kind?: string;
  complete?: boolean;
  json?: boolean;
  strict?: boolean;
  overwrite?: boolean;
  reason?: string;
}

export function importCommand(terminal: Terminal): Command {
  return aimed(new Command('import'))
    .summary('bring in exports, or a company folder')
    .description(
      'Brings in exports through the mapping of a source, or a whole company folder into a running server, a data directory or ' +
        'engines: only what changed is recorded, so that the same command goes on with an import that broke off. On a server, what ' +
        'somebody entered by hand and the folder says otherwise is listed and kept. Rows of exports that cannot be read wait in ' +
        'quarantine. Exits with 1 when a part was refused; with --strict, with 3 when rows wait, something was kept or there are warnings.',
    )
    .argument('<files...>', 'exports, or one company folder')
    .option('--source <name>', 'the source whose mapping reads the exports')
    .option('--kind <kind>', 'deals, accounts, splits … where the source brings several')
    .option('--complete', 'the file is all there is: what it no longer has is retracted')
    .option('--overwrite', 'a folder on a server: overwrite what somebody entered by hand, too')
    .option('--reason <text>', 'a folder on a server: why; it stays with each event')
    .option('--strict', 'exit with 3 when rows wait in quarantine, something entered by hand was kept, or there are warnings')
    .option('--json', 'the results as JSON')
    .addHelpText('after', '\nExamples:\n  attain import exports/sales_pipeline.csv --source crm --complete\n  attain import apps/attain/demo --data .attain/demo\n  attain import mycompany --server https://attain.example --token …')
    .action(async (files: string[], options: ImportOptions) => {
      const folder = files.length === 1 && (await stat(files[0]!).catch(() => undefined))?.isDirectory();
      if (!folder && options.source === undefined) throw new Stop(exitCodes.usage, 'say with --source whose exports these are');
      if (options.complete && files.length > 1) throw new Stop(exitCodes.usage, '--complete goes with one file: each further one would retract what the others say');
      if (folder && options.data === undefined && !options.engines) return sendToServer(files[0]!, options, terminal);
      if (options.overwrite || options.reason !== undefined) throw new Stop(exitCodes.usage, '--overwrite and --reason go with a company folder and a server');
      const bar = progress(terminal, 'Importing');
      const results = await withApi(options, 'finance', async (api) => {
        if (folder) return importFolder(api, files[0]!, (done, total, note) => bar.update(done, total, note), terminal);
        const all: ImportResult[] = [];
        for (const file of files) {
          all.push(await bringIn(api, file, options, bar));
        }
        return all;
      }).finally(() => bar.stop());
      terminal.out(options.json ? `${JSON.stringify(results, null, 2)}\n` : told(results));
      if (options.strict && results.some(({ quarantined, warnings }) => quarantined + warnings.length > 0)) throw new Stop(exitCodes.strict, '');
    });
}

async function bringIn(api: Api, file: string, { source, kind, complete }: ImportOptions, bar: Progress): Promise<ImportResult> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new Stop(exitCodes.no, `there is no file ${file}`);
  const path = `/imports/${encodeURIComponent(source!)}`;
  const query = { as: kind, name: basename(file) };
  try {
    const { job } = await uploaded<{ job: JobView }>(api, path, file, { ...query, complete: complete ? 'yes' : undefined });
    return await api.follow<ImportResult>(job.id, bar);
  } catch (error) {
    if (!(error instanceof Answered) || error.problem.code !== 'NOT_SUPPORTED') throw error;
    return handOn(api, await uploaded<ReadRows>(api, `${path}/rows`, file, query), complete ?? false, file, bar);
  }
}

/** People, quotas and leaves where planning is another process: what pipeline reads is planning's to record. */
async function handOn(api: Api, { source, as, rows, unreadable }: ReadRows, complete: boolean, file: string, bar: Progress): Promise<ImportResult> {
  if (unreadable.length > 0) {
    const lines = unreadable.slice(0, 20).map(({ row, field, expected }) => `${file}, row ${row}: ${field ?? 'row'}: expected ${expected}`);
    throw new Stop(exitCodes.no, [`${unreadable.length} rows cannot be read: nothing was recorded`, ...lines].join('\n'));
  }
  const body = rows.map(({ fields }) => `${JSON.stringify(fields)}\n`).join('');
  const query = { complete: complete ? 'yes' : 'no', overwrite: 'yes', source: as === 'leaves' ? source : undefined };
  const { job, import: id } = await api.send<{ job: JobView; import: string }>(`/folder-imports/${as}`, body, query, { 'Content-Type': 'application/x-ndjson' });
  const { changed, unchanged, retracted, refused, position } = await api.follow<FolderRowsResult>(job.id, bar);
  if (refused.length > 0) {
    throw new Stop(exitCodes.no, [`${refused.length} of ${rows.length} rows were refused; the others are recorded`, ...refused.slice(0, 20).map(({ at, message }) => `${file}, row ${rows[at]?.row ?? '?'}: ${message}`)].join('\n'));
  }
  return { import: id, source, as, rows: rows.length, opened: 0, changed, unchanged, retracted, quarantined: 0, position, notRetracted: null, warnings: [], kept: [], keptInAll: 0 };
}

async function sendToServer(dir: string, options: ImportOptions, terminal: Terminal): Promise<void> {
  const { contents, problems } = await readFolder(resolve(dir));
  if (contents === undefined || problems.length > 0) throw new Stop(exitCodes.no, [...problems.map(formatProblem), `${problems.length} errors in ${dir}: nothing was imported`].join('\n'));
  const bar = progress(terminal, 'Importing');
  const sent = await withApi(options, 'finance', (api) =>
    sendFolder(api, contents, { name: basename(resolve(dir)), reason: options.reason, overwrite: options.overwrite, progress: (done, total, note) => bar.update(done, total, note) }),
  )
    .catch((error: unknown) => {
      if (error instanceof Stop) throw new Stop(error.code, `${error.message}\nThe same command goes on: what is recorded already is not recorded twice.`);
      throw error;
    })
    .finally(() => bar.stop());
  terminal.out(options.json ? `${JSON.stringify(sent, null, 2)}\n` : toldParts(sent));
  if (!options.json) for (const line of toldProblems(sent)) terminal.err(`${line}\n`);
  if (sent.problems.length > 0 || sent.parts.some(({ state }) => state === 'refused')) throw new Stop(exitCodes.no, '');
  if (options.strict && (sent.kept.length + sent.warnings.length > 0 || sent.parts.some(({ quarantined }) => quarantined > 0))) throw new Stop(exitCodes.strict, '');
}

function toldParts({ parts }: SentFolder): string {
  const counts = ['changed', 'unchanged', 'retracted', 'quarantined'] as const;
  return table(
    [{ title: 'part' }, { title: 'state' }, ...counts.map((title) => ({ title, align: 'right' as const }))],
    parts.map((part) => [part.part, part.state, ...counts.map((count) => String(part[count]))]),
  );
}

/** What a person should look at: refused parts, wrong rows, what was kept. */
function toldProblems({ parts, problems, warnings, kept }: SentFolder): string[] {
  return [
    ...parts.flatMap(({ part, why, notRetracted }) => [...(why === null ? [] : [`${part}: refused, because the server answered ${why}`]), ...(notRetracted === null ? [] : [`${part}: nothing was retracted, because ${notRetracted}`])]),
    ...problems.map(formatProblem),
    ...warnings.map(({ part, message }) => `${part}: warning: ${message}`),
    ...kept.map(({ file, line, what, by, since, reason }) => `${shownPath(file)}:${line}: ${what}: kept as ${by} entered it on ${since.slice(0, 10)}${reason === null ? '' : ` (${reason})`}; --overwrite takes the folder's`),
  ];
}

async function importFolder({ served }: Api, dir: string, update: (done: number, total: number, note: string) => void, terminal: Terminal): Promise<ImportResult[]> {
  if (!served) throw new Stop(exitCodes.usage, 'a company folder is imported into a data directory or into engines: give --data or --engines');
  const { contents, problems, files } = await readFolder(resolve(dir));
  if (contents === undefined || problems.length > 0) {
    for (const problem of problems) terminal.err(`${formatProblem(problem)}\n`);
    throw new Stop(exitCodes.no, `${problems.length} errors in ${dir}: nothing was imported`);
  }
  const context = { actor: 'folder', correlation: `import ${dir}`, recorded: new Date().toISOString() };
  const recorded = await recordContents(served, contents, context, { progress: update });
  if (recorded.problems.length > 0) throw new Stop(exitCodes.no, recorded.problems.map(formatProblem).join('\n'));
  if (served.config.EVENTS_URL.startsWith('sqlite:')) await rememberImported(served.config.DATA, await folderHash(resolve(dir), files), served.get(EVENT_STORE));
  return recorded.imports;
}

function told(results: readonly ImportResult[]): string {
  const counts = ['rows', 'opened', 'changed', 'unchanged', 'retracted', 'quarantined'] as const;
  const warnings = results.flatMap(({ source, as, warnings: found }) => found.map(({ code, message, about }) => `${source} ${as}${about.kind === 'row' ? `, ${about.file}:${about.row}` : ''}: warning ${code}: ${message}\n`));
  const done = table(
    [{ title: 'source' }, { title: 'kind' }, ...counts.map((title) => ({ title, align: 'right' as const }))],
    results.map((result) => [result.source, result.as, ...counts.map((count) => String(result[count]))]),
  );
  return [done, ...warnings].join('');
}
