import { type Estimate, estimatePay, type SupposedDeal } from '@attain/client';
import { Command, InvalidArgumentError } from 'commander';
import { answering, described } from './answering.js';
import { columns, grouped, table, type Terminal } from './terminal.js';

interface Given {
  win: SupposedDeal[];
}

export function estimateCommand(terminal: Terminal): Command {
  const command = described(
    'estimate',
    'estimate the pay if deals were won',
    'Computes what a participant would be paid for an open period if deals were won: recorded deals, perhaps with another amount, and ' +
      'invented ones. Nothing is recorded.',
    [
      'attain estimate darcel-schlecht 2017-12 --win crm:0TC6I9SJ@2017-12-20=400000 --as rep',
      'attain estimate darcel-schlecht 2017-12 --win @2017-12-20=5000 --win @2017-12-21=7000',
    ],
  )
    .argument('<participant>', 'the id of the participant')
    .argument('<period>', 'an open pay period, such as 2017-12')
    .requiredOption(
      '--win <deal>',
      'a deal that is won, as SOURCE:ID@DAY or SOURCE:ID@DAY=AMOUNT; without SOURCE:ID an invented deal. Repeat it for several deals',
      (text: string, before: SupposedDeal[] | undefined) => [...(before ?? []), dealOf(text)],
    );
  return answering<[string, string], Given, Estimate>(terminal, command, {
    ask: (api, [participant, period], { win }) => api.ask(estimatePay, { body: { participant, period, deals: win } }),
    text: asText,
  });
}

function dealOf(text: string): SupposedDeal {
  const [, source, id, closed, amount] = /^(?:([^:]+):(.+))?@(\d{4}-\d\d-\d\d)(?:=(.+))?$/.exec(text) ?? [];
  if (closed === undefined)
    throw new InvalidArgumentError('expected SOURCE:ID@DAY=AMOUNT, such as crm:D1@2017-12-20=400000.');
  const fields: Record<string, string> = amount === undefined ? {} : { amount };
  return source === undefined || id === undefined ? { closed, fields } : { source, id, closed, fields };
}

function asText({
  participant,
  period,
  currency,
  now,
  then,
  difference,
  lines,
  tiers,
  notEstimated,
}: Estimate): string {
  const rows = lines.map((line) => [
    line.line.component || line.line.plan,
    line.line.record?.id ?? '',
    grouped(line.now ?? ''),
    grouped(line.then ?? ''),
    grouped(line.difference),
    line.currency,
  ]);
  const crossed = tiers.flatMap(({ now: before, then: after }) => {
    if (before.reached === after.reached) return [];
    const rung = after.reached === null ? undefined : after.rungs[after.reached];
    return rung === undefined
      ? [`${after.component} falls below its first tier in ${after.window.name}.\n`]
      : [
          `${after.component} reaches the tier from ${rung.written} in ${after.window.name}, which pays ${rung.pays}.\n`,
        ];
  });
  return [
    `${participant}, ${period}: ${grouped(now)} ${currency} now, ${grouped(then)} ${currency} then, a difference of ${grouped(difference)} ${currency}\n`,
    table(columns(['component', 'record', 'now', 'then', 'difference', ''], ['now', 'then', 'difference']), rows),
    ...crossed,
    ...notEstimated.map(({ component }) => `${component} keeps its present amount, because it is a contest.\n`),
  ].join('');
}
