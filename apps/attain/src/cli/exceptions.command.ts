import {
  type Exceptions,
  listAcceptedExceptions,
  type ListAcceptedExceptionsResponse,
  listExceptions,
} from '@attain/client';
import { Command } from 'commander';
import { answering, described } from './answering.js';
import { asOfOption, effectiveOption } from './cut-options.js';
import { columns, counted, table, type Terminal } from './terminal.js';

export function exceptionsCommand(terminal: Terminal): Command {
  return described(
    'exceptions',
    'list the exceptions of calculation',
    'Lists pay that could not be computed, because a rate or a quota is missing, for example. Open exceptions keep a period from closing.',
  )
    .addCommand(open(terminal), { isDefault: true })
    .addCommand(accepted(terminal));
}

function open(terminal: Terminal): Command {
  const command = described('list', 'list open exceptions', undefined, ['attain exceptions'])
    .addOption(asOfOption())
    .addOption(effectiveOption());
  return answering<[], { asOf?: string; effective?: string }, Exceptions>(terminal, command, {
    ask: (api, _, { asOf, effective }) => api.ask(listExceptions, { query: { asOf, effective } }),
    text({ rows, withheld }) {
      const shown =
        rows.length === 0
          ? 'no exception is open\n'
          : table(
              columns(['code', 'participant', 'plan', 'component', 'record', 'detail']),
              rows.map(({ code, participant, plan, component, record, detail }) => [
                code,
                participant,
                plan,
                component,
                record ? `${record.source}:${record.id}` : '',
                detail,
              ]),
            );
      return withheld === 0
        ? shown
        : `${shown}${counted(withheld, 'exception')} not shown, because you do not see the participant\n`;
    },
  });
}

function accepted(terminal: Terminal): Command {
  const command = described('accepted', 'list the exceptions with which a period was closed', undefined, [
    'attain exceptions accepted 2017-09',
  ]).argument('<period>', 'a closed period, such as 2017-09');
  return answering<[string], object, ListAcceptedExceptionsResponse>(terminal, command, {
    ask: (api, [period]) => api.ask(listAcceptedExceptions, { path: { period } }),
    text: ({ rows }, [period]) =>
      rows.length === 0
        ? `${period} was closed without exceptions\n`
        : table(
            columns(['code', 'participant', 'component', 'record', 'accepted by', 'reason']),
            rows.map((row) => [
              row.code,
              row.participant,
              row.component,
              row.record ? `${row.record.source}:${row.record.id}` : '',
              row.by,
              row.reason,
            ]),
          ),
  });
}
