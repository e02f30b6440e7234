import type { LineExplanation, StatementAnswer } from '@attain/incentives';
import { Command } from 'commander';
import { lineText, percent } from './explanation.text.js';
import { aimed, type Api, type Target, withApi } from './api.js';
import { exitCodes, grouped, Stop, table, type Terminal } from './terminal.js';

interface Asked extends Target {
  asOf?: string;
  effective?: string;
  json?: boolean;
}

export function statementCommand(terminal: Terminal): Command {
  return cut(aimed(new Command('statement')))
    .summary('show a statement')
    .description(
      'Shows what a participant is paid for a period: as it was issued, or a preview of an open period or of another date.',
    )
    .argument('<participant>')
    .argument('<period>', 'such as 2017-06 or 2017-Q2')
    .option('--json', 'the statement as JSON')
    .addHelpText('after', '\nExample:\n  attain statement darcel-schlecht 2017-06 --as rep')
    .action((participant: string, period: string, options: Asked) =>
      withApi(options, 'finance', async (api) => {
        const statement = await statementOf(api, participant, period, options);
        terminal.out(options.json ? `${JSON.stringify(statement, null, 2)}\n` : told(statement));
      }),
    );
}

export function explainCommand(terminal: Terminal): Command {
  return cut(aimed(new Command('explain')))
    .summary('explain why a line is what it is')
    .description(
      'Explains the lines of a record, or one line, as a tree whose parts sum to it: slices, cuts, both sides of a difference, and who stated each input, when and why.',
    )
    .argument('<participant>')
    .argument('<period>')
    .argument('<line>', 'the id of a line, or of a record')
    .option('--json', 'the explanations as JSON')
    .addHelpText('after', '\nExample:\n  attain explain darcel-schlecht 2017-06 2YZ1B3IC')
    .action((participant: string, period: string, line: string, options: Asked) =>
      withApi(options, 'finance', async (api) => {
        const { lines } = await statementOf(api, participant, period, options);
        const meant = lines.filter(
          ({ id, record }) => id === line || record?.id === line || `${record?.source}:${record?.id}` === line,
        );
        if (meant.length === 0)
          throw new Stop(exitCodes.no, `the statement of ${participant} for ${period} has no line of ${line}`);
        const explained: LineExplanation[] = [];
        for (const { id } of meant)
          explained.push(
            await api.get(`${path(participant, period)}/lines/${encodeURIComponent(id)}`, {
              asOf: options.asOf,
              effective: options.effective,
            }),
          );
        terminal.out(options.json ? `${JSON.stringify(explained, null, 2)}\n` : explained.map(lineText).join('\n'));
      }),
    );
}

function cut(command: Command): Command {
  return command
    .option('--as-of <moment>', 'as known then: a date, of which the end counts, or an instant')
    .option('--effective <date>', 'what was true by then');
}

const path = (participant: string, period: string) =>
  `/statements/${encodeURIComponent(period)}/${encodeURIComponent(participant)}`;

function statementOf(
  api: Api,
  participant: string,
  period: string,
  { asOf, effective }: Asked,
): Promise<StatementAnswer> {
  return api.get(path(participant, period), { asOf, effective });
}

function told({
  participant,
  period,
  cut,
  issued,
  currency,
  earned,
  payable,
  lines,
  exceptions,
  waiting = [],
  withheld,
  units,
  unexplained,
}: StatementAnswer): string {
  const state = issued === null ? `preview, known up to ${cut.known}` : `issued ${issued}`;
  const rows = lines.map((line) => [
    line.id,
    line.kind,
    line.component,
    line.record?.id ?? '',
    line.for ?? '',
    line.date,
    grouped(line.credited ?? ''),
    percent(line.rate),
    line.payableCurrency === currency ? grouped(line.payable) : `${grouped(line.payable)} ${line.payableCurrency}`,
    line.cause?.kind ?? '',
  ]);
  const columns = ['line', 'kind', 'component', 'record', 'for', 'date', 'credited', 'rate', 'payable', 'cause'].map(
    (title) => ({
      title,
      ...(['credited', 'rate', 'payable'].includes(title) && { align: 'right' as const }),
    }),
  );
  return [
    `${participant}, ${period}: payable ${grouped(payable)} ${currency}, earned ${grouped(earned)}${units.map(({ unit, amount }) => `, ${grouped(amount)} ${unit}`).join('')} (${state})\n`,
    table(columns, rows),
    ...exceptions.map(
      ({ code, component, record, detail }) => `${code}: ${component}${record ? ` of ${record.id}` : ''}: ${detail}\n`,
    ),
    ...waiting.map(
      (change) =>
        `waits for a review, not paid: ${grouped(change.payable)} ${change.payableCurrency} for ${change.for}, ${change.component}${change.record ? ` of ${change.record.id}` : ''} (${change.cause.kind} of ${change.known})\n`,
    ),
    ...(withheld.lines === 0
      ? []
      : [
          `${withheld.lines} lines and late changes are withheld, because they are of days on which you were not above ${participant}; the sums are of the others.\n`,
        ]),
    ...(unexplained === 0
      ? []
      : [`${unexplained} lines have no explanation, because today's engine computes other lines in their place.\n`]),
  ].join('');
}
