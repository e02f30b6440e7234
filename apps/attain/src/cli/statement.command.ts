import { writeFile } from 'node:fs/promises';
import { explainLine, getStatement, getStatementPdf, type LineExplanation, type Statement } from '@attain/client';
import { suggestion } from '@attain/contracts';
import { Command } from 'commander';
import { answering, described } from './answering.js';
import type { Api } from './api.js';
import { asOfOption, effectiveOption } from './cut-options.js';
import { lineText, percent } from './explanation.text.js';
import { columns, counted, exitCodes, grouped, Stop, table, type Terminal } from './terminal.js';

interface Cut {
  asOf?: string;
  effective?: string;
}
/** The answer, and the file of its PDF. */
type Shown = Statement & { pdf?: string };

export function statementCommand(terminal: Terminal): Command {
  const command = described(
    'statement',
    'show a statement',
    'Shows the pay of a participant for a period: the issued statement, or a preview of an open period or of another date.',
    ['attain statement darcel-schlecht 2017-06 --as rep'],
  )
    .argument('<participant>', 'the id of the participant')
    .argument('<period>', 'such as 2017-06 or 2017-Q2')
    .addOption(asOfOption())
    .addOption(effectiveOption())
    .option('--pdf <file>', 'write the statement as a PDF too, with how each line is computed');
  return answering<[string, string], Cut & { pdf?: string }, Shown>(terminal, command, {
    async ask(api, [participant, period], { pdf, ...cut }) {
      const statement = await statementOf(api, participant, period, cut);
      if (pdf === undefined) return statement;
      await write(pdf, await pdfOf(api, participant, period, cut));
      return { ...statement, pdf };
    },
    text: (statement) => asText(statement) + (statement.pdf === undefined ? '' : `written to ${statement.pdf}\n`),
  });
}

export function explainCommand(terminal: Terminal): Command {
  const command = described(
    'explain',
    'explain the amount of a line',
    'Explains the lines of a record, or one line, as a tree whose parts sum to the line: slices, cuts, both sides of a difference, and who ' +
      'recorded each input, when and why.',
    ['attain explain darcel-schlecht 2017-06 1MCE2AOV'],
  )
    .argument('<participant>', 'the id of the participant')
    .argument('<period>', 'such as 2017-06 or 2017-Q2')
    .argument('<line>', 'the id of a line, or of a record')
    .addOption(asOfOption())
    .addOption(effectiveOption());
  return answering<[string, string, string], Cut, LineExplanation[]>(terminal, command, {
    async ask(api, [participant, period, line], cut) {
      const { lines } = await statementOf(api, participant, period, cut);
      const meant = lines.filter(
        ({ id, record }) => id === line || record?.id === line || `${record?.source}:${record?.id}` === line,
      );
      if (meant.length === 0) throw noLine(participant, period, line, lines);
      const explained: LineExplanation[] = [];
      for (const { id } of meant)
        explained.push(
          await api.ask(explainLine, {
            path: { participant, period, line: id },
            query: { asOf: cut.asOf, effective: cut.effective },
          }),
        );
      return explained;
    },
    text: (explained) => explained.map(lineText).join('\n'),
  });
}

function noLine(participant: string, period: string, line: string, lines: Statement['lines']): Stop {
  const near = suggestion(
    line,
    lines.flatMap(({ id, record }) => (record ? [record.id, id] : [id])),
  );
  return new Stop(
    exitCodes.no,
    `the statement of ${participant} for ${period} has no line or record ${JSON.stringify(line)}${near}`,
    { code: 'NOT_FOUND' },
  );
}

function statementOf(api: Api, participant: string, period: string, { asOf, effective }: Cut): Promise<Statement> {
  return api.ask(getStatement, { path: { participant, period }, query: { asOf, effective } });
}

async function pdfOf(api: Api, participant: string, period: string, { asOf, effective }: Cut): Promise<Buffer> {
  const file = await api.ask(getStatementPdf, { path: { participant, period }, query: { asOf, effective } });
  return Buffer.from(await (file as Blob).arrayBuffer());
}

async function write(file: string, bytes: Buffer): Promise<void> {
  await writeFile(file, bytes).catch((error: unknown) => {
    throw new Stop(exitCodes.usage, `the PDF cannot be written to ${file}: ${(error as Error).message}`, {
      code: 'NOT_WRITTEN',
    });
  });
}

function asText({
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
}: Statement): string {
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
  const titles = ['line', 'kind', 'component', 'record', 'for', 'date', 'credited', 'rate', 'payable', 'cause'];
  return [
    `${participant}, ${period}: payable ${grouped(payable)} ${currency}, earned ${grouped(earned)}${units.map(({ unit, amount }) => `, ${grouped(amount)} ${unit}`).join('')} (${state})\n`,
    table(columns(titles, ['credited', 'rate', 'payable']), rows),
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
          `${counted(withheld.lines, 'line or late change', 'lines and late changes')} not shown, because you were not above ${participant} on their days; the sums leave them out.\n`,
        ]),
    ...(unexplained === 0
      ? []
      : [
          `${counted(unexplained, 'line')} without an explanation, because the present engine computes other lines in their place.\n`,
        ]),
  ].join('');
}
