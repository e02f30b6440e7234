import { compareWarnings, nearest, type Warning, type WarningAbout, type WarningCode } from '@attain/contracts';
import type { PeopleColumn } from '../imports/cells.rules.js';
import type { As } from '../imports/fields.rules.js';
import type { Reading, RowPlace, StatusTally } from './reading.js';

/** The readings, and their results. */
export interface ReadExport {
  readonly source: string;
  readonly as: As;
  readonly reading: Reading;
  readonly files: readonly string[];
  /** Records that were retracted, because the export no longer has them. */
  readonly retracted: number;
  /** People by a column that the source looks them up in. */
  people(column: string): PeopleColumn | undefined;
}

const MOST = 100;

/** Valid rows of an export that are probably mistakes, the gravest first. */
export function readingWarnings(read: ReadExport): Warning[] {
  return [...empty(read), ...statuses(read), ...neverWon(read), ...dates(read), ...numbers(read), ...sharedNames(read)]
    .sort(compareWarnings)
    .slice(0, MOST);
}

function warning(code: WarningCode, about: WarningAbout, message: string): Warning {
  return { code, severity: 'warning', message: message.slice(0, 4000), about, participants: null };
}

function inRow({ source, as }: ReadExport, place: RowPlace): WarningAbout {
  return { kind: 'row', source, as, file: place.file, row: place.row };
}

