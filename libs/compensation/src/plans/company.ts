import { companySchema, type CompanyDocument } from '@attain/contracts';
import { Exact, FiscalCalendar, type FiscalYear } from '@attain/values';
import type { FactOf } from '../facts/entries.js';
import type { TableDefinition } from '../language/index.js';
import { measuresOf, type Measure } from './measures.js';
import type { Proration } from './proration.rules.js';
import type { Ramp } from './ramp.rules.js';
import type { Seasons } from './seasons.rules.js';

/** The company document in force, with defaults. */
export interface CompanySettings {
  name: string;
  currency: string;
  timeZone: string;
  calendar: FiscalCalendar;
  measures: readonly string[];
  /** In their order; `probability` is a share from 0 to 1. */
  stages: readonly { name: string; probability: Exact | null; category: string | null }[];
  /** The values of others that people see on a leaderboard. */
  leaderboards: { shows: 'rank' | 'percent' };
  /** Whether a former manager keeps the rows of the time as manager. */
  formerManagers: 'keep' | 'none';
}

/** The part of a company document that a plan version copies, or that the company in force supplies. */
export type Settings = Partial<Omit<CompanyDocument, 'attain' | 'company'>>;

/** The rules for credits and their dates, compiled from a company document or from the copy in a plan version. */
export interface Rulebook {
  readonly currency: string;
  readonly timeZone: string;
  readonly fiscalYear: FiscalYear;
  readonly calendar: FiscalCalendar;
  readonly seasons: Seasons;
  readonly ramp: Ramp;
  readonly prorate: Proration;
  readonly payDay: string;
  readonly measures: ReadonlyMap<string, Measure>;
  readonly fields: CompanyDocument['fields'];
  readonly tables: ReadonlyMap<string, TableDefinition>;
}
export interface CompanyModel extends Rulebook {
  readonly settings: CompanySettings;
  readonly event: string | null;
}

export function rulebook(settings: Settings, tables: ReadonlyMap<string, TableDefinition>): Rulebook {
  const {
    currency = 'USD',
    timeZone = 'UTC',
    seasons = [],
    ramp = {},
    prorate = 'no',
    payDay = 'last day',
    fields,
  } = settings;
  const fiscalYear: FiscalYear = { starts: '01-01', calendar: 'months', ...settings.fiscalYear };
  return {
    currency,
    timeZone,
    fiscalYear,
    calendar: new FiscalCalendar(fiscalYear),
    seasons: seasons.map((share) => Exact.parse(share)),
    ramp: new Map(Object.entries(ramp).map(([role, shares]) => [role, shares.map((share) => Exact.parse(share))])),
    prorate,
    payDay,
    measures: measuresOf(settings.measures ?? {}, fields, tables),
    fields,
    tables,
  };
}

/** The defaults without a configured company: US dollars, UTC and calendar months. */
export function companyModel(
  fact: FactOf<'CompanyConfigured'> | undefined,
  tables: ReadonlyMap<string, TableDefinition>,
): CompanyModel {
  const document: Settings & { company?: string | undefined } =
    fact === undefined ? {} : companySchema.parse(fact.data.document);
  const book = rulebook(document, tables);
  const settings: CompanySettings = {
    name: document.company ?? '',
    currency: book.currency,
    timeZone: book.timeZone,
    calendar: book.calendar,
    measures: [...book.measures.keys()],
    stages: (document.stages ?? []).map(({ name, probability, category }) => ({
      name,
      probability: probability === undefined ? null : Exact.parse(probability),
      category: category ?? null,
    })),
    leaderboards: { shows: document.leaderboards?.shows ?? 'percent' },
    formerManagers: document.access?.formerManagers ?? 'keep',
  };
  return { ...book, settings, event: fact?.id ?? null };
}
