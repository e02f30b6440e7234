import type { CreditDefinition, RecordRef } from '@attain/contracts';
import { Exact, type LocalDate, type Period } from '@attain/values';
import type { Rulebook } from '../plans/company.js';
import { creditsOf, firstFrom, prepareCredits } from './credits.js';
import { ratioBetween } from './ratios.js';
import { creditRules, type CreditRules } from '../plans/credit-rules.js';
import { environmentOf } from '../plans/formulas.js';
import { major } from '../facts/money.rules.js';
import { resultOf, STEP } from '../facts/steps.js';
import { measureNamed } from '../plans/component.js';
import { type CreditRule, subjectOf, type WhatCounts } from './subjects.js';
import { windowQuota } from '../plans/windows.js';
import type { World } from '../plans/world.js';

export interface Credited {
  /** Major units of `currency`, or a plain number if `currency` is null. */
  amount: Exact;
  currency: string | null;
  records: { record: RecordRef; date: LocalDate; amount: Exact }[];
}
export interface Attainment extends Credited {
  /** The rules by which records were credited: those that the question names, else those of the quota. */
  as: readonly CreditRule[];
  quota: Exact | null;
  /** amount / quota; null (undefined) if there is no quota or it is 0. */
  attained: Exact | null;
}

/** Computes in steps the credits that an attainment needs. */
export function* prepareAttainment(world: World, what: WhatCounts): Generator<undefined, void> {
  const { subject, measure, currency, company, as } = basisOf(world, what);
  yield* prepareCredits(world, subject, measure, rulesFor(company, as), { currency: currency ?? company.currency });
}

function basisOf(world: World, what: WhatCounts) {
  const company = world.company();
  const measure = measureNamed(company, what.measure);
  const period = company.calendar.period(what.period);
  const subject = subjectOf(what.for, world);
  const isMoney = measure.unit === 'money';
  const parts = windowQuota(world, subject.name, what.measure, windowFor(period), company, null).parts;
  const currency = isMoney ? (parts[0]?.quota.currency ?? company.currency) : null;
  return { company, measure, period, subject, currency, as: what.as ?? quotaCredit(parts[0]?.quota.credit) };
}

/** Credits and quota of a window, by the company's measures and calendar. */
export function attainmentOf(world: World, what: WhatCounts): Attainment {
  return resultOf(attainmentInSteps(world, what));
}

/** Like `attainmentOf`, in steps, as known at the first step. */
export function* attainmentInSteps(world: World, what: WhatCounts): Generator<undefined, Attainment> {
  const { company, measure, period, subject, currency, as } = basisOf(world, what);
  if (measure.ratio !== null) {
    const ratio = ratioBetween(
      world,
      subject,
      measure.ratio,
      rulesFor(company, as),
      { currency: company.currency },
      period.from,
      period.to,
    );
    return { as, amount: ratio ?? Exact.zero, currency: null, records: [], quota: null, attained: ratio };
  }
  const { amount: quota } = windowQuota(world, subject.name, what.measure, windowFor(period), company, currency);
  const rules = rulesFor(company, as);
  const { list: credits } = creditsOf(world, subject, measure, rules, { currency: currency ?? company.currency });
  const unit = (amount: Exact) => (currency === null ? amount : major(amount, currency));
  let sum = Exact.zero;
  const records: Credited['records'] = [];
  for (let i = firstFrom(credits, period.from); i < credits.length && credits[i]!.date <= period.to; i += 1) {
    const { left, undone, blocked, source, id, date } = credits[i]!;
    if (blocked !== null || undone) continue;
    sum = sum.plus(left);
    records.push({ record: { source, id }, date, amount: unit(left) });
    if (records.length % STEP === 0) yield;
  }
  return {
    as,
    amount: unit(sum),
    currency,
    records,
    quota: quota === null ? null : unit(quota),
    attained: quota === null || quota.isZero() ? null : sum.over(quota),
  };
}

function windowFor(period: Period) {
  return { from: period.from, to: period.to, period };
}

/** The credit rules of a quota; `sales` if it names none. */
export function quotaCredit(credit: readonly string[] | undefined): readonly CreditRule[] {
  return credit === undefined || credit.length === 0 ? ['sales'] : credit;
}

/** The credit rules of a question or a quota, compiled with the company's names. */
export function rulesFor(book: Rulebook, rules: readonly CreditRule[]): CreditRules {
  let known = rulesOfBooks.get(book);
  if (known === undefined) rulesOfBooks.set(book, (known = new Map()));
  const key = JSON.stringify(rules);
  let compiled = known.get(key);
  if (compiled === undefined) {
    if (known.size > 1000) known.clear();
    compiled = creditRules(rules as readonly CreditDefinition[], environmentOf(book.fields, book.tables, false));
    known.set(key, compiled);
  }
  return compiled;
}
const rulesOfBooks = new WeakMap<Rulebook, Map<string, CreditRules>>();
