import type { SourceDocument } from '@attain/contracts';
import type { LocalDate } from '@attain/values';
import { BadPattern, type DateReader, dateReader, swappedForm } from '../imports/dates.rules.js';
import type { Line } from '../imports/lines.js';
import type { Mapping } from '../imports/mapping.rules.js';

export interface RowPlace {
  readonly file: string;
  readonly row: number;
}
/** The rows that have one status, as it is written. */
export interface StatusTally {
  readonly first: RowPlace;
  rows: number;
  /** Rows with a closing date, and the latest of these dates. */
  dated: number;
  latest: LocalDate;
}
/** How the dates of an export read in the form that its source states, and with day and month swapped. */
export interface DateTally {
  readonly form: string;
  readonly swapped: string;
  first: RowPlace | undefined;
  read: number;
  /** Dates that exist in one of the two forms only. */
  onlyStated: number;
  onlySwapped: number;
  /** Of dates that exist in both: the days and the months that the stated form reads. */
  readonly days: Set<string>;
  readonly months: Set<string>;
  /** Rows that close before they open. */
  backwards: { stated: number; swapped: number; first: RowPlace | undefined };
  /** Rows that are won or lost on a day after the import. */
  ahead: { stated: number; swapped: number; first: RowPlace | undefined };
}
export interface NumberTally {
  first: (RowPlace & { readonly text: string }) | undefined;
  /** Amounts with exactly three decimals, and with another number of them. */
  three: number;
  other: number;
}

/** The profile of the rows of an export, before they are interpreted. */
export class Reading {
  rows = 0;
  readonly statuses = new Map<string, StatusTally>();
  readonly dates: DateTally | undefined;
  readonly numbers: NumberTally = { first: undefined, three: 0, other: 0 };
  /** The latest closing date of a row that is won or lost. */
  decided: LocalDate = '';
  private readonly stated: DateReader | undefined;
  private readonly swapped: DateReader | undefined;
  private readonly threeDecimals: RegExp;
  private readonly decimals: RegExp;
  private readonly reached: ReadonlySet<string>;

  constructor(
    readonly document: SourceDocument,
    /** The day of the import. */
    private readonly today: LocalDate,
  ) {
    const { dates = ['yyyy-MM-dd'], numbers, status } = document;
    const [form, second] = dates;
    const swapped = form === undefined ? undefined : swappedForm(form);
    if (form !== undefined) this.stated = readerOf(form);
    if (form !== undefined && second === undefined && swapped !== undefined && this.stated !== undefined) {
      this.swapped = readerOf(swapped);
      const none = () => ({ stated: 0, swapped: 0, first: undefined });
      this.dates = {
        form,
        swapped,
        first: undefined,
        read: 0,
        onlyStated: 0,
        onlySwapped: 0,
        days: new Set(),
        months: new Set(),
        backwards: none(),
        ahead: none(),
      };
    }
    const point = numbers?.at(-3) === ',' ? ',' : '\\.';
    this.threeDecimals = new RegExp(`^-?\\d{1,3}${point}\\d{3}$`);
    this.decimals = new RegExp(`${point}\\d+$`);
    this.reached = new Set([...(status?.won ?? []), ...(status?.lost ?? [])]);
  }

  line({ written }: Mapping, { cells, file, row }: Line): void {
    this.rows += 1;
    const place = { file, row };
    const closed = cells[written.dates.get('closed') ?? -1]?.trim() ?? '';
    const status = written.status === undefined ? undefined : cells[written.status]!.trim();
    const isDecided = status === undefined || this.reached.has(status);
    if (status !== undefined) this.status(status, closed, place);
    if (this.dates !== undefined && written.dates.size > 0)
      this.form(this.dates, written.dates, cells, isDecided, place);
    for (const column of written.amounts) this.amount(cells[column]!.trim(), place);
  }

  private status(status: string, closed: string, place: RowPlace): void {
    let tally = this.statuses.get(status);
    if (tally === undefined) this.statuses.set(status, (tally = { first: place, rows: 0, dated: 0, latest: '' }));
    tally.rows += 1;
    const date = closed === '' ? undefined : read(this.stated, closed);
    if (date === undefined) return;
    tally.dated += 1;
    if (date > tally.latest) tally.latest = date;
    if (this.reached.has(status) && date > this.decided) this.decided = date;
  }

  private form(
    dates: DateTally,
    columns: ReadonlyMap<string, number>,
    cells: readonly string[],
    isDecided: boolean,
    place: RowPlace,
  ): void {
    const found = new Map<string, { stated: LocalDate | undefined; swapped: LocalDate | undefined }>();
    for (const [field, column] of columns) {
      const text = cells[column]!.trim();
      if (text === '') continue;
      const reading = { stated: read(this.stated, text), swapped: read(this.swapped, text) };
      if (reading.stated === undefined && reading.swapped === undefined) continue;
      found.set(field, reading);
      dates.read += 1;
      dates.first ??= place;
      if (reading.swapped === undefined) dates.onlyStated += 1;
      else if (reading.stated === undefined) dates.onlySwapped += 1;
      else {
        dates.months.add(reading.stated.slice(5, 7));
        dates.days.add(reading.stated.slice(8));
      }
    }
    const [opened, closed] = [found.get('opened'), found.get('closed')];
    for (const form of ['stated', 'swapped'] as const) {
      const [from, to] = [opened?.[form], closed?.[form]];
      if (from !== undefined && to !== undefined && to < from) {
        dates.backwards[form] += 1;
        if (form === 'stated') dates.backwards.first ??= place;
      }
      if (isDecided && to !== undefined && to > this.today) {
        dates.ahead[form] += 1;
        if (form === 'stated') dates.ahead.first ??= place;
      }
    }
  }

  private amount(text: string, place: RowPlace): void {
    let bare = text;
    for (const part of this.document.strip ?? []) bare = bare.replaceAll(part, '');
    bare = bare.trim();
    if (this.threeDecimals.test(bare)) {
      this.numbers.three += 1;
      this.numbers.first ??= { ...place, text };
    } else if (this.decimals.test(bare)) this.numbers.other += 1;
  }
}

function read(reader: DateReader | undefined, text: string): LocalDate | undefined {
  const reading = reader?.(text);
  return reading !== undefined && 'date' in reading ? reading.date : undefined;
}

function readerOf(form: string): DateReader | undefined {
  try {
    return dateReader([form]);
  } catch (error) {
    if (error instanceof BadPattern) return undefined; // The mapping refuses it.
    throw error;
  }
}
