import type { Closed, WouldClose } from '@attain/incentives';
import { Command } from 'commander';
import { aimed, type Target, withApi } from './api.js';
import { counted, grouped, table, type Terminal } from './terminal.js';

interface Asked extends Target {
  dryRun?: boolean;
  closes?: string;
  accept?: string;
  reason?: string;
  json?: boolean;
}

export function closeCommand(terminal: Terminal): Command {
  return aimed(new Command('close'))
    .summary('close a period')
    .description(
      'Closes a period and every earlier one that is open, and issues their statements, which never change afterwards. Closing more than ' +
        'one period needs --closes; an exception that is open needs --accept. With --dry-run nothing closes.',
    )
    .argument('<period>', 'such as 2017-10 or 2017-Q4')
    .option('--dry-run', 'list what would close: statements, totals, differences, exceptions and warnings')
    .option('--closes <periods>', 'every period that this closes, joined by commas')
    .option('--accept <reason>', 'close although exceptions are open, and record why')
    .option('--reason <text>', 'why it is closed')
    .option('--json', 'the answer as JSON')
    .addHelpText('after', '\nExample:\n  attain close 2017-10 --dry-run')
    .action((period: string, { dryRun, closes, accept, reason, json, ...target }: Asked) =>
      withApi(target, 'finance', async (api) => {
        const path = `/periods/${encodeURIComponent(period)}/close`;
        if (dryRun) {
          const would = await api.send<WouldClose>(path, {}, { dryRun: 'true' });
          terminal.out(json ? `${JSON.stringify(would, null, 2)}\n` : told(would));
          return;
        }
        const names = closes
          ?.split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '');
        const body = {
          ...(reason !== undefined && { reason }),
          ...(names && { closes: names }),
          ...(accept !== undefined && { accept: { reason: accept } }),
        };
        const closed = await api.send<Closed>(path, body);
        terminal.out(
          json
            ? `${JSON.stringify(closed, null, 2)}\n`
            : `${closed.closed.join(', ')} closed, ${closed.statements} statements issued\n`,
        );
      }),
    );
}

function told({ closes, known, statements, totals, differences, waiting, exceptions, warnings }: WouldClose): string {
  const right = { align: 'right' as const };
  const rows = statements.map(({ period, participant, lines, earned, payable, currency }) => [
    period,
    participant,
    String(lines),
    grouped(earned),
    grouped(payable),
    currency,
  ]);
  for (const { currency, payable, statements: count } of totals)
    rows.push(['total', `${count} statements`, '', '', grouped(payable), currency]);
  const parts = [
    `would close ${closes.join(', ')}, with what is known up to ${known}\n`,
    table(
      [
        { title: 'period' },
        { title: 'participant' },
        { title: 'lines', ...right },
        { title: 'earned', ...right },
        { title: 'payable', ...right },
        { title: '' },
      ],
      rows,
    ),
  ];
  if (differences.length > 0) {
    parts.push(
      `\n${differences.length} differences:\n`,
      table(
        [
          { title: 'for' },
          { title: 'participant' },
          { title: 'component' },
          { title: 'record' },
          { title: 'cause' },
          { title: 'payable', ...right },
          { title: '' },
        ],
        differences.map((line) => [
          line.for ?? '',
          line.participant,
          line.component,
          line.record ? `${line.record.source}:${line.record.id}` : '',
          line.cause?.kind ?? '',
          grouped(line.payable),
          line.payableCurrency,
        ]),
      ),
    );
  }
  if (waiting.length > 0) {
    parts.push(
      `\n${counted(waiting.length, 'late change')} of closed periods, paid only after somebody approves (attain late-changes list):\n`,
      table(
        [
          { title: 'for' },
          { title: 'participant' },
          { title: 'component' },
          { title: 'record' },
          { title: 'cause' },
          { title: 'would be payable', ...right },
          { title: '' },
        ],
        waiting.map((change) => [
          change.for,
          change.participant,
          change.component,
          change.record ? `${change.record.source}:${change.record.id}` : '',
          change.cause.kind,
          grouped(change.payable),
          change.payableCurrency,
        ]),
      ),
    );
  }
  if (exceptions.length > 0) {
    parts.push(
      `\n${exceptions.length} exceptions keep it from closing unless you accept them (--accept REASON):\n`,
      table(
        ['code', 'period', 'participant', 'component', 'record', 'detail'].map((title) => ({ title })),
        exceptions.map(({ code, period, participant, component, record, detail }) => [
          code,
          period,
          participant,
          component,
          record ? `${record.source}:${record.id}` : '',
          detail,
        ]),
      ),
    );
  }
  if (warnings.length > 0) {
    parts.push(
      `\n${counted(warnings.length, 'warning')}, which keep nothing from closing:\n`,
      table(
        [{ title: 'code' }, { title: 'message' }],
        warnings.map(({ code, message }) => [code, message]),
      ),
    );
  }
  return parts.join('');
}
