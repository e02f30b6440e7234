import { suggestion } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { Exact, type FiscalCalendar, isCurrency, isSummable } from '@attain/values';

export type Quota = {
  /** A person, a team, a region or `company`. */
  readonly for: string;
  readonly measure: string;
  readonly period: string;
  readonly amount: string;
  /** The incentive at 100 %. */
  readonly target: string | null;
  /** The credits that attain it. */
  readonly credit: readonly string[];
  readonly currency: string | null;
};
/** A row as people write it: the amount `none` withdraws the quota. */
export interface QuotaRow {
  readonly for: string;
  readonly measure: string;
  readonly period: string;
  readonly amount: string;
  readonly target?: string | null;
  readonly credit?: readonly string[] | string | null;
  readonly currency?: string | null;
}
export interface QuotaFacts {
  readonly calendar: FiscalCalendar;
  /** Names of the company's measures; undefined if the company names none yet. */
  readonly measures: readonly string[] | undefined;
}

const DECIMAL = /^-?\d{1,30}(\.\d{1,20})?$/;
const CREDIT = /^(sales|overlay|reports|all|through [^\s].*)$/;

export function quotaOf(row: QuotaRow): Quota {
  const given = (text: string | null | undefined) => (text === undefined || text === '' ? null : text);
  return {
    for: row.for,
    measure: row.measure,
    period: row.period,
    amount: row.amount,
    target: given(row.target),
    credit: typeof row.credit === 'string' ? creditsOf(row.credit) : row.credit?.length ? row.credit : ['sales'],
    currency: given(row.currency),
  };
}

/** A list separated by spaces, in which `through` includes the relation after it. The default is `sales`. */
export function creditsOf(text: string): string[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const credits: string[] = [];
  for (let i = 0; i < words.length; i += 1)
    credits.push(words[i] === 'through' && i + 1 < words.length ? `through ${words[(i += 1)]}` : words[i]!);
  return credits.length > 0 ? credits : ['sales'];
}

/** Throws Refused: INVALID_FIELD, UNKNOWN_PERIOD, UNKNOWN_MEASURE. */
export function checkQuota(quota: Quota, facts: QuotaFacts): void {
  const invalid = (field: string, expected: string, found: string) =>
    new Refused('INVALID_FIELD', `${field}: expected ${expected}, found ${JSON.stringify(found)}`, { field });
  if (quota.for === '') throw invalid('for', 'a person, a team, a region or company', quota.for);
  for (const field of ['amount', 'target'] as const) {
    const value = quota[field];
    if (value === null) continue;
    if (DECIMAL.test(value) && !isSummable(value, quota.currency))
      throw invalid(field, 'an amount below 2^53 minor units', value);
    if (!DECIMAL.test(value) || Exact.parse(value).sign() < 0)
      throw invalid(field, 'a decimal from 0 on such as 100000', value);
  }
  if (quota.currency !== null && !isCurrency(quota.currency))
    throw invalid('currency', 'an ISO 4217 code such as USD', quota.currency);
  for (const credit of quota.credit) {
    if (!CREDIT.test(credit)) throw invalid('credit', 'sales, overlay, reports, all or through <relation>', credit);
  }
  if (facts.measures && !facts.measures.includes(quota.measure)) {
    throw new Refused(
      'UNKNOWN_MEASURE',
      `measure: the company has no measure ${JSON.stringify(quota.measure)}${suggestion(quota.measure, facts.measures)}`,
      { field: 'measure' },
    );
  }
  try {
    facts.calendar.period(quota.period);
  } catch (error) {
    throw new Refused('UNKNOWN_PERIOD', `period: ${(error as Error).message}`, { field: 'period' });
  }
}
