import { readFile } from 'node:fs/promises';
import { drawPlanCurve, getPlanCost, type PayCurveAnswer, type PlanCost, startPlanCost } from '@attain/client';
import { Command } from 'commander';
import { answering, described } from './answering.js';
import { columns, counted, grouped, progress, table, type Terminal } from './terminal.js';

interface OfCurve {
  component?: string;
  quota?: string;
  target?: string;
}

/** `attain plan curve` */
export function curve(terminal: Terminal): Command {
  const command = described(
    'curve',
    'print the pay of a plan document at each attainment',
    'Computes the pay of a plan document at each attainment of one component, by the rules of the plan. The document does not need to be published.',
    ['attain plan curve apps/attain/demo/plans/account-executive.yaml --quota 100000'],
  )
    .argument('<file>', 'the plan document')
    .option('--component <name>', 'the component; by default the first with tiers or a curve')
    .option('--quota <amount>', 'the quota of the window; by default the quota of the first example')
    .option('--target <amount>', 'the assigned target pay; by default the target of the first example');
  return answering<[string], OfCurve, PayCurveAnswer>(terminal, command, {
    ask: async (api, [file], { component, quota, target }) =>
      api.ask(drawPlanCurve, { body: { text: await readFile(file, 'utf8'), component, quota, target } }),
    text({ curve: found }) {
      if (found === null) return 'no component counts deals against a measure\n';
      const { component, measure, quota, currency, points } = found;
      return [
        `${component}: pay in ${currency} by the attainment of a quota of ${grouped(quota)} ${measure}\n`,
        table(
          columns(['attainment', 'credited', 'pay'], ['attainment', 'credited', 'pay']),
          points.map(({ attained, credited, pay }) => [
            `${(Number(attained) * 100).toFixed(2)} %`,
            grouped(credited),
            grouped(pay),
          ]),
        ),
      ].join('');
    },
  });
}

interface OfCost {
  from?: string;
  to?: string;
}

/** `attain plan cost` */
export function cost(terminal: Terminal): Command {
  const command = described(
    'cost',
    'compute what a plan document would have paid',
    'Computes what a plan document would have paid on past periods, beside what was paid and what the published plans give now. Nothing is ' +
      'recorded. The document holds from --from on, and replaces the versions of its plan that begin later. The result is that of `attain run` ' +
      'on a folder with this plan. A plan author sees rounded sums that reveal nobody’s pay.',
    ['attain plan cost apps/attain/demo/plans/account-executive.yaml --from 2017-01-01 --to 2017-06-30'],
  )
    .argument('<file>', 'the plan document')
    .option('--from <day>', 'the first day of the range; by default the latest four quarters')
    .option('--to <day>', 'the last day of the range');
  return answering<[string], OfCost, PlanCost>(terminal, command, {
    async ask(api, [file], { from, to }) {
      const { id } = await api.ask(startPlanCost, { body: { text: await readFile(file, 'utf8'), from, to } });
      const bar = progress(terminal, 'Computing');
      await api.follow(id, bar).finally(() => bar.stop());
      return api.ask(getPlanCost, { path: { job: id } });
    },
    text: costText,
  });
}

const amounts = ['paid', 'now', 'then', 'difference'];

function costText({ plan, version, from, periods, rows, totals, withheld, isRounded, exceptions }: PlanCost): string {
  const texts = (row: { paid: string | null; now: string; then: string; difference: string }) => [
    row.paid === null ? 'open' : grouped(row.paid),
    grouped(row.now),
    grouped(row.then),
    grouped(row.difference),
  ];
  const all = [
    ...rows.map((row) => [row.period, row.participant, ...texts(row), row.currency]),
    ...totals.map((total) => ['total', counted(total.participants, 'participant'), ...texts(total), total.currency]),
  ];
  return [
    `${plan} ${version} from ${from} on, in ${counted(periods.length, 'pay period')}${isRounded ? ', rounded to three digits' : ''}\n`,
    table(columns(['period', 'participant', ...amounts, ''], amounts), all),
    ...withheld.map(
      (currency) => `the sums in ${currency} are withheld, because they would reveal the pay of a person\n`,
    ),
    ...exceptions.map(({ code, participant, detail }) => `${code}: ${participant}: ${detail}\n`),
  ].join('');
}
