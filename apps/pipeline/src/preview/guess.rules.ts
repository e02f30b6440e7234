import { isCurrency } from '@attain/values';
import type { Lookups } from '../imports/cells.rules.js';
import type { As, CellKind, FieldSet } from '../imports/fields.rules.js';
import { dateFormsOf, type DateForm, type NumberForm, numberFormOf } from './forms.rules.js';
import { headingsOf, meaning } from './headings.rules.js';
import type { ColumnGuess, FormGuess } from './guesses.js';
import { ownerColumn, personFields } from './people.rules.js';
import type { ColumnProfile } from './profile.rules.js';
import { statusGuess, type StatusGuess } from './status.rules.js';

/** A column in a mapping: its name, or its name and how its texts are read. */
type Column = string | { from: string; find?: string; replace?: Readonly<Record<string, string>> };

export interface Guessed {
  readonly columns: readonly ColumnGuess[];
  readonly forms: readonly FormGuess[];
  readonly mapping: {
    readonly columns: Readonly<Record<string, Column>>;
    readonly numbers?: string;
    readonly strip?: readonly string[];
    readonly dates?: string | readonly string[];
    readonly status?: StatusGuess['status'];
  };
}
export interface Guessing {
  readonly as: As;
  readonly set: FieldSet;
  readonly profiles: readonly ColumnProfile[];
  readonly lookups: Lookups;
  /** Whether the file probably has decimal commas, because its delimiter is a semicolon. */
  readonly continental: boolean;
}

interface Evidence {
  readonly numbers: NumberForm;
  readonly dates: readonly DateForm[];
}

const CLEAR = 1.5;
const MOST = 0.5;

/** Which column holds which field, and how numbers, dates and the status are written. */
export function guessed({ as, set, profiles, lookups, continental }: Guessing): Guessed {
  const evidence = profiles.map(({ sampled }) => ({ numbers: numberFormOf(sampled), dates: dateFormsOf(sampled) }));
  const found = assigned(as, set, profiles, evidence);
  const status = as === 'deals' ? statusGuess(profiles) : undefined;
  if (status && !found.has('stage')) found.set('stage', { at: status.at, score: 1 });
  const columns: ColumnGuess[] = profiles.map((profile, at) => unusedColumn(profile, as, set, evidence[at]!));
  const mapped: Record<string, Column> = {};
  for (const field of Object.keys(headingsOf(as)).concat(Object.keys(set.fields))) {
    const place = found.get(field);
    if (place === undefined || field in mapped) continue;
    const profile = profiles[place.at]!;
    const person = personFields(as).includes(field) ? ownerColumn(profile, lookups) : undefined;
    mapped[field] = person?.column ?? profile.header;
    const kind = set.fields[field] ?? 'text';
    const detail = person?.reason ?? fitting(profile, kind, evidence[place.at]!);
    const isClear = place.score > CLEAR && (person?.isClear ?? true);
    if (columns[place.at]!.field === null)
      columns[place.at] = {
        field,
        verdict: isClear ? 'certain' : 'likely',
        reason: `the heading ${place.score > 0.5 ? 'means' : 'may mean'} ${field}${detail === '' ? '' : `; ${detail}`}`,
      };
  }
  if (status && columns[status.at]!.field === null)
    columns[status.at] = { ...columns[status.at]!, reason: 'its words state which deals are won and lost' };
  const numbers = numbersOf(mapped, set, profiles);
  const dates = datesOf(mapped, set, profiles, evidence, continental);
  return {
    columns,
    forms: [...numbers.forms, ...dates.forms, ...(status ? [status.form] : noStatus(as))],
    mapping: { columns: mapped, ...numbers.mapping, ...dates.mapping, ...(status && { status: status.status }) },
  };
}

function noStatus(as: As): FormGuess[] {
  if (as !== 'deals') return [];
  const reason = 'no column has words such as Won or Lost, so every row counts as won';
  return [{ key: 'status', value: 'won', verdict: 'likely', reason }];
}

