import { CsvRecords } from '../imports/csv.rules.js';
import { dateReader } from '../imports/dates.rules.js';
import { numberReader } from '../imports/numbers.rules.js';

const SAMPLED = 50;
const DELIMITERS = [',', ';', '\t', '|'] as const;
const LONGEST = 1 << 20;

/** The encoding of a file by its first bytes; `whole`: whether every byte of the file is UTF-8. */
export function encodingOf(head: Buffer, whole: boolean): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  // Text without a mark, of which every second byte is zero.
  const zeros = [0, 1].map((from) => head.subarray(0, 1000).filter((byte, at) => at % 2 === from && byte === 0).length);
  if (zeros[1]! > 10 && zeros[0]! === 0) return 'utf-16le';
  if (zeros[0]! > 10 && zeros[1]! === 0) return 'utf-16be';
  return whole ? 'utf-8' : 'windows-1252';
}

/** The mark that cuts most rows into as many cells as the header has. */
export function delimiterOf(text: string): string {
  let best = { delimiter: ',', share: 0, width: 1 };
  for (const delimiter of DELIMITERS) {
    const widths: number[] = [];
    const csv = new CsvRecords(
      { delimiter, longest: LONGEST },
      { record: (cells) => void (widths.length <= SAMPLED && widths.push(cells.length)), bad: () => undefined },
    );
    csv.write(text);
    csv.end();
    const [width = 1, ...rows] = widths;
    // The last row may be cut where the sample ends.
    const counted = rows.length > 1 ? rows.slice(0, -1) : rows;
    const share = counted.length === 0 ? 1 : counted.filter((one) => one === width).length / counted.length;
    if (width > 1 && (share > best.share || (share === best.share && width > best.width)))
      best = { delimiter, share, width };
  }
  return best.delimiter;
}

export interface NumberForm {
  /** Of the values, how many are numbers in this form. */
  readonly read: number;
  readonly numbers: string | undefined;
  readonly strip: readonly string[];
  /** Another form reads the values as other numbers. */
  readonly other: { readonly form: string; readonly text: string; readonly value: string } | undefined;
}

const NUMBER_FORMS = [
  undefined,
  '1,234.56',
  '1.234,56',
  '1234,56',
  '1 234,56',
  '1 234.56',
  "1'234.56",
  '1’234.56',
] as const;
const UNITS = /\p{Sc}|(?<!\p{L})[A-Z]{3}(?!\p{L})/gu;
const MOST_UNITS = 5;

/** The form in which most of the values are numbers; a mark before exactly three digits divides thousands. */
export function numberFormOf(values: readonly string[]): NumberForm {
  const strip = [...new Set(values.flatMap((value) => value.match(UNITS) ?? []))].slice(0, MOST_UNITS);
  const forms = NUMBER_FORMS.map((numbers) => {
    const reader = numberReader(numbers, strip);
    const read = values.map((value) => reader(value));
    return { numbers, read, count: read.filter((one) => one !== undefined).length };
  });
  const most = Math.max(...forms.map(({ count }) => count));
  const tied = forms.filter(({ count }) => count === most);
  const mark = thousandsMark(values);
  const chosen = tied.find(({ numbers }) => numbers?.length === 8 && numbers[1] === mark) ?? tied[0]!;
  let other: NumberForm['other'];
  for (const form of tied) {
    const at = form.read.findIndex(
      (one, index) => one !== chosen.read[index] && Number(one) !== Number(chosen.read[index]),
    );
    if (at >= 0) other ??= { form: form.numbers ?? '1234.56', text: values[at]!, value: form.read[at]! };
  }
  return { read: most, numbers: chosen.numbers, strip, other };
}

/** The mark before exactly three digits in every text with a mark. */
function thousandsMark(values: readonly string[]): string | undefined {
  const marked = values.filter((value) => /\d[.,]\d/.test(value));
  const marks = new Set(marked.map((value) => /^\D*\d{1,3}([.,])\d{3}(\1\d{3})*\D*$/.exec(value)?.[1]));
  return marks.size === 1 ? [...marks][0] : undefined;
}

const DAYS = [
  'yyyy-MM-dd',
  'yyyy/MM/dd',
  'yyyy.MM.dd',
  'M/d/yyyy',
  'd/M/yyyy',
  'd.M.yyyy',
  'd-M-yyyy',
  'M-d-yyyy',
  'd-MMM-yyyy',
  'd MMM yyyy',
  'MMM d, yyyy',
  'd MMMM yyyy',
  'd. MMMM yyyy',
  'MMMM d, yyyy',
  'yyyyMMdd',
];
const TIMES = [
  '',
  ' HH:mm',
  ' HH:mm:ss',
  ' H:mm',
  ' H:mm:ss',
  ' HH:mm:ss.SSS',
  ' h:mm a',
  ' h:mm:ss a',
  "'T'HH:mm",
  "'T'HH:mm:ss",
  "'T'HH:mm:ss'Z'",
  "'T'HH:mm:ss.SSS",
  "'T'HH:mm:ss.SSS'Z'",
  "'T'HH:mm:ss.SSS'+0000'",
  ', HH:mm',
  ', h:mm a',
];
const LOOKS_DATED = /\d{4}\D{1,3}\d|\d\D{1,3}\d{4}|\p{L}{3}.*\d{4}|^\d{8}$/u;
const LONGEST_DATE = 40;

export interface DateForm {
  readonly form: string;
  readonly read: number;
}

/** The forms that read some of the values as dates, those of most values first. */
export function dateFormsOf(values: readonly string[]): DateForm[] {
  const dated = values.filter((value) => value.length <= LONGEST_DATE && LOOKS_DATED.test(value));
  if (dated.length * 2 < values.length) return [];
  return DAYS.flatMap((day) => TIMES.map((time) => [`${day}${time}`, dateReader([`${day}${time}`])] as const))
    .map(([form, reader]) => ({ form, read: dated.filter((value) => 'date' in reader(value)).length }))
    .filter(({ read }) => read > 0)
    .sort((a, b) => b.read - a.read);
}
