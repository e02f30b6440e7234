import type { Warning } from '@attain/contracts';
import { Exact } from '@attain/values';
import { minorFactor } from '../facts/money.rules.js';
import { STEP } from '../facts/steps.js';
import { type Measure, NOTHING_COUNTED } from '../plans/measures.js';
import type { World } from '../plans/world.js';
import { aboutPlan, planName, type Published, published } from './published.js';
import { overlap, presences, warning } from './warning.js';
import { type WonDeal, wonDeals } from './won-deals.js';
import { moneyWords } from './words.js';

/** Tiers and rates in a unit that is probably wrong, and measures that count nothing. */
export function* planUnits(world: World): Generator<undefined, Warning[]> {
  const warnings: Warning[] = [];
  for (const plan of published(world)) {
    warnings.push(...rates(plan), ...tiers(world, plan), ...(yield* empty(world, plan)));
    yield;
  }
  return warnings;
}

const PERCENT = /^[\d.]+\s*%$/;
const PLAIN = /^[\d.]+$/;

function rates({ inForce, document }: Published): Warning[] {
  return document.components.flatMap((component, index) => {
    const written = (component.tiers ?? []).map(({ rate }) => rate?.trim() ?? '');
    const at = written.findIndex((rate) => PLAIN.test(rate) && !Exact.parse(rate).isZero());
    if (at < 0 || !written.some((rate) => PERCENT.test(rate))) return [];
    const rate = written[at]!;
    const percent = `${Exact.parse(rate).times(Exact.of(100)).toString()}%`;
    return [
      warning(
        'RATE_UNITS_MIXED',
        aboutPlan(inForce, ['components', index, 'tiers', at, 'rate']),
        `“${component.name}” of ${planName(inForce)} pays ${rate} in tier ${at + 1}, which is ${percent}, beside rates in %: write ${percent} if that is meant`,
        null,
      ),
    ];
  });
}

/** No tier of a window of money is so low. */
const LOW = Exact.of(1000);

function tiers(world: World, { inForce }: Published): Warning[] {
  const { version } = inForce;
  return version.components.flatMap((component) => {
    const top = component.tiers.at(-1)?.from;
    if (
      top === undefined ||
      component.per === null ||
      component.per === 'deal' ||
      component.tiers.some(({ percent }) => percent) ||
      component.axis.unit !== 'money'
    )
      return [];
    const major = top.over(minorFactor(version.currency));
    if (major.sign() <= 0 || major.compare(LOW) > 0) return [];
    const people = presences(world).filter(
      (presence) => overlap(presence, inForce) && version.names(presence.person, presence.row),
    );
    const quota = people
      .flatMap(({ person }) => [...world.quotas(person, component.axisName).values()])
      .find(({ amount }) => amount.compare(major.times(Exact.of(10))) > 0);
    if (quota === undefined) return [];
    const message = `the tiers of “${component.name}” of ${planName(inForce)} begin at up to ${moneyWords(major, version.currency)} of ${component.axisName}, and no quota counts for them: write them with % (${component.tiers.at(-1)!.written}%) if attainment of the quota is meant`;
    return [
      warning('TIERS_WITHOUT_PERCENT', aboutPlan(inForce, ['components', component.index, 'tiers']), message, null),
    ];
  });
}

function* empty(world: World, { inForce }: Published): Generator<undefined, Warning[]> {
  const { version, from, to } = inForce;
  const won = wonDeals(world).filter(({ closed }) => from <= closed && closed <= to);
  if (won.length === 0) return [];
  const seen = new Set<string>();
  const warnings: Warning[] = [];
  for (const component of version.components) {
    const { measure, measureName } = component;
    // Won deals do not show whether invoices, payments and activities exist.
    if (
      measure === NOTHING_COUNTED ||
      measure.ratio !== null ||
      seen.has(measure.key) ||
      measure.of.some((kind) => kind !== 'deals')
    )
      continue;
    seen.add(measure.key);
    if (yield* counts(measure, won, world)) continue;
    warnings.push(
      warning(
        'MEASURE_EMPTY',
        aboutPlan(inForce, ['components', component.index, 'measure']),
        `“${component.name}” of ${planName(inForce)} pays nothing, because none of ${won.length} won deals counts for ${measureName}: check what the measure counts and its \`where\``,
        null,
      ),
    );
  }
  return warnings;
}

/** Whether a measure counts any of the deals. */
function* counts(measure: Measure, won: readonly WonDeal[], world: World): Generator<undefined, boolean> {
  for (const [index, { state }] of won.entries()) {
    if (measure.counts(state, world).length > 0) return true;
    if (index % STEP === STEP - 1) yield;
  }
  return false;
}
