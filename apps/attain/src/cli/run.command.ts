import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type DocumentProblem,
  type DocumentWarning,
  formatProblem,
  formatWarning,
  type StoredStatement,
} from '@attain/contracts';
import type { ListedException } from '@attain/compensation';
import { PaidStatementQueries, RowQueries, UnitQueries } from '@attain/incentives';
import { createInstance, EVENT_STORE, HISTORY, type Instance } from '@attain/service';
import { Exact, isDate } from '@attain/values';
import { Command, InvalidArgumentError, Option } from 'commander';
import { waitingRows, warningsIn } from '../folder/check-folder.js';
import { type CompanyContents, readFolder } from '@attain/pipeline';
import { inGravity, unreadIn } from '../folder/folder-warnings.js';
import { recordContents } from '../folder/record-contents.js';
import { services } from '../modules.js';
import { counted, exitCodes, grouped, progress, Stop, table, type Terminal } from './terminal.js';

interface RunOptions {
  asOf?: string;
  lines?: boolean;
  statements?: boolean;
  attainment?: boolean;
  units?: boolean;
  json?: boolean;
  out?: string;
  strict?: boolean;
}

const mostRowsShown = 20;

export function runCommand(terminal: Terminal): Command {
  return new Command('run')
    .summary('compute a company folder')
    .description(
      'Computes the pay of a company folder without a server, and stores nothing. It prints the statement of each pay period that ends by ' +
        '--as-of, as if each period had been closed at its end. If the folder has errors, the command lists them, computes nothing and exits ' +
        'with 1. Rows of exports that cannot be read are listed on stderr and left out. Warnings and exceptions are counted beside the ' +
        'total; warnings are listed on stderr. The command then exits with 0, or with 3 under --strict.',
    )
    .argument('<dir>', 'the company folder')
    .addOption(
      new Option(
        '--as-of <date>',
        'use facts dated up to and including this day; default: the end of the latest pay period with a credit',
      ).argParser(dateArgument),
    )
    .addOption(new Option('--lines', 'print the earned lines as CSV').conflicts(['statements', 'attainment', 'json']))
    .addOption(
      new Option('--statements', 'print every line of every statement as CSV').conflicts([
        'lines',
        'attainment',
        'json',
      ]),
    )
    .addOption(
      new Option('--attainment', 'print the attainment of everybody with a quota as CSV').conflicts([
        'lines',
        'statements',
        'json',
      ]),
    )
    .addOption(
      new Option(
        '--units',
        'print units other than money, such as days off: the amount of each statement and the balance after it, as CSV',
      ).conflicts(['lines', 'statements', 'attainment', 'json']),
    )
    .option('--json', 'print the statements as JSON, with every line and its trace')
    .option('--out <file>', 'write the output to this file instead of stdout')
    .option('--strict', 'exit with 3 when there is a warning, an exception, or a row that cannot be read')
    .addHelpText('after', '\nExample:\n  attain run apps/attain/demo --as-of 2017-12-31 --statements --out paid.csv')
    .action(async (dir: string, options: RunOptions) => {
      const { contents, problems, files } = await readFolder(resolve(dir));
      if (contents === undefined) throw stopWith(problems);
      const instance = await createInstance(services, { logLevel: 'error' });
      try {
        const waiting = await fill(terminal, instance, contents, problems);
        const doubts = await doubtsOf(instance, contents, await unreadIn(resolve(dir), files));
        await write(terminal, await answer(instance, contents, options, doubts), options);
        printWarnings(terminal, doubts);
        if (waiting + doubts.warnings.length + doubts.exceptions.length > 0 && options.strict)
          throw new Stop(exitCodes.strict, '', {
            detail: 'there are warnings, exceptions or rows that cannot be read',
          });
      } finally {
        await instance.close();
      }
    });
}

export function dateArgument(text: string): string {
  if (!isDate(text)) throw new InvalidArgumentError('expected a date such as 2025-03-31');
  return text;
}

