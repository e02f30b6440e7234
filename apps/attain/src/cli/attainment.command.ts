import type { AttainmentReport } from '@attain/reporting';
import { Command, Option } from 'commander';
import { aimed, type Target, withApi } from './api.js';
import { grouped, percent, table, type Terminal } from './terminal.js';

interface Asked extends Target {
  measure?: string;
  by?: string;
  for?: string;
  asOf?: string;
  effective?: string;
  json?: boolean;
}

export function attainmentCommand(terminal: Terminal): Command {
  return aimed(new Command('attainment'))
    .summary('show attainment')
    .description(
      'Shows quota, credit, attainment and pace of a period: of people whom the caller sees, and of groups all of whose members the caller sees.',
    )
    .argument('<period>', 'such as 2017-Q4')
    .option('--measure <name>', 'one measure; default each for which there is a quota')
    .addOption(
      new Option('--by <what>', 'who is shown')
        .choices(['participant', 'team', 'region', 'company'])
        .default('participant'),
    )
    .option('--for <name>', 'one participant, team or region only')
    .option('--as-of <moment>', 'as known then: a date, of which the end counts, or an instant')
    .option('--effective <date>', 'credits up to this day')
    .option('--json', 'the report as JSON')
    .addHelpText('after', '\nExample:\n  attain attainment 2017-Q3 --by region')
    .action((period: string, { measure, by, for: only, asOf, effective, json, ...target }: Asked) =>
      withApi(target, 'finance', async (api) => {
        const report = await api.get<AttainmentReport>('/attainment', {
          period,
          measure,
          by,
          for: only,
          asOf,
          effective,
        });
        terminal.out(json ? `${JSON.stringify(report, null, 2)}\n` : told(report));
      }),
    );
}

function told({ rows, hidden }: AttainmentReport): string {
  const right = { align: 'right' as const };
  const shown = table(
    [
      { title: 'for' },
      { title: 'measure' },
      { title: 'quota', ...right },
      { title: 'credited', ...right },
      { title: '' },
      { title: 'attained', ...right },
      { title: 'pace', ...right },
    ],
    rows.map((row) => [
      row.for,
      row.measure,
      grouped(row.quota ?? 'none'),
      grouped(row.credited),
      row.currency ?? '',
      percent(row.attained),
      percent(row.pace.attained),
    ]),
  );
  return hidden > 0 ? `${shown}groups not shown, since you do not see all of their members: ${hidden}\n` : shown;
}
