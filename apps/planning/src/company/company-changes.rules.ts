import { checkPlan, type Uses } from '@attain/compensation';
import { Refused } from '@attain/eventsourcing';
import { canonicalJson } from '@attain/values';

type Document = Readonly<Record<string, unknown>>;

export interface QuotaUse {
  readonly for: string;
  readonly measure: string;
  readonly period: string;
}
export interface PlanUse {
  readonly plan: string;
  readonly version: string;
  readonly document: Document;
  /** The copy of the company that it was published with. */
  readonly uses: Document;
}
/** The data that depends on a company document. */
export interface CompanyUses {
  readonly quotas: readonly QuotaUse[];
  readonly plans: readonly PlanUse[];
  readonly closed: readonly string[];
  readonly hasDeals: boolean;
}
export const NO_USES: CompanyUses = { quotas: [], plans: [], closed: [], hasDeals: false };

/** How many uses a refusal names. */
const LISTED = 100;
const NAMED = 3;

/** Whether a new document drops a measure, or has another currency, calendar or time zone than the document before. */
export function bearsOnHistory(before: Document | null, after: Document): boolean {
  if (before === null) return false;
  return (
    droppedMeasures(before, after).length > 0 ||
    (['currency', 'fiscalYear', 'timeZone'] as const).some((key) => isChanged(key, before, after))
  );
}

/** Refused MEASURE_IN_USE, CURRENCY_IN_USE, CALENDAR_IN_USE and TIME_ZONE_IN_USE, each with the uses. */
export function requireKept(before: Document | null, after: Document, uses: CompanyUses): void {
  if (before === null) return;
  for (const measure of droppedMeasures(before, after)) {
    refuse('MEASURE_IN_USE', `The measure ${measure} is in use`, 'measures', [
      ...uses.quotas.filter((quota) => quota.measure === measure).map(quotaText),
      ...uses.plans.filter((plan) => countsOn(plan, measure)).map(({ plan, version }) => `plan ${plan} ${version}`),
    ]);
  }
  const closed = uses.closed.map((period) => `closed period ${period}`);
  const quotas = uses.quotas.map(quotaText);
  const deals = uses.hasDeals ? ['deals'] : [];
  const changes = [
    ['currency', 'CURRENCY_IN_USE', 'Amounts without a currency are in', [...deals, ...quotas, ...closed]],
    ['fiscalYear', 'CALENDAR_IN_USE', 'Periods are named by the calendar', [...quotas, ...closed]],
    ['timeZone', 'TIME_ZONE_IN_USE', 'Closed periods end in the time zone', closed],
  ] as const;
  for (const [key, code, what, used] of changes)
    if (isChanged(key, before, after))
      refuse(code, `${what}: ${shown(key, before)} cannot become ${shown(key, after)}`, key, used);
}

function refuse(code: string, what: string, field: string, uses: readonly string[]): void {
  if (uses.length === 0) return;
  const more = uses.length > NAMED ? ` and ${uses.length - NAMED} more` : '';
  throw new Refused(code, `${what}: ${uses.slice(0, NAMED).join(', ')}${more}`, {
    field,
    count: uses.length,
    uses: uses.slice(0, LISTED),
  });
}

function droppedMeasures(before: Document, after: Document): string[] {
  const [old, now] = [before, after].map(({ measures }) => Object.keys((measures ?? {}) as object));
  return old!.filter((measure) => !now!.includes(measure));
}

/** A plan uses a measure if it has more problems without the measure. */
function countsOn({ document, uses }: PlanUse, measure: string): boolean {
  const { [measure]: _, ...measures } = (uses['measures'] ?? {}) as Document;
  return checkPlan(document, { ...uses, measures } as Uses).length > checkPlan(document, uses as Uses).length;
}

const quotaText = (quota: QuotaUse): string => `quota of ${quota.measure} for ${quota.for} in ${quota.period}`;

const defaults: Readonly<Record<string, unknown>> = { currency: '', timeZone: 'UTC', fiscalYear: {} };
const usual = { starts: '01-01', calendar: 'months' };

function settingOf(key: string, document: Document): unknown {
  const value = document[key] ?? defaults[key];
  return key === 'fiscalYear' ? { ...usual, ...(value as object) } : value;
}

function isChanged(key: string, before: Document, after: Document): boolean {
  return canonicalJson(settingOf(key, before)) !== canonicalJson(settingOf(key, after));
}

function shown(key: string, document: Document): string {
  const value = settingOf(key, document);
  return typeof value === 'string' ? value : Object.values(value as Record<string, string>).join(' ');
}
