import type { Board, Forecast, Forecasts } from '@attain/forecasting';
import { Command, Option } from 'commander';
import { aimed, type Target, withApi } from './api.js';
import { grouped, table, type Terminal } from './terminal.js';

interface Asked extends Target {
  by?: string;
  every?: string;
  for?: string;
  horizon?: string;
  level?: string;
  asOf?: string;
  json?: boolean;
}
const right = { align: 'right' as const };

export function pipelineCommand(terminal: Terminal): Command {
  return aimed(new Command('pipeline'))
    .summary('show the weighted pipeline')
    .description(
      'Shows open deals times the probability of their stage; a deal without an amount counts with the average of the won deals of its product that the caller sees, shown below.',
    )
    .argument('[period]', 'only what is expected to close in it')
    .addOption(
      new Option('--by <what>', 'what is summed')
        .choices(['category', 'stage', 'owner', 'month', 'product'])
        .default('category'),
    )
    .option('--json', 'the board as JSON')
    .addHelpText('after', '\nExample:\n  attain pipeline --by stage')
    .action((period: string | undefined, { by, json, ...target }: Asked) =>
      withApi(target, 'finance', async (api) => {
        const board = await api.get<Board>('/forecast/board', { by, period });
        terminal.out(json ? `${JSON.stringify(board, null, 2)}\n` : toldBoard(by ?? '', board));
      }),
    );
}

function toldBoard(by: string, { rows, rollUps, assumptions, left }: Board): string {
  return [
    table(
      [
        { title: by },
        { title: 'deals', ...right },
        { title: 'amount', ...right },
        { title: 'assumed', ...right },
        { title: 'weighted', ...right },
        { title: '' },
      ],
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
  return aimed(new Command('forecast'))
    .summary('show the forecast that history lets expect')
    .description(
      'Shows what history lets expect, with an interval, and the error that this way of forecasting had on earlier points of the same history.',
    )
    .addOption(
      new Option('--by <what>', 'whose history').choices(['participant', 'team', 'region', 'company']).default('team'),
    )
    .option('--for <name>', 'one of them only')
    .addOption(new Option('--every <step>', 'step').choices(['week', 'month']).default('week'))
    .option('--horizon <steps>', 'steps ahead; default 13 weeks or 3 months')
    .option('--level <percent>', 'share of outcomes that the interval is to hold, default 80')
    .option('--as-of <moment>', 'as known then: a date, of which the end counts, or an instant')
    .option('--json', 'the forecasts as JSON, step by step')
    .addHelpText('after', '\nExample:\n  attain forecast --by region')
    .action(({ by, every, for: only, horizon, level, asOf, json, ...target }: Asked) =>
      withApi(target, 'finance', async (api) => {
        const forecasts = await api.get<Forecasts>('/forecast', { by, every, for: only, horizon, level, asOf });
        terminal.out(json ? `${JSON.stringify(forecasts, null, 2)}\n` : toldForecasts(forecasts));
      }),
    );
}

function toldForecasts({ rows, hidden }: Forecasts): string {
  const shown = table(
    [
      { title: 'for' },
      { title: 'steps' },
      { title: 'expected', ...right },
      { title: 'from', ...right },
      { title: 'to', ...right },
      { title: '' },
      { title: 'model' },
      { title: 'back-tested: sMAPE', ...right },
      { title: 'MASE', ...right },
      { title: 'interval held', ...right },
    ],
    rows.filter(({ total }) => total !== null).map(toldForecast),
  );
  const none = rows.flatMap((row) => (row.none ? [`${row.for}: no forecast, ${row.none.detail}\n`] : []));
  return `${shown}${none.join('')}${hidden > 0 ? `groups not shown, since you do not see all of their members: ${hidden}\n` : ''}`;
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
