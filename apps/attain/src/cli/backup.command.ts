import { resolve } from 'node:path';
import { type Backup, backUp, NotCopied, restoreBackup } from '@attain/adapters';
import { Command } from 'commander';
import { knownData } from './api.js';
import { counted, exitCodes, Stop, type Terminal } from './terminal.js';

export function backupCommand(terminal: Terminal): Command {
  return new Command('backup')
    .summary('copy a data directory, also while a server runs')
    .description(
      'Copies the log and the read models of a data directory into a new directory, also while a server writes into it. The seal of every event ' +
        'in the copy is checked, and backup.json keeps the last one. Keep the backup as private as the data: it holds pay.',
    )
    .argument('<dir>', 'where the backup is written: a new or empty directory')
    .requiredOption('--data <dir>', 'the data directory')
    .option('--json', 'the result as JSON')
    .addHelpText('after', '\nExample:\n  attain backup backups/monday --data .attain/demo')
    .action((dir: string, { data, json }: { data: string; json?: boolean }) => {
      knownData(data);
      const backup = copied(() => backUp(resolve(data), resolve(dir), new Date().toISOString()));
      terminal.out(
        json
          ? `${JSON.stringify({ dir, ...backup }, null, 2)}\n`
          : `${asText(backup)} copied to ${dir}, and every seal agrees\n`,
      );
    });
}

export function restoreCommand(terminal: Terminal): Command {
  return new Command('restore')
    .summary('copy a backup into a new data directory')
    .description(
      'Copies a backup into a new data directory, when the seals of its log agree with backup.json. It never writes into a directory that holds ' +
        'something. Serve the new directory afterwards, and compare the statements with `attain verify`.',
    )
    .argument('<dir>', 'the backup')
    .requiredOption('--data <dir>', 'the data directory: a new or empty one')
    .option('--json', 'the result as JSON')
    .addHelpText('after', '\nExample:\n  attain restore backups/monday --data .attain/restored')
    .action((dir: string, { data, json }: { data: string; json?: boolean }) => {
      const backup = copied(() => restoreBackup(resolve(dir), resolve(data)));
      terminal.out(
        json
          ? `${JSON.stringify({ data, ...backup }, null, 2)}\n`
          : `${asText(backup)} of the backup of ${backup.made} restored to ${data}\nNext: attain verify --data ${data}\n`,
      );
    });
}

function asText({ events, position }: Backup): string {
  return `${counted(events, 'event')} up to position ${position}`;
}

function copied(copy: () => Backup): Backup {
  try {
    return copy();
  } catch (error) {
    if (error instanceof NotCopied) throw new Stop(exitCodes.no, error.message);
    throw error;
  }
}
