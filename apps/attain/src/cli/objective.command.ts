import type { Objective } from '@attain/planning';
import { Command } from 'commander';
import { aimed, type Target, withApi } from './api.js';
import { table, type Terminal } from './terminal.js';

type Asked = Target & { reason?: string; for?: string; component?: string; period?: string; json?: boolean };
const right = { align: 'right' as const };

export function objectiveCommand(terminal: Terminal): Command {
  const tell = (answer: unknown, json: boolean | undefined, text: string) =>
    terminal.out(json ? `${JSON.stringify(answer, null, 2)}\n` : `${text}\n`);
  const withdrawing = (verb: string) =>
    aimed(new Command(verb))
      .argument('<for>', 'a participant, a team, a region or company')
      .argument('<component>', 'the component that pays for the objective')
      .argument('<period>', 'the window of the component, such as 2017-Q4')
      .argument('<name>', 'the name of the objective')
      .option('--reason <text>', 'why')
      .option('--json', 'the answer as JSON');
  const assign = withdrawing('assign')
    .summary('assign an objective, or change its weight')
    .argument('<weight>', 'its share of the target, such as 50%')
    .addHelpText(
      'after',
      '\nExample:\n  attain objective assign anna-snelling Goals 2017-Q4 "Onboard two partners" 50%',
    )
    .action(
      (
        whose: string,
        component: string,
        period: string,
        name: string,
        weight: string,
        { reason, json, ...target }: Asked,
      ) =>
        withApi(target, 'finance', async (api) =>
          tell(
            await api.send('/objectives/assign', { for: whose, component, period, name, weight, reason }),
            json,
            `${name} counts ${weight} of ${component} for ${whose} in ${period}`,
          ),
        ),
    );
  const withdraw = withdrawing('withdraw')
    .summary('withdraw an objective')
    .action((whose: string, component: string, period: string, name: string, { reason, json, ...target }: Asked) =>
      withApi(target, 'finance', async (api) =>
        tell(
          await api.send('/objectives/withdraw', { for: whose, component, period, name, reason }),
          json,
          `${name} is withdrawn from ${whose} in ${period}`,
        ),
      ),
    );
  const list = aimed(new Command('list'))
    .summary('list objectives that are assigned')
    .option('--for <name>', 'one participant, team or region only')
    .option('--component <name>', 'one component only')
    .option('--period <period>', 'one period only')
    .option('--json', 'the rows as JSON')
    .action(({ for: whose, component, period, json, ...target }: Asked) =>
      withApi(target, 'finance', async (api) => {
        const answer = await api.get<{ rows: Objective[] }>('/objectives', { for: whose, component, period });
        const shown = table(
          [
            { title: 'for' },
            { title: 'component' },
            { title: 'period' },
            { title: 'name' },
            { title: 'weight', ...right },
          ],
          answer.rows.map((row) => [row.for, row.component, row.period, row.name, row.weight]),
        );
        terminal.out(json ? `${JSON.stringify(answer, null, 2)}\n` : shown);
      }),
    );
  return new Command('objective')
    .summary('assign objectives to people')
    .description(
      'Assigns objectives that a component with `objectives: assigned` pays. Nobody changes objectives of their own, or of an own team or region.',
    )
    .addCommand(assign)
    .addCommand(withdraw)
    .addCommand(list);
}
