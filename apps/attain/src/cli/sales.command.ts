import type { Leaderboard, SalesReport } from '@attain/reporting';
import { Command, Option } from 'commander';
import { aimed, type Target, withApi } from './api.js';
import { grouped, percent, table, type Terminal } from './terminal.js';

interface Asked extends Target {
  by?: string;
  measure?: string;
  period?: string;
  asOf?: string;
  json?: boolean;
}
const right = { align: 'right' as const };

export function salesCommand(terminal: Terminal): Command {
  return aimed(new Command('sales'))
    .summary('show what was won and lost')
    .description('Shows what was won and lost, as far as the caller may see.')
    .argument('[period]', 'such as 2017-Q4; default everything')
    .addOption(
      new Option('--by <what>', 'what is summed')
        .choices(['company', 'rep', 'product', 'account', 'team', 'region', 'month', 'quarter'])
        .default('region'),
    )
    .option('--json', 'the report as JSON')
    .addHelpText('after', '\nExample:\n  attain sales --by quarter')
    .action((period: string | undefined, { by, json, ...target }: Asked) =>
      withApi(target, 'finance', async (api) => {
        const report = await api.get<SalesReport>('/sales', { by, period });
        terminal.out(json ? `${JSON.stringify(report, null, 2)}\n` : toldSales(by ?? '', report));
      }),
    );
}

function toldSales(by: string, { rows, winRate, source }: SalesReport): string {
  const shown = table(
    [
      { title: by },
      { title: 'won', ...right },
      { title: 'lost', ...right },
      { title: 'amount', ...right },
      { title: 'reversed', ...right },
      { title: 'net', ...right },
      { title: '' },
      { title: 'win rate', ...right },
    ],
    rows.map((row) => [
      row.key ?? 'none',
      String(row.won),
      String(row.lost),
      grouped(row.amount),
      grouped(row.reversed),
      grouped(row.net),
      row.currency,
      percent(row.winRate, 2),
    ]),
  );
  const totals = Object.entries(source.controlTotal).map(([currency, total]) => `${grouped(total)} ${currency}`);
  return `${shown}won ${totals.join(', ') || 'nothing'}, win rate ${percent(winRate, 2)}, as of position ${source.position}\n`;
}

export function leaderboardCommand(terminal: Terminal): Command {
  return aimed(new Command('leaderboard'))
    .summary('rank people, teams or regions by attainment')
    .description(
      'Ranks people, teams or regions by attainment; never by pay. Those who see everybody have fractions at any cut, the others the ranks and whole percents of the last day.',
    )
    .argument('<period>', 'such as 2017-Q4')
    .option('--measure <name>', 'default revenue')
    .addOption(
      new Option('--by <what>', 'who is ranked').choices(['participant', 'team', 'region']).default('participant'),
    )
    .option(
      '--as-of <moment>',
      'as known then: a date, of which the end counts, or an instant; for those who see everybody',
    )
    .option('--json', 'the ranking as JSON')
    .addHelpText('after', '\nExample:\n  attain leaderboard 2017-Q3 --by team')
    .action((period: string, { by, measure, asOf, json, ...target }: Asked) =>
      withApi(target, 'rep', async (api) => {
        const board = await api.get<Leaderboard>('/leaderboards', { period, by, measure, asOf });
        terminal.out(json ? `${JSON.stringify(board, null, 2)}\n` : toldLeaderboard(by ?? '', board));
      }),
    );
}

function toldLeaderboard(by: string, { rows, published }: Leaderboard): string {
  const digits = published ? 0 : 1;
  const shown = table(
    [{ title: 'rank', ...right }, { title: by }, { title: 'attained', ...right }],
    rows.map((row) => [String(row.rank), row.for, row.attained === null ? '' : percent(row.attained, digits)]),
  );
  return published ? `${shown}standings of ${published.effective}\n` : shown;
}
