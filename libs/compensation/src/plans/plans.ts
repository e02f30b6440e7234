import { planSchema, type PlanDocument } from '@attain/contracts';
import type { LocalDate, PeriodKind, Rounding } from '@attain/values';
import type { FactOf } from '../facts/entries.js';
import type { Row } from '../facts/people.rules.js';
import type { TableDefinition } from '../language/index.js';
import { type Rulebook, rulebook, type Settings } from './company.js';
import { type AmountCap, capOf, type Component, componentOf, PAYS, roundingKeys } from './component.js';
import { type Draw, drawsOf } from './draws.js';
import { type Duration, durationOf } from './durations.rules.js';
import { environmentOf } from './formulas.js';
import { type ConversionPolicy, type PlanRates, planRatesOf, policyOf } from './plan-rates.rules.js';

/** A compiled version of a plan; it is in force from `from` on. */
export interface PlanVersion extends Rulebook {
  readonly plan: string;
  readonly version: string;
  readonly hash: string;
  readonly event: string;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly pays: PeriodKind;
  readonly currency: string;
  /** The rounding of amounts that are converted at the pay date. */
  readonly rounding: Rounding;
  readonly convert: { readonly credits: ConversionPolicy; readonly pay: ConversionPolicy };
  readonly planRates: PlanRates;
  readonly draws: readonly Draw[];
  readonly negative: 'due' | 'carried';
  readonly cap: AmountCap | null;
  /**
   * The time after the pay date within which a change of a closed period is paid without a review; null for no limit.
   */
  readonly correctedWithin: Duration | null;
  readonly components: readonly Component[];
  names(person: string, row: Row): boolean;
}

/** The copy of the company settings with which a version is published, including its tables. */
export interface Uses extends Settings {
  tables?: Record<string, TableDefinition>;
}

const compiled = new WeakMap<FactOf<'PlanPublished'>, PlanVersion>();

/** A published version, compiled once. Throws an Error if the check of plans refuses it. */
export function planVersion(fact: FactOf<'PlanPublished'>): PlanVersion {
  let version = compiled.get(fact);
  if (version === undefined) {
    const { document, uses, hash } = fact.data;
    version = compilePlan(planSchema.parse(document), uses as Uses, { hash, event: fact.id });
    compiled.set(fact, version);
  }
  return version;
}

export function compilePlan(
  document: PlanDocument,
  uses: Uses,
  { hash, event }: { hash: string; event: string },
): PlanVersion {
  const tables = new Map(Object.entries(uses.tables ?? {}));
  const book = rulebook(uses, tables);
  const currency = document.currency ?? book.currency;
  const environment = environmentOf(uses.fields, tables, false);
  const { roles = [], teams = [], people = [], except = [] } = document.assignedTo;
  return {
    ...book,
    currency,
    plan: document.plan,
    version: document.version,
    hash,
    event,
    from: document.effective.from,
    to: document.effective.to ?? null,
    pays: PAYS[document.pays],
    rounding: roundingKeys(document.rounding, undefined).mode ?? 'half-up',
    convert: {
      credits: policyOf(document.convert?.credits ?? 'on credit date'),
      pay: policyOf(document.convert?.pay ?? 'on pay date'),
    },
    planRates: planRatesOf(document),
    draws: drawsOf(document, currency),
    negative: document.negative ?? 'due',
    cap: capOf(document.cap, currency),
    correctedWithin: document.corrections?.within === undefined ? null : durationOf(document.corrections.within),
    components: document.components.map((component, index) =>
      componentOf(component, index, document, book, currency, environment),
    ),
    names: (person, { role, team }) =>
      !except.includes(person) &&
      (people.includes(person) || (role !== null && roles.includes(role)) || (team !== null && teams.includes(team))),
  };
}
