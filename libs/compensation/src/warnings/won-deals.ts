import { Exact, type LocalDate } from '@attain/values';
import type { RecordState } from '../facts/records.js';
import { partLeft } from '../facts/reversals.rules.js';
import { resultOf, STEP } from '../facts/steps.js';
import type { World } from '../plans/world.js';

/** A won deal that is not reversed as a whole. */
export interface WonDeal {
  readonly state: RecordState;
  readonly source: string;
  readonly id: string;
  readonly closed: LocalDate;
  /** In `currency`, major units; null where it is blank. */
  readonly amount: Exact | null;
  readonly currency: string;
  /** Whoever has a share of its revenue: those of its split, else its owner. */
  readonly holders: readonly string[];
  /** Those of an overlay. */
  readonly overlay: readonly string[];
}

const NOBODY: readonly string[] = [];

/** In the order in which their deals became known. */
export function wonDeals(world: World): readonly WonDeal[] {
  return world.remember(KEY, stampOf(world), () => resultOf(computed(world)));
}

export function prepareWonDeals(world: World): Generator<undefined, void> {
  return world.prepare(
    KEY,
    () => stampOf(world),
    () => computed(world),
  );
}

const KEY = 'won deals';

function stampOf({ touched }: World): number {
  return Math.max(touched.anyRecord, touched.settings);
}

function* computed(world: World): Generator<undefined, WonDeal[]> {
  const company = world.company().currency;
  const found: WonDeal[] = [];
  let count = 0;
  for (const deal of world.facts.ofKind.deals) {
    if ((count += 1) % STEP === 0) yield;
    const state = world.record(deal);
    if (state?.status !== 'won') continue;
    if (state.reversals.length > 0 && partLeft(state, world.view).isZero()) continue;
    const { amount, currency, closed, owner } = state.fields;
    if (closed === undefined || closed === '' || closed > world.view.before) continue;
    found.push({
      state,
      source: deal.source,
      id: deal.id,
      closed,
      amount: amount === undefined || amount === '' ? null : Exact.parse(amount),
      currency: currency || company,
      holders:
        state.revenue.length > 0 ? state.revenue.map(({ participant }) => participant) : owner ? [owner] : NOBODY,
      overlay: state.overlay.length > 0 ? state.overlay.map(({ participant }) => participant) : NOBODY,
    });
  }
  return found;
}

/** `crm:D1`, as references to deals are written. */
export function dealName({ source, id }: Pick<WonDeal, 'source' | 'id'>): string {
  return `${source}:${id}`;
}
