import type { PlanComponent } from '@attain/contracts';
import { Exact } from '@attain/values';
import { type Duration, durationOf } from './durations.rules.js';

/**
 * When earnings are paid: with the customer's payment, with an approval, on a date of the record, or some time after
 * its credit.
 */
export type ReleaseOn =
  | { readonly kind: 'payment' }
  | { readonly kind: 'approval' }
  | { readonly kind: 'date'; readonly field: string }
  | { readonly kind: 'after'; readonly time: Duration };

/** Parts that make up all of the earnings, each released by itself. */
export interface ReleasePart {
  readonly share: Exact;
  readonly on: ReleaseOn;
}

type Written = Exclude<NonNullable<PlanComponent['release']>, readonly unknown[]>;

/** Empty if earnings are paid at once. */
export function releaseOf({ release }: Pick<PlanComponent, 'release'>): readonly ReleasePart[] {
  if (release === undefined) return [];
  if (!Array.isArray(release)) return [{ share: Exact.one, on: onOf(release as Written) }];
  return release.map(({ share, on }) => ({ share: Exact.parse(share), on: onOf(on) }));
}

function onOf(written: Written): ReleaseOn {
  if (typeof written !== 'string') return { kind: 'after', time: durationOf(written.after) };
  return written === 'payment' || written === 'approval' ? { kind: written } : { kind: 'date', field: written };
}
