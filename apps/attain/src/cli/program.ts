import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { failureOf, problemText } from './failure.js';
import { exitCodes, type Terminal } from './terminal.js';

type Making = (terminal: Terminal) => Command;
/** Each is loaded when it is called, because a request to a server does not need the services. */
const commands: Readonly<Record<string, () => Promise<Making>>> = {
  serve: async () => (await import('./serve.command.js')).serveCommand,
  relay: async () => (await import('./relay.command.js')).relayCommand,
  init: async () => (await import('./init.command.js')).initCommand,
  schema: async () => (await import('./schema.command.js')).schemaCommand,
  run: async () => (await import('./run.command.js')).runCommand,
  check: async () => (await import('./check.command.js')).checkCommand,
  scenario: async () => (await import('./scenario.command.js')).scenarioCommand,
  import: async () => (await import('./import.command.js')).importCommand,
  plan: async () => (await import('./plan.command.js')).planCommand,
  objective: async () => (await import('./objective.command.js')).objectiveCommand,
  score: async () => (await import('./score.command.js')).scoreCommand,
  adjust: async () => (await import('./adjust.command.js')).adjustCommand,
  differences: async () => (await import('./differences.command.js')).differencesCommand,
  changes: async () => (await import('./changes.command.js')).changesCommand,
  exceptions: async () => (await import('./exceptions.command.js')).exceptionsCommand,
  quarantine: async () => (await import('./quarantine.command.js')).quarantineCommand,
  'late-changes': async () => (await import('./late-changes.command.js')).lateChangesCommand,
  close: async () => (await import('./close.command.js')).closeCommand,
  statement: async () => (await import('./statement.command.js')).statementCommand,
  explain: async () => (await import('./statement.command.js')).explainCommand,
  estimate: async () => (await import('./estimate.command.js')).estimateCommand,
  attainment: async () => (await import('./attainment.command.js')).attainmentCommand,
  leaderboard: async () => (await import('./sales.command.js')).leaderboardCommand,
  sales: async () => (await import('./sales.command.js')).salesCommand,
  pipeline: async () => (await import('./forecast.command.js')).pipelineCommand,
  forecast: async () => (await import('./forecast.command.js')).forecastCommand,
  verify: async () => (await import('./verify.command.js')).verifyCommand,
  anchor: async () => (await import('./anchor.command.js')).anchorCommand,
  login: async () => (await import('./login.command.js')).loginCommand,
  logout: async () => (await import('./login.command.js')).logoutCommand,
  user: async () => (await import('./user.command.js')).userCommand,
  key: async () => (await import('./key.command.js')).keyCommand,
  backup: async () => (await import('./backup.command.js')).backupCommand,
  restore: async () => (await import('./backup.command.js')).restoreCommand,
  clock: async () => (await import('./clock.command.js')).clockCommand,
  models: async () => (await import('./models.command.js')).modelsCommand,
  replay: async () => (await import('./replay.command.js')).replayCommand,
  completion: async () => (await import('./completion.command.js')).completionCommand,
};

const codes = `
Exit codes:
  0   done
  1   the answer is no: errors in the files, a failed expectation, hashes that disagree, a rejected command
  2   the command line or the settings are wrong, or a path that they name
  3   with --strict: done, but there are warnings, exceptions or rows that wait in quarantine
  4   the server cannot be reached, or does not let you in
  5   a disk is full; recorded events stay
  70  an unexpected error
  130 Ctrl-C: a server continues the work that it has begun

docs/command-line.md describes the commands and these codes.`;

/** These work until they are ended, so that nothing of theirs waits for an end. */
const lasting = new Set(['serve', 'relay']);

/** Runs one command line; resolves with its exit code. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const json = asksForJson(args);
  let notes = '';
  // Programs read one problem from stderr and nothing else; people read notes as they come.
  const quiet = json && !lasting.has(args[0] ?? '');
  const written: Terminal = quiet ? { ...terminal, err: (text) => void (notes += text) } : terminal;
  try {
    await (await programOf(args, written, json)).parseAsync(args, { from: 'user' });
    terminal.err(notes);
    return exitCodes.done;
  } catch (error) {
    const failure = failureOf(error);
    const { code, message } = failure;
    if (json && code !== exitCodes.done) terminal.err(problemText(failure, notes));
    else terminal.err(`${notes}${message === '' ? '' : `${message}\n`}`);
    return code;
  }
}

async function programOf(args: readonly string[], terminal: Terminal, json: boolean): Promise<Command> {
  const program = new Command('attain')
    .description('Sales performance management: quotas, attainment and commissions, explained to the cent.')
    .version(version(), '--version', 'print the version')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', codes);
  const [name = ''] = args;
  // A completion knows every command.
  const called = Object.hasOwn(commands, name) && name !== 'completion' ? commands[name] : undefined;
  for (const load of called ? [called] : Object.values(commands)) program.addCommand((await load())(terminal));
  for (const command of allOf(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.out(text),
      // Errors of usage go to stderr like every other error, because programs read stdout.
      writeErr: (text) => (json ? undefined : terminal.err(text)),
      outputError: () => undefined,
    });
  }
  return program;
}

function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}

/** Whether a program reads the answer, even if the command line cannot be parsed. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).includes('--json');
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
