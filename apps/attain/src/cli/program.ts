import { Command, CommanderError } from 'commander';
import { attainmentCommand } from './attainment.command.js';
import { checkCommand } from './check.command.js';
import { forecastCommand, pipelineCommand } from './forecast.command.js';
import { importCommand } from './import.command.js';
import { planCommand } from './plan.command.js';
import { replayCommand } from './replay.command.js';
import { runCommand } from './run.command.js';
import { leaderboardCommand, salesCommand } from './sales.command.js';
import { scenarioCommand } from './scenario.command.js';
import { serveCommand } from './serve.command.js';
import { explainCommand, statementCommand } from './statement.command.js';
import { exitCodes, Stop, type Terminal } from './terminal.js';
import { verifyCommand } from './verify.command.js';

const codes = `
Exit codes:
  0   done
  1   the answer is no: errors in the files, an expectation that failed, hashes that disagree, a command that was refused
  2   the command line or the settings are wrong
  3   with --strict: done, but rows of the exports wait in quarantine
  4   the server cannot be reached, or does not let this caller in
  70  something unexpected`;

/** Runs one command line; resolves with its exit code. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('attain')
    .description('Sales performance management: quotas, attainment and commissions, explained to the cent.')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', codes);
  const commands = [serveCommand, runCommand, checkCommand, scenarioCommand, importCommand, planCommand, statementCommand, explainCommand, attainmentCommand, leaderboardCommand, salesCommand, pipelineCommand, forecastCommand, verifyCommand, replayCommand];
  for (const command of commands) program.addCommand(command(terminal));
  for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)]) {
    command.exitOverride().configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
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
    terminal.err(`attain: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.internal;
  }
}
