import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type DocumentProblem, formatProblem } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { PeriodCommands, PeriodQueries } from '@attain/incentives';
import { BadConfig, checkedConfig, serve, type Served, type Setting } from '@attain/service';
import { Command } from 'commander';
import { checkFolder } from '../folder/check-folder.js';
import type { CompanyContents } from '../folder/company-contents.js';
import { type DemoFolder, readDemo } from '../folder/demo.js';
import { folderHash, importedHash, rememberImported } from '../folder/folder-hash.js';
import { readFolder } from '../folder/read-folder.js';
import { recordContents } from '../folder/record-contents.js';
import { services } from '../modules.js';
import { links } from './links.js';
import { exitCodes, progress, Stop, type Terminal } from './terminal.js';

interface ServeOptions {
  data: string;
  port?: string;
  host?: string;
  checkConfig?: boolean;
}
interface Loaded {
  folder: string;
  contents: CompanyContents;
  hash: string;
  demo: DemoFolder | undefined;
}

export function serveCommand(terminal: Terminal): Command {
  return new Command('serve')
    .summary('serve a company')
    .description(
      'Serves the five services in one process over HTTP. A company folder is imported first: all of it into an empty data\n' +
        'directory, later only what changed, and nothing when its files are as they were.',
    )
    .argument('[dir]', 'the company folder; without one, what the data directory holds')
    .option('--data <dir>', 'where events and read models are kept', process.env.DATA ?? '.attain/data')
    .option('--port <number>', 'the port to listen on (PORT, 3000)')
    .option('--host <address>', 'the address to listen on (HOST, 127.0.0.1)')
    .option('--check-config', 'print the settings, secrets masked, and end')
    .addHelpText('after', '\nExample:\n  attain serve apps/attain/demo --data .attain/demo')
    .action(async (dir: string | undefined, options: ServeOptions) => {
      const settings: Partial<Record<Setting, string>> = {
        DATA: resolve(options.data),
        ...(options.port !== undefined && { PORT: options.port }),
        ...(options.host !== undefined && { HOST: options.host }),
        ...(process.env.LOG_LEVEL === undefined && { LOG_LEVEL: 'warn' }),
      };
      try {
        if (options.checkConfig) return terminal.out(`${checkedConfig({ name: 'attain', topology: 'together', settings })}\n`);
        await start(terminal, dir, settings);
      } catch (error) {
        if (error instanceof BadConfig) throw new Stop(exitCodes.usage, error.message);
        throw error;
      }
    });
}

async function start(terminal: Terminal, dir: string | undefined, settings: Partial<Record<Setting, string>>): Promise<void> {
  const begun = performance.now();
  const data = settings.DATA!;
  const loaded = dir === undefined ? undefined : await load(resolve(dir));
  await mkdir(data, { recursive: true });
  const changed = loaded !== undefined && loaded.hash !== (await importedHash(data));
  // What cannot be recorded is found before anything is.
  if (changed) stopOn((await checkFolder(loaded.folder, { exports: false })).problems);
  const served = await serve(services, { name: 'attain', topology: 'together', settings, links, ...(loaded?.demo && { demo: loaded.demo.demo }), tell: (line) => terminal.out(`${line}\n`) });
  if (changed) await record(terminal, served, loaded, data);
  await served.caughtUp(600_000);
  terminal.out(welcome(served, loaded, changed, performance.now() - begun));
}

async function load(folder: string): Promise<Loaded> {
  const { contents, problems, files } = await readFolder(folder);
  stopOn(problems);
  const { demo, problems: wrong } = await readDemo(folder, contents!);
  stopOn(wrong);
  return { folder, contents: contents!, hash: await folderHash(folder, files), demo };
}

function stopOn(problems: readonly DocumentProblem[]): void {
  if (problems.length > 0) throw new Stop(exitCodes.no, [...problems.map(formatProblem), `${problems.length} errors in the folder: nothing is served`].join('\n'));
}

async function record(terminal: Terminal, served: Served, { contents, demo, hash }: Loaded, data: string): Promise<void> {
  const context = { actor: 'folder', correlation: `folder ${hash.slice(0, 12)}`, recorded: new Date().toISOString() };
  const bar = progress(terminal, 'Importing');
  const recorded = await recordContents(served, contents, context, { progress: (done, total, note) => bar.update(done, total, note) }).finally(() => bar.stop());
  stopOn(recorded.problems);
  const waiting = recorded.imports.reduce((sum, { quarantined }) => sum + quarantined, 0);
  if (waiting > 0) terminal.err(`${waiting} rows of the exports could not be read and wait in quarantine: GET /quarantine\n`);
  if (demo?.close !== undefined) await close(terminal, served, demo.close);
  await rememberImported(data, hash);
}

async function close(terminal: Terminal, served: Served, period: string): Promise<void> {
  await served.caughtUp(600_000);
  if ((await served.get(PeriodQueries).list()).some(({ name, closed }) => name === period && closed !== null)) return;
  const bar = progress(terminal, 'Closing');
  try {
    await served.get(PeriodCommands).close(period, { actor: 'folder', correlation: `close ${period}` }, (done, total) => bar.update(done, total, 'statements'));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    terminal.err(`${period} was not closed: ${error.message}\n`);
  } finally {
    bar.stop();
  }
}

function welcome({ url }: Served, loaded: Loaded | undefined, changed: boolean, milliseconds: number): string {
  const company = (loaded?.contents.company.value.company as string | undefined) ?? 'Attain';
  const how = changed ? 'imported' : loaded ? 'as it was imported before' : 'from the data directory';
  const lines = [`${company} is served at ${url} (${how}, ready after ${(milliseconds / 1000).toFixed(1)} s)`];
  if (loaded?.demo) {
    const { rep, manager } = loaded.demo.demo;
    lines.push(
      `  Sign in: one click on ${url}, as a rep (${rep.name}), a manager (${manager.name}), finance or an auditor`,
      `  From a shell: npx attain statement ${rep.participant} 2017-06 --server ${url} --as rep`,
    );
  } else lines.push(`  Sign in: ${url}`);
  lines.push(`  API:     ${url}/docs`, '  Stop:    Ctrl+C');
  return lines.map((line) => `${line}\n`).join('');
}
