import { type Board, type Forecast, type Forecasts, getForecast, getForecastBoard } from '@attain/client';
import { Command, Option } from 'commander';
import { answering, described } from './answering.js';
import { hiddenText } from './attainment.command.js';
import { asOfOption } from './cut-options.js';
import { columns, grouped, table, type Terminal } from './terminal.js';

interface Narrowed {
  by: string;
  every?: string;
  for?: string;
  horizon?: string;
  level?: string;
  asOf?: string;
}

export function pipelineCommand(terminal: Terminal): Command {
  const command = described(
    'pipeline',
    'show the weighted pipeline',
    'Shows open deals times the probability of their stage. A deal without an amount counts with the average of the won deals of its product ' +
      'that you see; the table shows these assumptions below.',
    ['attain pipeline --by stage'],
  )
    .argument('[period]', 'only deals that are expected to close in it')
    .addOption(
      new Option('--by <group>', 'the rows of the table')
        .choices(['category', 'stage', 'owner', 'month', 'product'])
        .default('category'),
    );
  return answering<[string | undefined], Narrowed, Board>(terminal, command, {
    ask: (api, [period], { by }) => api.ask(getForecastBoard, { query: { by, period } }),
    text: (board, _, { by }) => toldBoard(by, board),
  });
}

function toldBoard(by: string, { rows, rollUps, assumptions, left }: Board): string {
  return [
    table(
      columns([by, 'deals', 'amount', 'assumed', 'weighted', ''], ['deals', 'amount', 'assumed', 'weighted']),
      rows.map((row) => [
        row.key ?? 'none',
        String(row.deals),
        grouped(row.amount),
        grouped(row.assumed),
        grouped(row.weighted),
        row.currency,
      ]),
    ),
    ...rollUps.map(({ name, amount, currency }) => `${name}: ${grouped(amount)} ${currency}\n`),
    ...assumptions.map(
      (one) =>
        `assumed: ${one.deals} deals of ${one.product ?? 'no product'} at ${grouped(one.each)} ${one.currency} each (${one.basis}, ${one.won} won)\n`,
    ),
    ...left.map((one) => `not weighted: ${one.deals} deals, ${grouped(one.amount)} ${one.currency}: ${one.why}\n`),
  ].join('');
}

export function forecastCommand(terminal: Terminal): Command {
  const command = described(
    'forecast',
    'forecast sales from history',
    'Forecasts sales from history, with an interval, and shows the error that the same way of forecasting had on earlier parts of the history.',
    ['attain forecast --by region'],
  )
    .addOption(
      new Option('--by <group>', 'the rows of the table')
        .choices(['participant', 'team', 'region', 'company'])
        .default('team'),
    )
    .option('--for <name>', 'one of them only')
    .addOption(new Option('--every <step>', 'the length of a step').choices(['week', 'month']).default('week'))
    .option('--horizon <steps>', 'the number of steps ahead; otherwise 13 weeks or 3 months')
    .option('--level <percent>', 'the share of outcomes that the interval contains; otherwise 80')
    .addOption(asOfOption());
  return answering<[], Narrowed, Forecasts>(terminal, command, {
    ask: (api, _, { by, every, for: only, horizon, level, asOf }) =>
      api.ask(getForecast, { query: { by, every, for: only, horizon: horizon as never, level: level as never, asOf } }),
    text: toldForecasts,
  });
}

function toldForecasts({ rows, hidden }: Forecasts): string {
  const titles = ['for', 'steps', 'expected', 'from', 'to', '', 'model'];
  const numbers = ['back-tested: sMAPE', 'MASE', 'interval held'];
  const shown = table(
    columns([...titles, ...numbers], [...titles.slice(2, 5), ...numbers]),
    rows.filter(({ total }) => total !== null).map(toldForecast),
  );
  const none = rows.flatMap((row) => (row.none ? [`${row.for}: no forecast, ${row.none.detail}\n`] : []));
  return `${shown}${none.join('')}${hiddenText(hidden)}`;
}

function toldForecast({ for: name, steps, every, total, currency, model, error, level }: Forecast): string[] {
  const held =
    error && `${Math.round((error.coverage.calibrated ?? error.coverage.model) * 100)}% of ${Math.round(level * 100)}%`;
  return [
    name,
    `${steps.length} ${every}s`,
    grouped(total!.point),
    grouped(total!.lower),
    grouped(total!.upper),
    currency ?? '',
    model ?? '',
    error ? `${error.smape.toFixed(1)}%` : '',
    error?.mase?.toFixed(2) ?? '',
    held ?? '',
  ];
}
