import { Exact, type LocalDate } from '@attain/values';
import type { Rulebook } from '../plans/company.js';
import { measureNamed } from '../plans/component.js';
import type { Window } from '../plans/quotas.rules.js';
import { type WindowQuota, windowQuota } from '../plans/windows.js';
import type { World } from '../plans/world.js';
import { quotaCredit, rulesFor } from './attainment.js';
import { type Credits, creditsOf, firstAfter, firstFrom } from './credits.js';
import { ratioBetween, sumBetween } from './ratios.js';
import type { Subject } from './subjects.js';

/** The attainment of a person, team or region in a window. */
export interface Standing {
  /** Null (undefined) without a quota, with a quota of 0, and if an amount has no rate. */
  readonly attained: Exact | null;
  readonly quota: WindowQuota;
}

/** A ratio needs no quota and is credited by sales. */
const NO_WINDOW_QUOTA: WindowQuota = { amount: null, parts: [], missing: null };

/** Credits of a window up to a day over the quota of the whole window, by the quota's credit and a plan version's measures. */
export function standingOf(
  world: World,
  subject: Subject,
  measureName: string,
  window: Window,
  to: LocalDate,
  book: Rulebook,
): Standing {
  const measure = measureNamed(book, measureName);
  if (measure.ratio !== null) {
    const last = to < window.to ? to : window.to;
    return {
      attained: ratioBetween(
        world,
        subject,
        measure.ratio,
        rulesFor(book, quotaCredit(undefined)),
        { currency: book.currency },
        window.from,
        last,
      ),
      quota: NO_WINDOW_QUOTA,
    };
  }
  const { parts } = windowQuota(world, subject.name, measureName, window, book, null);
  const { currency } = book;
  const quota = windowQuota(world, subject.name, measureName, window, book, measure.unit === 'money' ? currency : null);
  if (quota.amount === null || quota.amount.isZero()) return { attained: null, quota };
  const credits = creditsOf(world, subject, measure, rulesFor(book, quotaCredit(parts[0]!.quota.credit)), {
    currency,
  });
  const last = to < window.to ? to : window.to;
  return { attained: leftBetween(credits, window.from, last).over(quota.amount), quota };
}

/** The sum of the credits of a span after reversals; unknown amounts count as 0. */
function leftBetween({ list, columns }: Credits, from: LocalDate, to: LocalDate): Exact {
  if (columns !== null && columns.size <= Number.MAX_SAFE_INTEGER) {
    let sum = 0;
    const after = firstAfter(list, to);
    for (let i = firstFrom(list, from); i < after; i += 1) sum += columns.left[i]!;
    return Exact.of(sum);
  }
  return sumBetween(list, from, to);
}
