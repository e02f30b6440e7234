import { resolve } from 'node:path';
import { formatProblem, formatWarning } from '@attain/contracts';
import { Command } from 'commander';
import { checkFolder } from '../folder/check-folder.js';
import { counted, exitCodes, progress, Stop, type Terminal } from './terminal.js';

export function checkCommand(terminal: Terminal): Command {
  return new Command('check')
    .summary('validate a company folder')
    .description(
      'Checks every file of a company folder. It lists every error with its file and line, and exits with 1 if there is an error. It also ' +
        'lists warnings about input that is legal but probably a mistake, and then exits with 0, or with 3 under --strict.',
    )
    .argument('<dir>', 'the company folder')
    .option('--json', 'print the errors and warnings as JSON: file, line, column, path, code, message')
    .option('--strict', 'exit with 3 when there is a warning')
    .addHelpText('after', '\nExample:\n  attain check apps/attain/demo')
    .action(async (dir: string, options: { json?: boolean; strict?: boolean }) => {
      const bar = progress(terminal, 'Reading');
      const { problems, warnings, files } = await checkFolder(resolve(dir), {
        progress: (done, total, note) => bar.update(done, total, note),
      }).finally(() => bar.stop());
      if (options.json) terminal.out(`${JSON.stringify({ dir, files: files.length, problems, warnings }, null, 2)}\n`);
      else {
        for (const problem of problems) terminal.out(`${formatProblem(problem)}\n`);
        for (const warning of warnings) terminal.out(`${formatWarning(warning)}\n`);
      }
      const warned = warnings.length === 0 ? '' : `, ${counted(warnings.length, 'warning')}`;
      if (problems.length > 0)
        throw new Stop(exitCodes.no, `${counted(problems.length, 'error')}${warned} in ${dir}`, {
          code: 'FOLDER_ERRORS',
        });
      if (!options.json) terminal.out(`${dir}: ${files.length} files, no errors${warned}\n`);
      if (options.strict && warnings.length > 0)
        throw new Stop(exitCodes.strict, '', { detail: `${counted(warnings.length, 'warning')} in ${dir}` });
    });
}
