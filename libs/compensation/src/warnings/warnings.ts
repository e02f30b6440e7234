import { compareWarnings, type Warning } from '@attain/contracts';
import { latest } from '../facts/view.js';
import type { World } from '../plans/world.js';
import { absentManagers, gaps, overlapping, unassigned } from './assignment.rules.js';
import { incompleteDeals } from './deal-fields.rules.js';
import { unpaidPeople } from './deal-people.rules.js';
import { exchange } from './exchange.rules.js';
import { planUnits } from './plan-units.rules.js';
import { missingQuotas } from './quota-gaps.rules.js';
import { currenciesOfQuotas, outsideQuotas, salesOfManagers, sumsOfPeople, sumsOfPeriods } from './quota-sums.rules.js';
import { dealsTwice } from './twice.rules.js';

const rules: readonly ((world: World) => Warning[])[] = [
  readings, unassigned, overlapping, gaps, absentManagers, unpaidPeople, incompleteDeals, dealsTwice, exchange, planUnits, missingQuotas,
  sumsOfPeriods, sumsOfPeople, currenciesOfQuotas, outsideQuotas, salesOfManagers,
];

/** What is legal under a cut and probably a mistake, the gravest first. */
export function warningsOf(world: World): readonly Warning[] {
  const { facts } = world;
  return world.remember('warnings', Number(facts.head), () => rules.flatMap((_, index) => found(world, index)).sort(compareWarnings));
}

/** Applies one rule after the other, so that what each finds is remembered when warnings are asked for. */
export function* prepareWarnings(world: World): Generator<undefined, void> {
  for (const index of rules.keys()) {
    found(world, index);
    yield;
  }
}

function found(world: World, index: number): Warning[] {
  return world.remember(`warnings ${index}`, Number(world.facts.head), () => rules[index]!(world));
}

/** What the latest export of each source and kind was read with. */
function readings({ facts, view }: World): Warning[] {
  return [...facts.readings.values()].flatMap((entries) => latest(view, entries)?.fact.data.warnings ?? []) as Warning[];
}
