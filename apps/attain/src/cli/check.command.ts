import { resolve } from 'node:path';
import { formatProblem } from '@attain/contracts';
import { Command } from 'commander';
import { checkFolder } from '../folder/check-folder.js';
import { exitCodes, progress, Stop, type Terminal } from './terminal.js';

export function checkCommand(terminal: Terminal): Command {
  return new Command('check')
    .summary('validate a company folder')
    .description('Validates everything in a company folder and lists every error with file and line; 1 when there is one.')
    .argument('<dir>', 'the company folder')
    .option('--json', 'the errors as JSON: file, line, column, path, code, message')
    .addHelpText('after', '\nExample:\n  attain check apps/attain/demo')
    .action(async (dir: string, options: { json?: boolean }) => {
      const bar = progress(terminal, 'Reading');
      const { problems, files } = await checkFolder(resolve(dir), { progress: (done, total, note) => bar.update(done, total, note) }).finally(() => bar.stop());
      if (options.json) terminal.out(`${JSON.stringify({ dir, files: files.length, problems }, null, 2)}\n`);
      else for (const problem of problems) terminal.out(`${formatProblem(problem)}\n`);
      if (problems.length > 0) throw new Stop(exitCodes.no, options.json ? '' : `${problems.length} ${problems.length === 1 ? 'error' : 'errors'} in ${dir}`);
      if (!options.json) terminal.out(`${dir}: ${files.length} files, no errors\n`);
    });
}
