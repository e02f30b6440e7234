import { type Closing, closePeriod, type WouldClose } from '@attain/client';
import { Command } from 'commander';
import { answering, described } from './answering.js';
import type { Api } from './api.js';
import { namesIn } from './list-option.js';
import { columns, counted, grouped, table, type Terminal } from './terminal.js';

interface Asked {
  dryRun?: boolean;
  closes?: string;
  accept?: string;
  reason?: string;
}

export function closeCommand(terminal: Terminal): Command {
  const command = described(
    'close',
    'close a period',
    'Closes a period and every earlier open period, and issues their statements, which never change afterwards. It lists the effect, and asks ' +
      'first. Closing more than one period needs --closes; open exceptions need --accept. With --dry-run nothing closes.',
    ['attain close 2017-10 --dry-run'],
  )
    .argument('<period>', 'such as 2017-10 or 2017-Q4')
    .option('--dry-run', 'only list the statements, totals, differences, exceptions and warnings of the close')
    .option('--closes <periods>', 'every period that this closes, separated by commas')
    .option('--accept <reason>', 'close although exceptions are open, and record the reason')
    .option('--reason <text>', 'the reason; it stays with the event');
  const wouldClose = (api: Api, period: string) =>
    api.ask(closePeriod, { path: { period }, body: {}, query: { dryRun: 'true' } }) as Promise<WouldClose>;
  return answering<[string], Asked, Closing | WouldClose>(terminal, command, {
    effect: async (api, [period], { dryRun }) => (dryRun ? undefined : asText(await wouldClose(api, period))),
    ask(api, [period], { dryRun, closes, accept, reason }) {
      if (dryRun) return wouldClose(api, period);
      const body = {
        ...(reason !== undefined && { reason }),
        ...(closes !== undefined && { closes: namesIn(closes) }),
        ...(accept !== undefined && { accept: { reason: accept } }),
      };
      return api.ask(closePeriod, { path: { period }, body });
    },
    text: (answer) =>
      'closed' in answer
        ? `${answer.closed.join(', ')} closed, ${counted(answer.statements, 'statement')} issued\n`
        : asText(answer),
  });
}

function asText(would: WouldClose): string {
  const { closes, known, statements, totals } = would;
  const rows = statements.map(({ period, participant, lines, earned, payable, currency }) => [
    period,
    participant,
    String(lines),
    grouped(earned),
    grouped(payable),
    currency,
  ]);
  for (const { currency, payable, statements: count } of totals)
    rows.push(['total', counted(count, 'statement'), '', '', grouped(payable), currency]);
  return [
    `would close ${closes.join(', ')}, with what is known up to ${known}\n`,
    table(columns(['period', 'participant', 'lines', 'earned', 'payable', ''], ['lines', 'earned', 'payable']), rows),
    ...differencesText(would),
    ...waitingText(would),
    ...exceptionsText(would),
    ...warningsText(would),
  ].join('');
}

function differencesText({ differences }: WouldClose): string[] {
  if (differences.length === 0) return [];
  const rows = differences.map((line) => [
    line.for ?? '',
    line.participant,
    line.component,
    recordText(line.record),
    line.cause?.kind ?? '',
    grouped(line.payable),
    line.payableCurrency,
  ]);
  return [
    `\n${counted(differences.length, 'difference')}:\n`,
    table(columns(['for', 'participant', 'component', 'record', 'cause', 'payable', ''], ['payable']), rows),
  ];
}

function waitingText({ waiting }: WouldClose): string[] {
  if (waiting.length === 0) return [];
  const rows = waiting.map((change) => [
    change.for,
    change.participant,
    change.component,
    recordText(change.record),
    change.cause.kind,
    grouped(change.payable),
    change.payableCurrency,
  ]);
  return [
    `\n${counted(waiting.length, 'late change')} of closed periods, paid only after somebody approves (attain late-changes list):\n`,
    table(
      columns(['for', 'participant', 'component', 'record', 'cause', 'would be payable', ''], ['would be payable']),
      rows,
    ),
  ];
}

function exceptionsText({ exceptions }: WouldClose): string[] {
  if (exceptions.length === 0) return [];
  const rows = exceptions.map(({ code, period, participant, component, record, detail }) => [
    code,
    period,
    participant,
    component,
    recordText(record),
    detail,
  ]);
  const keep = exceptions.length === 1 ? 'keeps' : 'keep';
  return [
    `\n${counted(exceptions.length, 'exception')} ${keep} it from closing unless you accept them (--accept REASON):\n`,
    table(columns(['code', 'period', 'participant', 'component', 'record', 'detail']), rows),
  ];
}

function warningsText({ warnings }: WouldClose): string[] {
  if (warnings.length === 0) return [];
  const rows = warnings.map(({ code, message }) => [code, message]);
  return [
    `\n${counted(warnings.length, 'warning')}, which ${warnings.length === 1 ? 'keeps' : 'keep'} nothing from closing:\n`,
    table(columns(['code', 'message']), rows),
  ];
}

function recordText(record: { source: string; id: string } | null): string {
  return record ? `${record.source}:${record.id}` : '';
}