/** The best column of each field: the clearest pairs first, each column and each field once. */
function assigned(
  as: As,
  set: FieldSet,
  profiles: readonly ColumnProfile[],
  evidence: readonly Evidence[],
): Map<string, { at: number; score: number }> {
  const synonyms = headingsOf(as);
  const fields = new Set([...Object.keys(set.fields), ...(set.open ? Object.keys(synonyms) : [])]);
  const pairs: { field: string; at: number; score: number }[] = [];
  for (const field of fields) {
    profiles.forEach((profile, at) => {
      const score = meaning(profile.header, field, synonyms[field]);
      if (score > 0 && fits(profile, set.fields[field] ?? 'text', evidence[at]!) >= MOST && profile.header !== '')
        pairs.push({ field, at, score });
    });
  }
  pairs.sort((a, b) => b.score - a.score || a.at - b.at);
  const found = new Map<string, { at: number; score: number }>();
  const taken = new Set<number>();
  for (const { field, at, score } of pairs) {
    if (found.has(field) || taken.has(at)) continue;
    found.set(field, { at, score });
    taken.add(at);
  }
  withoutHeading(as, set, profiles, found, taken);
  return found;
}

/** An id that no heading names: the first column whose texts are all different; of people, their address or name. */
function withoutHeading(
  as: As,
  set: FieldSet,
  profiles: readonly ColumnProfile[],
  found: Map<string, { at: number; score: number }>,
  taken: Set<number>,
): void {
  if (found.has('id') || !set.required.includes('id')) return;
  const isKey = (profile: ColumnProfile) => profile.rows > 0 && profile.filled === profile.rows && !profile.repeated;
  const instead = as === 'people' ? (found.get('email') ?? found.get('name')) : undefined;
  const at =
    instead && isKey(profiles[instead.at]!)
      ? instead.at
      : profiles.findIndex((profile, index) => !taken.has(index) && isKey(profile));
  if (at >= 0) found.set('id', { at, score: 0.1 });
}

/** The share of the texts that a field of the kind can hold. */
function fits({ sampled }: ColumnProfile, kind: CellKind, { numbers, dates }: Evidence): number {
  if (sampled.length === 0) return 1;
  if (kind === 'number' || kind === 'rate') return numbers.read / sampled.length;
  if (kind === 'date') return (dates[0]?.read ?? 0) / sampled.length;
  if (kind === 'currency') return sampled.filter((text) => isCurrency(text)).length / sampled.length;
  return 1;
}

function fitting(profile: ColumnProfile, kind: CellKind, evidence: Evidence): string {
  const { sampled } = profile;
  if (sampled.length === 0) return 'no cell is filled';
  const share = fits(profile, kind, evidence);
  const count = Math.round(share * sampled.length);
  const of = `${count} of ${sampled.length} different texts`;
  if (kind === 'number' || kind === 'rate') return `${of} are numbers`;
  if (kind === 'date') return `${of} are dates written as ${evidence.dates[0]!.form}`;
  if (kind === 'currency') return `${of} are currency codes`;
  return '';
}

function unusedColumn(profile: ColumnProfile, as: As, set: FieldSet, evidence: Evidence): ColumnGuess {
  const synonyms = headingsOf(as);
  const near = Object.keys(set.fields).find((field) => meaning(profile.header, field, synonyms[field]) > CLEAR);
  const kind = near === undefined ? 'text' : set.fields[near]!;
  const misfit =
    near !== undefined && fits(profile, kind, evidence) < MOST
      ? `the heading means ${near}, but most texts are no ${kind === 'date' ? 'dates' : kind === 'currency' ? 'currency codes' : 'numbers'}`
      : 'no field has a heading like this';
  return { field: null, verdict: 'unused', reason: misfit };
}