/** Records the folder; answers how many rows of its exports wait in quarantine. */
async function fill(
  terminal: Terminal,
  instance: Instance,
  contents: CompanyContents,
  problems: DocumentProblem[],
): Promise<number> {
  const bar = progress(terminal, 'Reading');
  const recorded = await recordContents(
    instance,
    contents,
    // One instant for all of it: the parts of a difference go by the order in which facts became known.
    { actor: 'run', correlation: 'run', recorded: new Date().toISOString() },
    { progress: (done, total, note) => bar.update(done, total, note) },
  ).finally(() => bar.stop());
  const all = [...problems, ...recorded.problems];
  if (all.length > 0) throw stopWith(all);
  await instance.caughtUp();
  const waiting = recorded.imports.reduce((sum, { quarantined }) => sum + quarantined, 0);
  let rows = 0;
  if (waiting > 0) {
    for await (const { file, row, message } of waitingRows(instance.get(EVENT_STORE), contents)) {
      rows += 1;
      if (rows <= mostRowsShown) terminal.err(`${file}:${row}: ${message}\n`);
    }
    terminal.err(
      `${counted(waiting, 'row')} of the exports could not be read and ${waiting === 1 ? 'is' : 'are'} left out${rows > mostRowsShown ? ` (the first ${mostRowsShown} are shown; attain check shows all)` : ''}\n`,
    );
  }
  return waiting;
}

/** Possible errors in the numbers, although they were computed. */
interface Doubts {
  readonly warnings: readonly DocumentWarning[];
  readonly exceptions: readonly ListedException[];
}

async function doubtsOf(
  instance: Instance,
  contents: CompanyContents,
  unread: readonly DocumentWarning[],
): Promise<Doubts> {
  const warnings = inGravity([...unread, ...(await warningsIn(instance, contents))]);
  return { warnings, exceptions: instance.get(HISTORY).exceptions() };
}

function printWarnings(terminal: Terminal, { warnings }: Doubts): void {
  for (const warning of warnings.slice(0, mostRowsShown)) terminal.err(`${formatWarning(warning)}\n`);
  if (warnings.length > mostRowsShown)
    terminal.err(`the first ${mostRowsShown} of ${warnings.length} warnings are shown; attain check shows all\n`);
}

function stopWith(problems: readonly DocumentProblem[]): Stop {
  const message = `${counted(problems.length, 'error')} in the folder: nothing was computed`;
  return new Stop(exitCodes.no, [...problems.map(formatProblem), message].join('\n'), {
    code: 'FOLDER_ERRORS',
    detail: message,
    problems,
  });
}

async function answer(
  instance: Instance,
  contents: CompanyContents,
  { asOf, lines, statements: asRows, attainment, units, json }: RunOptions,
  doubts: Doubts,
): Promise<string> {
  const rows = instance.get(RowQueries);
  if (lines) return rows.lines(instance.scope, asOf);
  if (units) return instance.get(UnitQueries).csv(instance.scope, asOf);
  if (attainment) return rows.attainment(instance.scope, asOf);
  if (asRows) return rows.statements(instance.scope, asOf);
  const statements: StoredStatement[] = [];
  for await (const statement of instance.get(PaidStatementQueries).upTo(instance.scope, asOf))
    statements.push(statement);
  if (json)
    return `${JSON.stringify({ company: instance.get(HISTORY).company().name, asOf: asOf ?? null, statements, ...doubts }, null, 2)}\n`;
  return tables(contents, statements, doubts);
}

function tables(
  contents: CompanyContents,
  statements: readonly StoredStatement[],
  { warnings, exceptions }: Doubts,
): string {
  const names = new Map(contents.people.map(({ value: { id, name } }) => [id, name]));
  const totals = new Map<string, Exact>();
  const rows = statements.map(({ period, participant, earned, payable, currency, lines }) => {
    totals.set(currency, (totals.get(currency) ?? Exact.zero).plus(Exact.parse(payable)));
    return [
      period,
      participant,
      names.get(participant) ?? '',
      String(lines.length),
      grouped(earned),
      grouped(payable),
      currency,
    ];
  });
  for (const [currency, total] of totals)
    rows.push(['total', '', '', '', '', grouped(total.toDecimal(2, 'half-up')), currency]);
  // A late change waits in each later statement too.
  const waiting = [
    ...new Map(statements.map(({ participant, waiting: own = [] }) => [participant, own.length])).values(),
  ].reduce((sum, count) => sum + count, 0);
  const late = waiting === 0 ? '' : `, ${counted(waiting, 'late change')} not paid before a review`;
  rows.at(-1)?.push(`${counted(warnings.length, 'warning')}, ${counted(exceptions.length, 'exception')}${late}`);
  return table(
    [
      { title: 'period' },
      { title: 'participant' },
      { title: 'name' },
      { title: 'lines', align: 'right' },
      { title: 'earned', align: 'right' },
      { title: 'payable', align: 'right' },
      { title: '' },
      { title: '' },
    ],
    rows,
  );
}

async function write(terminal: Terminal, text: string, { out }: RunOptions): Promise<void> {
  if (out === undefined) terminal.out(text);
  else await writeFile(out, text);
}
