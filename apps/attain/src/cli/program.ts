import { Command, CommanderError } from 'commander';
import { exitCodes, Stop, type Terminal } from './terminal.js';

type Making = (terminal: Terminal) => Command;
/** Each is loaded when it is called, since a question to a server needs none of what serves. */
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
  'late-changes': async () => (await import('./late-changes.command.js')).lateChangesCommand,
  close: async () => (await import('./close.command.js')).closeCommand,
  statement: async () => (await import('./statement.command.js')).statementCommand,
  explain: async () => (await import('./statement.command.js')).explainCommand,
  attainment: async () => (await import('./attainment.command.js')).attainmentCommand,
  leaderboard: async () => (await import('./sales.command.js')).leaderboardCommand,
  sales: async () => (await import('./sales.command.js')).salesCommand,
  pipeline: async () => (await import('./forecast.command.js')).pipelineCommand,
  forecast: async () => (await import('./forecast.command.js')).forecastCommand,
  verify: async () => (await import('./verify.command.js')).verifyCommand,
  anchor: async () => (await import('./anchor.command.js')).anchorCommand,
  login: async () => (await import('./login.command.js')).loginCommand,
  user: async () => (await import('./user.command.js')).userCommand,
  key: async () => (await import('./key.command.js')).keyCommand,
  backup: async () => (await import('./backup.command.js')).backupCommand,
  restore: async () => (await import('./backup.command.js')).restoreCommand,
  clock: async () => (await import('./clock.command.js')).clockCommand,
  models: async () => (await import('./models.command.js')).modelsCommand,
  replay: async () => (await import('./replay.command.js')).replayCommand,
};

/** Errors whose message is all that a person needs; known by name, since a question to a server loads none of their libraries. */
const plain = new Set(['ForeignModels', 'ForeignModel', 'ClockUntrusted']);

function isFull(error: Error): boolean {
  return error.name === 'NoRoom' || error.name === 'StoreFull' || (error as NodeJS.ErrnoException).code === 'ENOSPC';
}

const codes = `
Exit codes:
  0   done
  1   the answer is no: errors in the files, an expectation that failed, hashes that disagree, a command that was refused
  2   the command line or the settings are wrong
  3   with --strict: done, but there are warnings, exceptions or rows of the exports that wait in quarantine
  4   the server cannot be reached, or does not let this caller in
  5   a disk is full; what was recorded before stands
  70  something unexpected
  130 Ctrl-C: what a server has begun goes on there`;

/** Runs one command line; resolves with its exit code. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('attain')
    .description('Sales performance management: quotas, attainment and commissions, explained to the cent.')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', codes);
  const called = Object.hasOwn(commands, args[0] ?? '') ? commands[args[0]!] : undefined;
  for (const load of called ? [called] : Object.values(commands)) program.addCommand((await load())(terminal));
  for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)]) {
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (error instanceof Stop) {
      if (error.message !== '') terminal.err(`${error.message}\n`);
      return error.code;
    }
    if (error instanceof Error && isFull(error)) {
      terminal.err(`${(error as { done?: string }).done ?? error.message}\n`);
      return exitCodes.full;
    }
    if (error instanceof Error && plain.has(error.name)) {
      terminal.err(`${error.message}\n`);
      return exitCodes.no;
    }
    terminal.err(`attain: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.internal;
  }
}
