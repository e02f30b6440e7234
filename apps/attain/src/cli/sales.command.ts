import { getLeaderboard, getSales, type Leaderboard, type SalesReport } from '@attain/client';
import { Command, Option } from 'commander';
import { answering, described } from './answering.js';
import { asOfOption } from './cut-options.js';
import { columns, grouped, percent, table, type Terminal } from './terminal.js';

interface Narrowed {
  by: string;
  measure?: string;
  asOf?: string;
}

export function salesCommand(terminal: Terminal): Command {
  const command = described('sales', 'show won and lost deals', 'Shows the won and lost deals that you may see.', [
    'attain sales --by quarter',
  ])
    .argument('[period]', 'such as 2017-Q4; otherwise all of them')
    .addOption(
      new Option('--by <group>', 'the rows of the report')
        .choices(['company', 'rep', 'product', 'account', 'team', 'region', 'month', 'quarter'])
        .default('region'),
    );
  return answering<[string | undefined], Narrowed, SalesReport>(terminal, command, {
    ask: (api, [period], { by }) => api.ask(getSales, { query: { by, period } }),
    text: (report, _, { by }) => toldSales(by, report),
  });
}

function toldSales(by: string, { rows, winRate, source }: SalesReport): string {
  const shown = table(
    columns(
      [by, 'won', 'lost', 'amount', 'reversed', 'net', '', 'win rate'],
      ['won', 'lost', 'amount', 'reversed', 'net', 'win rate'],
    ),
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
  const command = described(
    'leaderboard',
    'rank people, teams or regions by attainment',
    'Ranks people, teams or regions by attainment, and never by pay. Callers who see everybody get fractions at any date; others get ranks and ' +
      'whole percents of the last day.',
    ['attain leaderboard 2017-Q3 --by team'],
  )
    .argument('<period>', 'such as 2017-Q4')
    .option('--measure <name>', 'the measure; otherwise revenue')
    .addOption(
      new Option('--by <group>', 'the rows of the ranking')
        .choices(['participant', 'team', 'region'])
        .default('participant'),
    )
    .addOption(asOfOption());
  return answering<[string], Narrowed, Leaderboard>(terminal, command, {
    as: 'rep',
    ask: (api, [period], { by, measure, asOf }) => api.ask(getLeaderboard, { query: { period, by, measure, asOf } }),
    text: (board, _, { by }) => toldLeaderboard(by, board),
  });
}

function toldLeaderboard(by: string, { rows, published }: Leaderboard): string {
  const digits = published ? 0 : 1;
  const shown = table(
    columns(['rank', by, 'attained'], ['rank', 'attained']),
    rows.map((row) => [String(row.rank), row.for, row.attained === null ? '' : percent(row.attained, digits)]),
  );
  return published ? `${shown}standings of ${published.effective}\n` : shown;
}
