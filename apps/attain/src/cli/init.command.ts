import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suggestion } from '@attain/contracts';
import { Command } from 'commander';
import { addPlan, NotWritten, writeCompany } from '../library/company-folder.js';
import { type LibraryPlan, libraryPlans } from '@attain/incentives';
import { exitCodes, Stop, table, type Terminal } from './terminal.js';

const usual = 'saas-account-executive';

export function initCommand(terminal: Terminal): Command {
  return new Command('init')
    .summary('write a company folder, or add a typical plan to one')
    .description(
      'Writes a company folder with comments, sample people, quotas and an export. `attain check` and `attain run` accept it as it is. ' +
        'With --plan, the folder gets that typical plan. If the folder has a company.yaml already, only the plan and the settings that it ' +
        'needs are added.',
    )
    .argument('[dir]', 'a new or empty folder, or a folder with a company.yaml')
    .option('--plan <name>', `a typical plan; default ${usual}`)
    .option('--plans', 'list the typical plans')
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  attain init my-company\n  attain init --plans\n  attain init my-company --plan club',
    )
    .action(
      async (dir: string | undefined, { plan, plans, json }: { plan?: string; plans?: boolean; json?: boolean }) => {
        const library = libraryPlans();
        if (plans)
          return terminal.out(
            json
              ? `${JSON.stringify(
                  library.map(({ name, useFor }) => ({ name, useFor })),
                  null,
                  2,
                )}\n`
              : listed(library),
          );
        if (dir === undefined)
          throw new Stop(
            exitCodes.usage,
            'missing: the folder to write, such as `attain init my-company`; `attain init --plans` lists the typical plans',
          );
        const { files, left } = await written(dir, plan, library);
        if (json) return terminal.out(`${JSON.stringify({ dir, files, left }, null, 2)}\n`);
        terminal.out(
          [
            `${dir}:`,
            ...files.map((file) => `  wrote ${file}`),
            ...left.map((todo) => `  left to do: ${todo}`),
            `Next: attain check ${dir}, then attain run ${dir}`,
            '',
          ].join('\n'),
        );
      },
    );
}

async function written(dir: string, plan: string | undefined, library: readonly LibraryPlan[]) {
  const folder = resolve(dir);
  const isCompany = existsSync(join(folder, 'company.yaml'));
  if (isCompany && plan === undefined)
    throw new Stop(
      exitCodes.usage,
      `${dir} is a company folder already: add a typical plan with --plan NAME (\`attain init --plans\` lists them)`,
    );
  const name = plan ?? usual;
  const chosen = library.find((one) => one.name === name);
  if (!chosen)
    throw new Stop(
      exitCodes.usage,
      `there is no typical plan ${JSON.stringify(name)}${suggestion(
        name,
        library.map((one) => one.name),
      )}; \`attain init --plans\` lists them`,
    );
  try {
    return await (isCompany ? addPlan(folder, chosen) : writeCompany(folder, chosen));
  } catch (error) {
    if (error instanceof NotWritten) throw new Stop(exitCodes.no, error.message);
    throw error;
  }
}

function listed(library: readonly LibraryPlan[]): string {
  return table(
    [{ title: 'plan' }, { title: 'use it for' }],
    library.map(({ name, useFor }) => [name, useFor]),
  );
}
