import { Exact, type LocalDate } from '@attain/values';
import type { RecordState, Share } from '../facts/records.js';
import { OPEN } from '../facts/view.js';
import type { CreditConversion } from '../plans/conversions.rules.js';
import type { CreditRules } from '../plans/credit-rules.js';
import { conversion } from '../plans/exchange.js';
import { holds, type Scope } from '../plans/formulas.js';
import { currencyOf } from '../plans/measures.js';
import type { World } from '../plans/world.js';
import { atMostWhole, cutShares } from './credits.rules.js';
import type { Subject } from './subjects.js';

/** The currency of credits, and their conversion into it; by default at the rates of their own dates. */
export interface CreditMoney {
  readonly currency: string;
  readonly by?: CreditConversion | null;
}

/**
 * The share of a subject in amounts of a record on a day, each amount cut by itself, in the asked currency if its rate
 * (`factor`) is known; null if the record does not count for the subject.
 */
export function shareOf(
  world: World,
  subject: Subject,
  rules: CreditRules,
  { currency, by = null }: CreditMoney,
  state: RecordState,
  { date, currency: own }: { date: LocalDate; currency: string | null },
): { factor: Exact | null; of(amounts: Exact | readonly Exact[], part: Exact): Exact } | null {
  const taken = sharesFor(world, subject, rules, state, date);
  if (taken === null) return null;
  const factor =
    own === null || own === currency
      ? Exact.one
      : by === null
        ? conversion(world, own, currency, date)
        : by.factor(world, own, currency, date);
  return {
    factor,
    of: (amounts, part) => {
      const cut = (amount: Exact) => credited(taken, part === Exact.one ? amount : amount.times(part), own !== null);
      const sum =
        amounts instanceof Exact ? cut(amounts) : amounts.reduce((all, amount) => all.plus(cut(amount)), Exact.zero);
      return factor === Exact.one ? sum : sum.times(factor!);
    },
  };
}

/** The shares of a record that count for a subject: 'all' of it, the indexes of revenue and overlay shares, or none. */
type Taken =
  | 'all'
  | { readonly revenue: readonly Share[]; readonly overlay: readonly Share[]; readonly takes: ReadonlySet<Share> };

function sharesFor(
  world: World,
  subject: Subject,
  rules: CreditRules,
  state: RecordState,
  date: LocalDate,
): Taken | null {
  if (rules.all) return 'all';
  if (rules.where.length > 0) {
    const scope: Scope = { world, state, date, me: subject.me, currency: currencyOf(state, world) };
    if (rules.where.some((condition) => holds(condition, scope))) return 'all';
  }
  const owner = state.fields['owner'];
  if (state.revenue.length === 0 && state.overlay.length === 0) {
    return owner && revenueCounts(world, subject, rules, owner, date) ? 'all' : null;
  }
  const revenue = state.revenue.length > 0 ? state.revenue : owner ? [{ participant: owner, share: Exact.one }] : [];
  const takes = new Set<Share>();
  for (const share of revenue) if (revenueCounts(world, subject, rules, share.participant, date)) takes.add(share);
  if (rules.overlay) for (const share of state.overlay) if (subject.holds(share.participant, date)) takes.add(share);
  return takes.size === 0 ? null : { revenue, overlay: state.overlay, takes };
}

function revenueCounts(world: World, subject: Subject, rules: CreditRules, holder: string, date: LocalDate): boolean {
  if (rules.sales && subject.holds(holder, date)) return true;
  if (
    rules.reports &&
    holder !== subject.me &&
    world.managers(holder, date).some((manager) => subject.holds(manager, date))
  )
    return true;
  if (rules.through.length === 0) return false;
  return world
    .relations(holder)
    .some(
      ({ relation, other, from, to }) =>
        rules.through.includes(relation) && from <= date && date <= (to ?? OPEN) && subject.holds(other, date),
    );
}

function credited(taken: Taken, amount: Exact, isMoney: boolean): Exact {
  if (taken === 'all') return amount;
  const [only] = taken.revenue;
  if (taken.takes.size === 1 && taken.revenue.length === 1 && only!.share.equals(Exact.one) && taken.takes.has(only!))
    return amount;
  let sum = Exact.zero;
  for (const shares of [taken.revenue, taken.overlay]) {
    if (!shares.some((share) => taken.takes.has(share))) continue;
    const parts = cutShares(amount, shares, isMoney);
    shares.forEach((share, index) => {
      if (taken.takes.has(share)) sum = sum.plus(parts[index]!);
    });
  }
  return atMostWhole(sum, amount);
}