function inSource({ source, as }: ReadExport, ...path: (string | number)[]): WarningAbout {
  return { kind: 'source', source, as, path };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function empty(read: ReadExport): Warning[] {
  if (read.reading.rows > 0) return [];
  const gone =
    read.retracted > 0
      ? `; ${counted(read.retracted, 'record')} that it had before ${read.retracted === 1 ? 'was' : 'were'} retracted`
      : '';
  return [
    warning(
      'EXPORT_EMPTY',
      inSource(read, 'files'),
      `${read.files.join(', ')} ${read.files.length === 1 ? 'has' : 'have'} no rows of ${read.as}${gone}: check the export`,
    ),
  ];
}

/** Statuses are compared more strictly than names, because open statuses may be similar words. */
const LETTERS = 4;

function statuses(read: ReadExport): Warning[] {
  const { document, statuses: all } = read.reading;
  const { status } = document;
  if (status === undefined) return [];
  const reached = [...(status.won ?? []), ...(status.lost ?? [])];
  return [...all].flatMap(([value, tally]) => {
    if (reached.includes(value)) return [];
    const near =
      value === ''
        ? undefined
        : (reached.find((word) => contains(value, word) || contains(word, value)) ?? nearest(value, reached, LETTERS));
    if (near === undefined && !looksDecided(value, tally, read.reading, reached)) return [];
    const one = tally.rows === 1;
    const what =
      value === ''
        ? `no ${status.from}`
        : `the ${status.from} ${JSON.stringify(value.slice(0, 100))}, which is neither won nor lost`;
    const hint =
      near === undefined
        ? `, and ${one ? 'it' : 'each of them'} closed ${one ? 'on' : 'by'} ${tally.latest}`
        : ` (did you mean ${JSON.stringify(near)}?)`;
    const message = `${counted(tally.rows, 'row')} ${one ? 'has' : 'have'} ${what}${hint}: ${one ? 'it counts as open and pays' : 'they count as open and pay'} nothing; correct the export, or add the value to \`status\` of the source`;
    return [warning('STATUS_UNKNOWN', inRow(read, tally.first), message)];
  });
}

/** `Won (renewal)` contains `Won`. */
function contains(value: string, word: string): boolean {
  const words = (text: string) =>
    ` ${text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()} `;
  return words(word).trim() !== '' && words(value).includes(words(word));
}

/** Every row closed in the past, while rows of other open statuses mostly have no closing date. */
function looksDecided(
  value: string,
  tally: StatusTally,
  { statuses: all, decided }: Reading,
  reached: readonly string[],
): boolean {
  if (decided === '' || tally.dated < tally.rows || tally.latest > decided) return false;
  let [rows, dated] = [0, 0];
  for (const [other, { rows: count, dated: with_ }] of all) {
    if (other === value || reached.includes(other)) continue;
    rows += count;
    dated += with_;
  }
  return rows === 0 || dated * 2 < rows;
}

/** The number of rows from which on it is unusual that none is won. */
const ENOUGH = 5;

function neverWon(read: ReadExport): Warning[] {
  const { document, statuses: all, rows } = read.reading;
  const won = document.status?.won ?? [];
  if (document.status === undefined || rows < ENOUGH || won.some((value) => all.has(value))) return [];
  const values = [...all.keys()].filter((value) => value !== '');
  const listed =
    values.length <= 8 ? ` (it has ${values.map((value) => JSON.stringify(value.slice(0, 60))).join(', ')})` : '';
  const what =
    won.length === 0
      ? 'the source names no status as won'
      : `none of ${rows} rows has the ${document.status.from} ${won.map((value) => JSON.stringify(value)).join(' or ')}`;
  return [warning('STATUS_NEVER_WON', inSource(read, 'status', 'won'), `${what}${listed}: nothing is won`)];
}

function dates(read: ReadExport): Warning[] {
  const { dates: tally } = read.reading;
  if (tally?.first === undefined) return [];
  const { form, swapped, read: all, onlyStated, onlySwapped, days, months, backwards, ahead } = tally;
  const advice = `; if its dates are written as ${swapped}, write \`dates: ${swapped}\``;
  const warn = (evidence: string, place: RowPlace | undefined) => [
    warning(
      'DATE_FORM',
      place === undefined ? inSource(read, 'dates') : inRow(read, place),
      `the source reads dates as ${form}, but ${evidence}${advice}`,
    ),
  ];
  if (onlySwapped > onlyStated)
    return warn(
      `${onlySwapped} of ${all} dates exist only as ${swapped}, and ${onlyStated} only as ${form}`,
      undefined,
    );
  // A single date that exists only in the stated form confirms the form.
  if (onlyStated > 0) return [];
  if (backwards.stated > 0 && backwards.swapped === 0)
    return warn(
      `${counted(backwards.stated, 'row')} would close before opening, and as ${swapped} none would`,
      backwards.first,
    );
  if (ahead.stated > 0 && ahead.swapped * 2 < ahead.stated)
    return warn(
      `${counted(ahead.stated, 'row')} would be decided on days to come, and as ${swapped} ${ahead.swapped === 0 ? 'none' : ahead.swapped} would`,
      ahead.first,
    );
  // Correctly read dates fill the days of a few months. The first of each month is an exception, because many files use it.
  const isFirst = days.size === 1 && days.has('01');
  if (months.size >= 4 && months.size > days.size && !isFirst && all >= 8) {
    return warn(
      `none of ${all} dates has a day above 12: they lie on ${counted(days.size, 'day')} of ${months.size} months, and as ${swapped} on ${counted(months.size, 'day')} of ${counted(days.size, 'month')}`,
      undefined,
    );
  }
  return [];
}

function numbers(read: ReadExport): Warning[] {
  const { numbers: tally, document } = read.reading;
  if (tally.first === undefined || tally.three <= tally.other) return [];
  const stated = document.numbers ?? '1234.56';
  const other = stated.at(-3) === ',' ? '1,234.56' : '1.234,56';
  const message = `${counted(tally.three, 'amount')} such as ${tally.first.text} ${tally.three === 1 ? 'has' : 'have'} exactly three decimals when read as ${stated}: if the mark is one of thousands, write \`numbers: ${other}\``;
  return [warning('NUMBER_FORM', inRow(read, tally.first), message)];
}

function sharedNames(read: ReadExport): Warning[] {
  const { columns } = read.reading.document;
  return Object.entries(columns).flatMap(([field, column]) => {
    const find = typeof column === 'object' && !Array.isArray(column) ? column.find : undefined;
    if (find === undefined) return [];
    const shared = [...(read.people(find.slice('people.'.length)) ?? [])].filter(([, ids]) => ids.length > 1);
    return shared
      .slice(0, 10)
      .map(([name, ids]) =>
        warning(
          'NAME_SHARED',
          inSource(read, 'columns', field),
          `${JSON.stringify(name)} is the ${find.slice('people.'.length)} of ${ids.length} people: rows with it wait in quarantine; look people up by another column, such as people.id`,
        ),
      );
  });
}
