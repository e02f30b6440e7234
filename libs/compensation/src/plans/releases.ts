import type { PlanComponent } from '@attain/contracts';
import { Exact } from '@attain/values';
import { type Duration, durationOf } from './durations.rules.js';

/** When what was earned is paid: as the customer pays, when somebody approves it, on a date of the record, a time after its credit. */
export type ReleaseOn =
  | { readonly kind: 'payment' }
  | { readonly kind: 'approval' }
  | { readonly kind: 'date'; readonly field: string }
  | { readonly kind: 'after'; readonly time: Duration };

/** Parts of what was earned, together all of it, each released on its own. */
export interface ReleasePart {
  readonly share: Exact;
  readonly on: ReleaseOn;
}

type Written = Exclude<NonNullable<PlanComponent['release']>, readonly unknown[]>;

/** Empty: what is earned is paid at once. */
export function releaseOf({ release }: Pick<PlanComponent, 'release'>): readonly ReleasePart[] {
  if (release === undefined) return [];
  if (!Array.isArray(release)) return [{ share: Exact.one, on: onOf(release as Written) }];
  return release.map(({ share, on }) => ({ share: Exact.parse(share), on: onOf(on) }));
}

function onOf(written: Written): ReleaseOn {
  if (typeof written !== 'string') return { kind: 'after', time: durationOf(written.after) };
  return written === 'payment' || written === 'approval' ? { kind: written } : { kind: 'date', field: written };
}
