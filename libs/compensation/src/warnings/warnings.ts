import { compareWarnings, type Warning } from '@attain/contracts';
import { resultOf } from '../facts/steps.js';
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
import { prepareWonDeals } from './won-deals.js';

/** Rules about many deals or quotas work in steps. */
const rules: readonly ((world: World) => Warning[] | Generator<undefined, Warning[]>)[] = [
  readings,
  unassigned,
  overlapping,
  gaps,
  absentManagers,
  unpaidPeople,
  incompleteDeals,
  dealsTwice,
  exchange,
  planUnits,
  missingQuotas,
  sumsOfPeriods,
  sumsOfPeople,
  currenciesOfQuotas,
  outsideQuotas,
  salesOfManagers,
];

/** Valid records under a cut that are probably mistakes, the gravest first. */
export function warningsOf(world: World): readonly Warning[] {
  const { facts } = world;
  return world.remember('warnings', Number(facts.head), () =>
    rules
      .flatMap((_, index) => world.remember(keyOf(index), Number(facts.head), () => resultOf(found(world, index))))
      .sort(compareWarnings),
  );
}

/** Applies one rule after another and keeps the warnings of each for the next question. */
export function* prepareWarnings(world: World): Generator<undefined, void> {
  yield* prepareWonDeals(world);
  for (const index of rules.keys()) {
    yield* world.prepare(
      keyOf(index),
      () => Number(world.facts.head),
      () => found(world, index),
    );
    yield;
  }
}

function keyOf(index: number): string {
  return `warnings ${index}`;
}

function* found(world: World, index: number): Generator<undefined, Warning[]> {
  const warnings = rules[index]!(world);
  return Array.isArray(warnings) ? warnings : yield* warnings;
}

/** The warnings of the latest import of each source and kind. */
function readings({ facts, view }: World): Warning[] {
  return [...facts.readings.values()].flatMap(
    (entries) => latest(view, entries)?.fact.data.warnings ?? [],
  ) as Warning[];
}
