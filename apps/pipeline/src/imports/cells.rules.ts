import { suggestion } from '@attain/contracts';
import { explainedFault, idFault, idOf, isCurrency } from '@attain/values';
import type { DateReader } from './dates.rules.js';
import type { CellKind } from './fields.rules.js';
import type { NumberReader } from './numbers.rules.js';

/** The error of a cell, as an error of the quarantine. */
export interface CellProblem {
  readonly field: string | null;
  readonly expected: string;
  readonly found: string | null;
}

/** The text of a field, '' if it is blank, or its error. */
export type CellReader = (cells: readonly string[]) => string | CellProblem;

/** Value of a people column → ids of those who have it. */
export type PeopleColumn = ReadonlyMap<string, readonly string[]>;
export interface Lookups {
  /** By name of a text column of people.csv; undefined if no row has the column. */
  people(column: string): PeopleColumn | undefined;
  /** A table of two columns as a map of the first to the second, or the reason why it cannot be used. */
  table(name: string): ReadonlyMap<string, string> | string;
}

export interface Column {
  readonly field: string;
  readonly kind: CellKind;
  readonly from: readonly number[];
  readonly form: {
    readonly find?: string | undefined;
    readonly replace?: string | Readonly<Record<string, string>> | undefined;
    readonly else?: 'error' | undefined;
    readonly of?: string | undefined;
  };
  readonly lookups: Lookups;
  readonly dates: DateReader;
  readonly numbers: NumberReader;
}

const LONGEST = 4000;
const LONGEST_KEY = 400;
const KEYS = new Set(['id', 'owner', 'stage', 'deal', 'participant', 'for', 'measure', 'manager', 'account']);
const SHARE = /^\d{1,12}(\.\d{1,12})?%$|^\d{1,12}\/0*[1-9]\d{0,11}$/;
const REVERSALS = ['cancelled', 'refunded', 'churned', 'credited'];

/** Compiles the steps from cells to a field: join, replace, find, type. Returns a text with the problem of the column otherwise. */
export function cellReader(column: Column): CellReader | string {
  const { field, form, lookups } = column;
  const joined = joining(column.from);
  const steps: ((text: string) => string | CellProblem)[] = [];
  if (form.replace !== undefined) {
    const names =
      typeof form.replace === 'string' ? lookups.table(form.replace) : new Map(Object.entries(form.replace));
    if (typeof names === 'string') return names;
    const strict = form.else === 'error';
    steps.push((text) => {
      const other = names.get(text);
      if (other === undefined && strict)
        return { field, expected: `a name that \`replace\` knows${suggestion(text, names.keys())}`, found: text };
      return other ?? text;
    });
  } else if (form.else !== undefined) return '`else: error` goes with `replace`';
  if (form.find !== undefined) {
    const name = form.find.slice('people.'.length);
    const people = lookups.people(name);
    if (people === undefined) return `nobody has a column ${JSON.stringify(name)}: import people before`;
    steps.push(finder(field, name, people));
  }
  steps.push(typed(column));
  if (form.of !== undefined && field !== 'deal') {
    const { of } = form;
    steps.push((text) => `${of}:${text}`);
  }
  const [only, second] = steps;
  // One step is by far the most common and the fastest.
  if (second === undefined) {
    return (cells) => {
      const text = joined(cells);
      return text === '' ? '' : only!(text);
    };
  }
  return (cells) => {
    let value: string | CellProblem = joined(cells);
    for (const step of steps) {
      if (value === '') return '';
      value = step(value);
      if (typeof value !== 'string') return value;
    }
    return value;
  };
}

function joining(from: readonly number[]): (cells: readonly string[]) => string {
  const [first] = from;
  if (from.length === 1) return (cells) => cells[first!]!.trim();
  return (cells) => {
    const parts = from.map((at) => cells[at]!.trim());
    return parts.every((part) => part === '') ? '' : parts.join('-');
  };
}

function finder(field: string, name: string, people: PeopleColumn): (text: string) => string | CellProblem {
  return (text) => {
    const found = people.get(text);
    if (found?.length === 1) return found[0]!;
    if (found)
      return { field, expected: `a ${name} of one person, but it belongs to ${found.join(', ')}`, found: text };
    return {
      field,
      expected: `the ${name} of somebody${people.size <= 2000 ? suggestion(text, people.keys()) : ''}`,
      found: text,
    };
  };
}

function typed({ field, kind, dates, numbers }: Column): (text: string) => string | CellProblem {
  const wrong = (expected: string, found: string): CellProblem => ({ field, expected, found });
  switch (kind) {
    case 'number':
      return (text) => numbers(text) ?? wrong('a number such as 1234.56, in the form that the source declares', text);
    case 'rate':
      return (text) => (SHARE.test(text) ? text : (numbers(text) ?? wrong('a rate such as 6% or 0.06', text)));
    case 'amount or none':
      return (text) => (text === 'none' ? text : (numbers(text) ?? wrong('a number such as 1234.56, or none', text)));
    case 'date':
      return (text) => {
        const reading = dates(text);
        return 'date' in reading ? reading.date : wrong(reading.expected, text);
      };
    case 'currency':
      return (text) => (isCurrency(text) ? text : wrong('an ISO 4217 code such as USD', text));
    case 'share':
      return (text) => (SHARE.test(text) ? text : wrong('a share such as 50% or 1/3', text));
    case 'reversal kind':
      return (text) => (REVERSALS.includes(text) ? text : wrong(`one of ${REVERSALS.join(' | ')}`, text));
    case 'split kind':
      return (text) => (text === 'revenue' || text === 'overlay' ? text : wrong('revenue or overlay', text));
    case 'yes/no':
      return (text) => (text === 'yes' || text === 'no' ? text : wrong('yes or no', text));
    case 'text': {
      const longest = KEYS.has(field) ? LONGEST_KEY : LONGEST;
      const isKey = KEYS.has(field);
      return (text) => {
        if (text.length > longest) return wrong(`at most ${longest} characters`, text);
        const fault = isKey && text !== '' ? idFault(text) : undefined;
        return fault ? wrong(`an id; it ${explainedFault(fault)}`, text) : idOf(text);
      };
    }
  }
}
