import { z } from 'zod';
import { type DocumentProblem, formatPath } from './problems.js';

/** The meaning of each warning, the gravest first: they are shown in this order. */
export const warningCodes = {
  EXPORT_EMPTY: 'an export has a header and no rows',
  STATUS_UNKNOWN: 'a status is in neither list and looks like a won or lost one',
  STATUS_NEVER_WON: 'no row has a status of the list `won`',
  DATE_FORM: 'the dates of a file fit another form better',
  NUMBER_FORM: 'the amounts of a file fit another form better',
  FILE_NOT_READ: 'a file or folder of the company folder is not read',
  PLAN_UNASSIGNED: 'a plan names nobody, or names a role, team or person that nobody has',
  PLANS_OVERLAP: 'two plans pay the same people the same credit',
  PLAN_GAP: 'no version of a plan holds on some days between two of its versions',
  PLAN_VERSION_UNUSED: 'a version of a plan never holds',
  PERSON_WITHOUT_PLAN: 'somebody has won deals and is in no plan',
  PERSON_ABSENT: 'somebody has deals of days on which no row of theirs holds',
  PERSON_UNKNOWN: 'a deal is owned by or shared with somebody whom the company does not know',
  DEAL_WITHOUT_OWNER: 'a won deal has no owner',
  DEAL_WITHOUT_AMOUNT: 'a won deal has no amount',
  DEAL_DATES: 'a deal closed before it opened, or its year looks mistyped',
  DEAL_TWICE: 'two deals look like one',
  RATE_MISSING: 'an amount cannot be converted because no rate is known',
  RATE_OLD: 'a rate is much older than the day for which it is used',
  TIERS_WITHOUT_PERCENT: 'tiers in plain numbers look like percentages of a quota',
  RATE_UNITS_MIXED: 'some rates of a component are written in % and others are not',
  MEASURE_EMPTY: 'a plan pays a measure that counts no deal',
  QUOTA_MISSING: 'somebody has credits and no quota for tiers that need one',
  QUOTA_SUM: 'the quotas of parts do not add up to the quota of the whole',
  QUOTA_CURRENCY: 'a quota is in a currency in which nothing else of its person is',
  QUOTA_OUTSIDE: 'a quota is for a period in which its person is absent or nothing happens',
  QUOTA_CREDIT: 'a manager who sells nothing is measured by own sales',
  MANAGER_ABSENT: 'somebody reports to a manager who is not there any more',
  NAME_SHARED: 'several people share a name by which a source looks people up',
} as const;
export type WarningCode = keyof typeof warningCodes;

const text = z.string().min(1).max(4000);
const place = z.array(z.union([z.string(), z.int()]));

/** The subject of a warning: readers of a company folder find its place in the files by it. */
export const warningAboutSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plan'), plan: text, version: text, path: place }),
  z.strictObject({ kind: z.literal('person'), person: text, from: z.string().nullable() }),
  z.strictObject({ kind: z.literal('quota'), for: text, measure: text, period: text }),
  z.strictObject({ kind: z.literal('rate'), from: text, to: text, date: z.string().nullable() }),
  z.strictObject({ kind: z.literal('record'), source: text, id: text }),
  /** A place in the document of a source. */
  z.strictObject({ kind: z.literal('source'), source: text, as: text, path: place }),
  /** A row of an export, with the header as row 1. */
  z.strictObject({ kind: z.literal('row'), source: text, as: text, file: text, row: z.int() }),
]);
export type WarningAbout = z.output<typeof warningAboutSchema>;

/** A valid entry that is probably a mistake. */
export const warningSchema = z.strictObject({
  code: text,
  severity: z.literal('warning'),
  message: text,
  about: warningAboutSchema,
  /** The people in the warning: it is shown to users who may see all of them. Null: to users who may see everybody. */
  participants: z.array(text).nullable(),
});
export type Warning = z.output<typeof warningSchema>;

/** A warning at its place in a file. */
export type DocumentWarning = DocumentProblem & { readonly severity: 'warning'; readonly about: WarningAbout | null };

const rank = new Map(Object.keys(warningCodes).map((code, index) => [code, index]));

/** The gravest kinds first. */
export function compareWarnings(a: Pick<Warning, 'code'>, b: Pick<Warning, 'code'>): number {
  return (rank.get(a.code) ?? rank.size) - (rank.get(b.code) ?? rank.size);
}

/** `plans/ae.yaml:5:15: warning PLAN_UNASSIGNED: …` */
export function formatWarning({ file, line, column, path, code, message }: DocumentWarning): string {
  const inside = formatPath(path);
  return `${file}:${line}:${column}: warning ${code}: ${inside === '' ? '' : `${inside}: `}${message}`;
}