function numbersOf(
  mapped: Readonly<Record<string, Column>>,
  set: FieldSet,
  profiles: readonly ColumnProfile[],
): { forms: FormGuess[]; mapping: Pick<Guessed['mapping'], 'numbers' | 'strip'> } {
  const fields = Object.keys(mapped).filter((field) =>
    ['number', 'rate', 'amount or none'].includes(set.fields[field]!),
  );
  const texts = fields.flatMap((field) => profileOf(mapped[field]!, profiles).sampled);
  if (texts.length === 0) return { forms: [], mapping: {} };
  const { numbers, strip, other, read } = numberFormOf(texts);
  const form: FormGuess = {
    key: 'numbers',
    value: numbers ?? '1234.56',
    verdict: other ? 'likely' : 'certain',
    reason: other
      ? `${JSON.stringify(other.text)} would be ${other.value} in the form ${other.form}: check the amounts below`
      : `${read} of ${texts.length} different texts are numbers in this form`,
  };
  const stripped: FormGuess[] = strip.length
    ? [{ key: 'strip', value: strip.join(' '), verdict: 'certain', reason: 'these texts are beside numbers' }]
    : [];
  return { forms: [form, ...stripped], mapping: { ...(numbers && { numbers }), ...(strip.length > 0 && { strip }) } };
}

function datesOf(
  mapped: Readonly<Record<string, Column>>,
  set: FieldSet,
  profiles: readonly ColumnProfile[],
  evidence: readonly Evidence[],
  continental: boolean,
): { forms: FormGuess[]; mapping: Pick<Guessed['mapping'], 'dates'> } {
  const columns = Object.entries(mapped)
    .filter(([field]) => set.fields[field] === 'date')
    .map(([, column]) => evidence[profiles.indexOf(profileOf(column, profiles))]!.dates)
    .filter((dates) => dates.length > 0);
  if (columns.length === 0) return { forms: [], mapping: {} };
  const dayFirst = isDayFirst(columns, continental);
  const chosen = [...new Set(columns.map((dates) => bestForm(dates, dayFirst).form))];
  const isOpen =
    columns.every((dates) => swapsAlike(dates)) && columns.some(([first]) => /^[Md][/-]/.test(first!.form));
  const form: FormGuess = {
    key: 'dates',
    value: chosen.join(', '),
    verdict: isOpen ? 'likely' : 'certain',
    reason: isOpen
      ? `every date could also be read with ${dayFirst ? 'the month' : 'the day'} first: check the dates below`
      : 'most dates of the mapped columns are written in this form',
  };
  // The mapping omits the usual form.
  const usual = chosen.length === 1 && chosen[0] === 'yyyy-MM-dd';
  return { forms: [form], mapping: usual ? {} : { dates: chosen.length === 1 ? chosen[0]! : chosen } };
}

const isDayForm = (form: string): boolean => /^d[/-]M/.test(form);
const isMonthForm = (form: string): boolean => /^M[/-]d/.test(form);

function readBy(dates: readonly DateForm[], is: (form: string) => boolean): number {
  return Math.max(0, ...dates.filter(({ form }) => is(form)).map(({ read }) => read));
}

/** All dates of a file have one order, which any date after the 12th of a month shows. */
function isDayFirst(columns: readonly (readonly DateForm[])[], continental: boolean): boolean {
  const balance = columns.reduce((sum, dates) => sum + readBy(dates, isDayForm) - readBy(dates, isMonthForm), 0);
  return balance === 0 ? continental : balance > 0;
}

function bestForm(dates: readonly DateForm[], dayFirst: boolean): DateForm {
  const most = dates[0]!.read;
  const tied = dates.filter(({ read }) => read === most);
  return tied.find(({ form }) => (dayFirst ? isDayForm(form) : isMonthForm(form))) ?? tied[0]!;
}

function swapsAlike(dates: readonly DateForm[]): boolean {
  return readBy(dates, isDayForm) === readBy(dates, isMonthForm);
}

function profileOf(column: Column, profiles: readonly ColumnProfile[]): ColumnProfile {
  const name = typeof column === 'string' ? column : column.from;
  return profiles.find(({ header }) => header === name)!;
}
