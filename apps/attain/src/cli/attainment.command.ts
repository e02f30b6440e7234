import { type AttainmentReport, getAttainment } from '@attain/client';
import { Command, Option } from 'commander';
import { answering, described } from './answering.js';
import { asOfOption, effectiveOption } from './cut-options.js';
import { columns, grouped, percent, table, type Terminal } from './terminal.js';

interface Narrowed {
  measure?: string;
  by?: string;
  for?: string;
  asOf?: string;
  effective?: string;
}

export function attainmentCommand(terminal: Terminal): Command {
  const command = described(
    'attainment',
    'show attainment',
    'Shows quota, credit, attainment and pace of a period: of the people that you may see, and of groups if you may see all their members.',
    ['attain attainment 2017-Q3 --by region'],
  )
    .argument('<period>', 'such as 2017-Q4')
    .option('--measure <name>', 'one measure; otherwise each measure that has a quota')
    .addOption(
      new Option('--by <group>', 'the rows of the report')
        .choices(['participant', 'team', 'region', 'company'])
        .default('participant'),
    )
    .option('--for <name>', 'one participant, team or region only')
    .addOption(asOfOption())
    .addOption(effectiveOption());
  return answering<[string], Narrowed, AttainmentReport>(terminal, command, {
    ask: (api, [period], { measure, by, for: only, asOf, effective }) =>
      api.ask(getAttainment, { query: { period, measure, by: by!, for: only, asOf, effective } }),
    text: asText,
  });
}

function asText({ rows, hidden }: AttainmentReport): string {
  const shown = table(
    columns(['for', 'measure', 'quota', 'credited', '', 'attained', 'pace'], ['quota', 'credited', 'attained', 'pace']),
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
  return `${shown}${hiddenText(hidden)}`;
}

/** Groups that a caller may not see whole. */
export function hiddenText(hidden: number): string {
  return hidden > 0 ? `groups not shown, because you do not see all of their members: ${hidden}\n` : '';
}
