import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DirectoryInUse } from '@attain/adapters';
import { formatProblem } from '@attain/contracts';
import { BadConfig, checkedConfig, type Setting } from '@attain/service';
import { Command } from 'commander';
import { BadFolder, type ServedFolder, serveFolder } from '../serve-folder.js';
import { counted, exitCodes, progress, type Progress, Stop, type Terminal } from './terminal.js';

interface ServeOptions {
  data: string;
  port?: string;
  host?: string;
  checkConfig?: boolean;
  json?: boolean;
}

export function serveCommand(terminal: Terminal): Command {
  return new Command('serve')
    .summary('serve a company')
    .description(
      'Starts the server: five services in one process over HTTP. If you name a company folder, its changes are imported first. If its files ' +
        'have not changed since the last import, nothing is imported.',
    )
    .argument('[dir]', 'the company folder; without it, the company in the data directory is served')
    .option('--data <dir>', 'the directory of events and read models', process.env.DATA ?? '.attain/data')
    .option('--port <number>', 'the port to listen on (PORT, 3000)')
    .option('--host <address>', 'the address to listen on (HOST, 127.0.0.1)')
    .option('--check-config', 'print the settings with masked secrets, and exit')
    .option('--json', 'print the address as JSON')
    .addHelpText('after', '\nExample:\n  attain serve apps/attain/demo --data .attain/demo')
    .action(async (dir: string | undefined, options: ServeOptions, command: Command) => {
      if (dir === undefined && command.getOptionValueSource('data') === 'cli') existing(options.data);
      const settings: Partial<Record<Setting, string>> & { DATA: string } = {
        DATA: resolve(options.data),
        ...(options.port !== undefined && { PORT: options.port }),
        ...(options.host !== undefined && { HOST: options.host }),
        // The person who starts a service by hand reads these lines instead of the log.
        ...(process.env.LOG_LEVEL === undefined && { LOG_LEVEL: 'warn' }),
      };
      try {
        if (options.checkConfig) terminal.out(`${checkedConfig({ name: 'attain', topology: 'together', settings })}\n`);
        else await start(terminal, dir, settings, options.json ?? false);
      } catch (error) {
        if (error instanceof BadConfig) throw new Stop(exitCodes.usage, error.message);
        if (error instanceof DirectoryInUse) throw new Stop(exitCodes.no, error.message);
        if (error instanceof BadFolder)
          throw new Stop(
            exitCodes.no,
            [...error.problems.map(formatProblem), `${error.message}: nothing is served`].join('\n'),
            { code: 'FOLDER_ERRORS', detail: `${error.message}: nothing is served`, problems: error.problems },
          );
        throw error;
      }
    });
}

/** A mistyped name is no new company; an empty directory that somebody made is. */
function existing(data: string): void {
  if (existsSync(data)) return;
  throw new Stop(
    exitCodes.usage,
    `${data} does not exist: check the name after --data. Begin a new company with \`attain serve FOLDER --data ${data}\`, or make the directory first`,
    { code: 'NO_DATA' },
  );
}

async function start(
  terminal: Terminal,
  dir: string | undefined,
  settings: Partial<Record<Setting, string>> & { DATA: string },
  json: boolean,
): Promise<void> {
  const begun = performance.now();
  const bars = new Map<string, Progress>();
  const folder = await serveFolder({
    ...(dir !== undefined && { folder: resolve(dir) }),
    settings,
    print: (line) => terminal.out(`${line}\n`),
    progress(title, done, total, note) {
      const bar = bars.get(title) ?? progress(terminal, title);
      bars.set(title, bar);
      bar.update(done, total, note);
    },
  }).finally(() => bars.forEach((bar) => bar.stop()));
  terminal.serving?.(folder.served);
  const { served, company, imported, quarantined, kept, notClosed, foreign, alarms } = folder;
  const warnings = [...(foreign ? [foreign.message] : []), ...alarms.map(({ message }) => message)];
  if (quarantined > 0)
    terminal.err(
      `${counted(quarantined, 'row')} of the exports could not be read and ${quarantined === 1 ? 'waits' : 'wait'} in quarantine: GET /v1/quarantine\n`,
    );
  if (kept.length > 0)
    terminal.err(
      `${counted(kept.length, 'value')} that somebody entered by hand differ from the folder and are kept, such as ${kept[0]!.what}; to replace them, import the folder with --overwrite\n`,
    );
  if (notClosed !== undefined) terminal.err(`not closed: ${notClosed}\n`);
  for (const message of warnings) terminal.err(`ALARM: ${message}\n`);
  terminal.out(
    json
      ? `${JSON.stringify({ url: served.url, company, imported, quarantined, ...(warnings.length > 0 && { alarm: warnings.join('\n') }) })}\n`
      : welcome(folder, performance.now() - begun),
  );
}

function welcome({ served, company, demo, imported, foreign }: ServedFolder, milliseconds: number): string {
  const url = served.config.PUBLIC_URL ?? served.url;
  const state = foreign
    ? 'answers nothing until its read models are built anew'
    : imported
      ? 'imported, ready'
      : 'warm, ready';
  const lines = [`${company} is served at ${url} (${state} after ${(milliseconds / 1000).toFixed(1)} s)`];
  if (demo) {
    const { rep, manager } = demo.demo;
    lines.push(
      `  Sign in: one click on ${url}, as a rep (${rep.name}), a manager (${manager.name}), finance or an auditor`,
      `  Shell:   npx attain statement ${rep.participant} 2017-06 --server ${url} --as rep`,
    );
  } else lines.push(`  Sign in: ${url}`);
  lines.push(`  API:     ${url}/docs`, '  Stop:    Ctrl+C');
  return lines.map((line) => `${line}\n`).join('');
}
