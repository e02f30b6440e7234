import {
  type CorrectedRow,
  correctRow,
  dismissRow,
  type ImportResult,
  listQuarantine,
  type ListQuarantineResponse,
  replayQuarantine,
} from '@attain/client';
import { Command } from 'commander';
import { answering, described } from './answering.js';
import { columns, counted, exitCodes, Stop, table, type Terminal } from './terminal.js';

interface Narrowed {
  source?: string;
  kind?: string;
  limit?: string;
  cursor?: string;
}

export function quarantineCommand(terminal: Terminal): Command {
  return described(
    'quarantine',
    'list, correct, replay and dismiss rows of exports that could not be read',
    'A row of an export that cannot be read waits in quarantine, with the reason. Correct the cells of the row; or correct the mapping, then ' +
      'replay the rows of the source; or dismiss a row that should not be read.',
  )
    .addCommand(list(terminal), { isDefault: true })
    .addCommand(replay(terminal))
    .addCommand(correct(terminal))
    .addCommand(dismiss(terminal));
}

function list(terminal: Terminal): Command {
  const command = described('list', 'list the rows that wait in quarantine', undefined, ['attain quarantine list'])
    .option('--source <name>', 'of one source only')
    .option('--kind <kind>', 'of one kind of record only, such as deals')
    .option('--limit <rows>', 'the most rows to list', '100')
    .option('--cursor <text>', 'go on behind a list: `next` of its --json');
  return answering<[], Narrowed, ListQuarantineResponse>(terminal, command, {
    ask: (api, _, { source, kind, limit, cursor }) =>
      api.ask(listQuarantine, { query: { source, as: kind, limit: limit as never, cursor } }),
    text({ rows, total }) {
      if (total === 0) return 'no row waits in quarantine\n';
      const shown = table(
        columns(['quarantine', 'source', 'kind', 'file', 'row', 'field', 'expected', 'found'], ['row']),
        rows.map((row) => [
          row.quarantine,
          row.source,
          row.as,
          row.file,
          String(row.row),
          row.field ?? '',
          row.expected,
          row.found ?? '',
        ]),
      );
      return rows.length < total
        ? `${shown}${rows.length} of ${counted(total, 'row')} shown; --limit shows more\n`
        : shown;
    },
  });
}

function replay(terminal: Terminal): Command {
  const command = described(
    'replay',
    'read the rows of a source again',
    'Reads the rows of a source that wait in quarantine again, with the present mapping and people. Rows that can be read are recorded.',
    ['attain quarantine replay crm --kind deals --yes'],
  )
    .argument('<source>', 'the source, such as crm')
    .option('--kind <kind>', 'of one kind of record only, such as deals');
  return answering<[string], { kind?: string }, ImportResult>(terminal, command, {
    async effect(api, [source], { kind }) {
      const { total } = await api.ask(listQuarantine, { query: { source, as: kind, limit: 1 } });
      return `${counted(total, 'row')} of ${source} ${total === 1 ? 'is' : 'are'} read again. Rows that can be read now change pay.`;
    },
    ask: (api, [source], { kind }) => api.ask(replayQuarantine, { path: { source }, query: { as: kind } }),
    text({ source, rows, quarantined }) {
      return `${source}: ${counted(rows, 'row')} read again, ${counted(quarantined, 'row')} still in quarantine\n`;
    },
  });
}

function dismiss(terminal: Terminal): Command {
  const command = described('dismiss', 'dismiss a row for good, so that it is never recorded')
    .argument('<quarantine>', 'the id of the row, as `attain quarantine list` shows it')
    .requiredOption('--reason <text>', 'the reason; it stays with the event');
  return answering<[string], { reason: string }>(terminal, command, {
    effect: (_, [quarantine]) => `The row ${quarantine} is never recorded, and so never paid.`,
    ask: (api, [quarantine], { reason }) => api.ask(dismissRow, { path: { quarantine }, body: { reason } }),
    text: (_, [quarantine]) => `${quarantine} is dismissed\n`,
  });
}

function correct(terminal: Terminal): Command {
  const command = described(
    'correct',
    'correct cells of a row, and read the row again',
    'Writes cells of a row in quarantine anew, and reads the row again. The cells as the file has them stay with the event of the import.',
  )
    .argument('<quarantine>', 'the id of the row, as `attain quarantine list` shows it')
    .requiredOption('--set <column=text>', 'a column of the file and its new text; repeat it for each cell', cellOf, {})
    .requiredOption('--reason <text>', 'the reason; it stays with the event');
  return answering<[string], { reason: string; set: Record<string, string> }, CorrectedRow>(terminal, command, {
    effect: (_, [quarantine]) =>
      `The row ${quarantine} is read again with the new cells. If it can be read, it changes pay.`,
    ask: (api, [quarantine], { reason, set }) =>
      api.ask(correctRow, { path: { quarantine }, body: { cells: set, reason } }),
    text: ({ problem }, [quarantine]) =>
      problem === null
        ? `${quarantine} is corrected and recorded\n`
        : `${quarantine} still waits: ${problem.field ?? 'row'}: expected ${problem.expected}${problem.found === null ? '' : `, found ${JSON.stringify(problem.found)}`}\n`,
    ends: ({ problem }) => (problem === null ? undefined : new Stop(exitCodes.no, '', { detail: problem.expected })),
  });
}

function cellOf(text: string, cells: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1)
    throw new Stop(
      exitCodes.usage,
      `--set: expected a column and its text, such as "Close Date=2026-02-28", found ${JSON.stringify(text)}`,
    );
  return { ...cells, [text.slice(0, at)]: text.slice(at + 1) };
}
