import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { formatProblem } from '@attain/contracts';
import type { ImportResult } from '@attain/pipeline';
import { EVENT_STORE, type JobView } from '@attain/service';
import { Command } from 'commander';
import { folderHash, rememberImported } from '../folder/folder-hash.js';
import { readFolder } from '../folder/read-folder.js';
import { recordContents } from '../folder/record-contents.js';
import { aimed, type Api, type Target, withApi } from './api.js';
import { exitCodes, progress, Stop, table, type Terminal } from './terminal.js';

interface ImportOptions extends Target {
  source?: string;
  kind?: string;
  complete?: boolean;
  json?: boolean;
  strict?: boolean;
}

export function importCommand(terminal: Terminal): Command {
  return aimed(new Command('import'))
    .summary('bring in exports, or a company folder')
    .description(
      'Brings in exports through the mapping of a source, or a whole company folder into a data directory: only what changed is ' +
        'recorded. Rows that cannot be read wait in quarantine (0, or 3 with --strict).',
    )
    .argument('<files...>', 'exports, or one company folder')
    .option('--source <name>', 'the source whose mapping reads the exports')
    .option('--kind <kind>', 'deals, accounts, splits … where the source brings several')
    .option('--complete', 'the file is all there is: what it no longer has is retracted')
    .option('--strict', 'exit with 3 when rows wait in quarantine or an export has warnings')
    .option('--json', 'the results as JSON')
    .addHelpText('after', '\nExamples:\n  attain import exports/sales_pipeline.csv --source crm --complete\n  attain import apps/attain/demo --data .attain/demo')
    .action(async (files: string[], options: ImportOptions) => {
      const folder = files.length === 1 && (await stat(files[0]!).catch(() => undefined))?.isDirectory();
      if (!folder && options.source === undefined) throw new Stop(exitCodes.usage, 'say with --source whose exports these are');
      if (options.complete && files.length > 1) throw new Stop(exitCodes.usage, '--complete goes with one file: each further one would retract what the others say');
      const bar = progress(terminal, 'Importing');
      const results = await withApi(options, 'finance', async (api) => {
        if (folder) return importFolder(api, files[0]!, (done, total, note) => bar.update(done, total, note), terminal);
        const all: ImportResult[] = [];
        for (const file of files) {
          const { job } = await upload(api, file, options);
          all.push(await api.follow<ImportResult>(job.id, bar));
        }
        return all;
      }).finally(() => bar.stop());
      terminal.out(options.json ? `${JSON.stringify(results, null, 2)}\n` : told(results));
      if (options.strict && results.some(({ quarantined, warnings }) => quarantined + warnings.length > 0)) throw new Stop(exitCodes.strict, '');
    });
}

async function upload(api: Api, file: string, { source, kind, complete }: ImportOptions): Promise<{ job: JobView }> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new Stop(exitCodes.no, `there is no file ${file}`);
  const headers = { 'Content-Type': 'text/csv', 'Content-Length': String(found.size) };
  const query = { as: kind, name: basename(file), complete: complete ? 'yes' : undefined };
  return api.send(`/imports/${encodeURIComponent(source!)}`, Readable.toWeb(createReadStream(file)), query, headers);
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
