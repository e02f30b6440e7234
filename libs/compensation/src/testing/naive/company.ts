import type { PlanDocument } from '@attain/contracts';
import { Exact, FiscalCalendar, type FiscalYear, type LocalDate } from '@attain/values';

/** A scenario as its file states it: its company, and steps in the order in which they become known. */
export interface Scenario {
  readonly company: CompanyFile;
  readonly history: readonly ScenarioStep[];
}
export interface MeasureFile {
  readonly counts?: string;
  readonly of?: string;
  readonly where?: string;
  readonly date?: string;
  readonly reversals?: string;
  readonly is?: string;
}
interface PersonFile {
  readonly id: string;
  readonly from: LocalDate;
  readonly to?: LocalDate;
  readonly [field: string]: string | undefined;
}
interface QuotaFile {
  readonly for: string;
  readonly measure: string;
  readonly period: string;
  readonly amount: string;
  readonly target?: string;
  readonly currency?: string;
  readonly credit?: string;
}
export interface CompanyFile {
  readonly currency: string;
  readonly measures: Readonly<Record<string, MeasureFile>>;
  readonly seasons?: readonly string[];
  readonly ramp?: Readonly<Record<string, readonly string[]>>;
  readonly prorate?: 'no' | 'by days' | 'by months';
  readonly payDay?: string;
  readonly fiscalYear?: FiscalYear;
  readonly fields?: Readonly<Record<string, string>>;
  readonly people: readonly PersonFile[];
  readonly quotas?: readonly QuotaFile[];
  readonly rates?: readonly { from: string; to: string; date: LocalDate; rate: string }[];
  readonly relations?: readonly { person: string; relation: string; other: string; from: LocalDate; to?: LocalDate }[];
  readonly plans: readonly unknown[];
}
export interface ScenarioStep {
  readonly at?: string;
  readonly [kind: string]: unknown;
}

export interface Row {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly fields: Readonly<Record<string, string>>;
}
interface Reversal {
  readonly date: LocalDate;
  readonly kind: string;
  /** Null for all that is left. */
  readonly amount: Exact | null;
  readonly id: string;
}
/** A deal, or a payment with the fields of its deal. */
export interface Kept {
  readonly of: string;
  readonly id: string;
  readonly deal: Kept | null;
  fields: Record<string, string>;
  status: string;
  revenue: Readonly<Record<string, string>>;
  overlay: Readonly<Record<string, string>>;
  reversals: Reversal[];
}
export interface AssignedQuota {
  readonly amount: Exact;
  readonly target: Exact | null;
  readonly currency: string;
  readonly credit: readonly string[];
}
/** A version of a plan with the days on which it is in force. */
export interface Version {
  readonly plan: string;
  readonly version: string;
  readonly document: PlanDocument;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly currency: string;
}
export interface Life {
  readonly plan: string;
  readonly versions: readonly Version[];
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** The known state under a cut. */
export interface State {
  readonly company: CompanyFile;
  readonly calendar: FiscalCalendar;
  readonly effective: LocalDate;
  readonly people: ReadonlyMap<string, readonly Row[]>;
  readonly leaves: readonly { participant: string; from: LocalDate; to: LocalDate }[];
  readonly records: readonly Kept[];
  readonly quotas: ReadonlyMap<string, ReadonlyMap<string, AssignedQuota>>;
  readonly scores: ReadonlyMap<string, Exact>;
  readonly rates: readonly { from: string; to: string; date: LocalDate; rate: Exact }[];
  readonly relations: readonly { person: string; relation: string; other: string; from: LocalDate; to: LocalDate }[];
  readonly approvals: readonly { deal: string; component: string; date: LocalDate }[];
  readonly adjustments: readonly Readonly<Record<string, string>>[];
  readonly lives: readonly Life[];
}

export const FOREVER = '9999-12-31';
export const calendarOf = ({ fiscalYear }: CompanyFile) =>
  new FiscalCalendar({ starts: '01-01', calendar: 'months', ...fiscalYear });
export const sumOf = (numbers: readonly Exact[]) => numbers.reduce((sum, number) => sum.plus(number), Exact.zero);
export const quotaKey = (whose: string, measure: string) => `${whose} ~ ${measure}`;
export const scoreKey = (participant: string, period: string, objective: string) =>
  JSON.stringify([participant, period, objective]);

export function rowOn(state: State, person: string, date: LocalDate): Row | undefined {
  const begun = (state.people.get(person) ?? []).filter(({ from }) => from <= date);
  const last = begun.at(-1);
  return last !== undefined && last.to >= date ? last : undefined;
}

/** The days on which somebody has a row; each row ends before the next one begins. */
export function isThere(state: State, person: string, date: LocalDate): boolean {
  return (
    rowOn(state, person, date) !== undefined &&
    !state.leaves.some((leave) => leave.participant === person && leave.from <= date && date <= leave.to)
  );
}

/** Whether a version names a person by the row of a day. */
export function isNamed(state: State, { document: { assignedTo } }: Version, person: string, date: LocalDate): boolean {
  const row = rowOn(state, person, date);
  if (row === undefined || (assignedTo.except ?? []).includes(person)) return false;
  const { role, team } = row.fields;
  return (
    (assignedTo.people ?? []).includes(person) ||
    (role !== undefined && (assignedTo.roles ?? []).includes(role)) ||
    (team !== undefined && (assignedTo.teams ?? []).includes(team))
  );
}

/** The managers above a person on a day; a circle ends where it closes. */
export function bosses(state: State, person: string, date: LocalDate): string[] {
  const above: string[] = [];
  let boss = rowOn(state, person, date)?.fields['manager'];
  while (boss !== undefined && boss !== '' && boss !== person && !above.includes(boss)) {
    above.push(boss);
    boss = rowOn(state, boss, date)?.fields['manager'];
  }
  return above;
}

/** The units of `to` for one of `from`: the latest rate on or before a day; null without any. */
export function rateOn(state: State, from: string, to: string, date: LocalDate): Exact | null {
  if (from === to) return Exact.one;
  let best: State['rates'][number] | null = null;
  for (const rate of state.rates)
    if (rate.from === from && rate.to === to && rate.date <= date && (best === null || rate.date >= best.date))
      best = rate;
  return best?.rate ?? null;
}
