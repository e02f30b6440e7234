import type { PayException } from '@attain/contracts';
import { canonicalJson, Exact, type Period, type PeriodKind, sha256 } from '@attain/values';
import type { Earned, LateChange, ListedException, Seen } from './api.js';
import { Unanswerable } from '../paid/closings.rules.js';
import { componentLines, componentNames } from '../earned/components.js';
import { creditedBy, type Exceptional, type Line } from '../earned/lines.js';
import { daysBehind } from '../explained/days-behind.js';
import type { SourceRecord } from '../facts/records.js';
import { major } from '../facts/money.rules.js';
import { paidAs, payCurrency } from '../paid/conversion.js';
import { statedLine } from './stated.js';
import { firstDayIn, isOf } from './statements.js';
import { countedText } from '../plans/text.js';
import { statementPeriodOf } from '../plans/pay-periods.js';
import type { World } from '../plans/world.js';

const LENGTH: Readonly<Record<PeriodKind, number>> = { month: 1, quarter: 3, half: 6, year: 12 };

/** Whether the statement that shows a line belongs to the period, or to a pay period within it. */
export function isWithin(line: Pick<Line, 'version' | 'component' | 'date'>, period: Period): boolean {
  if (LENGTH[line.version.pays] > LENGTH[period.kind]) return false;
  const { to } = statementPeriodOf(line, line.date);
  return period.from <= to && to <= period.to;
}

export interface EarnedOf {
  readonly participant: string;
  readonly period: Period;
  readonly plan?: string | undefined;
  readonly component?: string | undefined;
}

/** Steps 1 to 5 for one participant: the lines dated in the period, without differences. Throws CURRENCIES_DIFFER. */
export function earnedBy(world: World, { participant, period, plan, component }: EarnedOf): Earned {
  const own: Line[] = [];
  const currencies = new Set<string>();
  for (const life of world.plans()) {
    if (plan !== undefined && life.plan !== plan) continue;
    for (const name of componentNames(life)) {
      if (component !== undefined && name !== component) continue;
      for (const line of componentLines(world, participant, life, name).between(
        firstDayIn(life, name, period),
        period.to,
      ))
        if (isWithin(line, period)) own.push(line);
    }
  }
  // Points and days off are not added to money; they have a sum only if the question names their component.
  const [first] = own;
  const isOfUnits =
    first !== undefined && own.every(({ component: of }) => !of.isMoney && of.paidIn === first.component.paidIn);
  const summed = own.filter(({ component: of }) => of.isMoney || isOfUnits);
  for (const { component: of } of summed) currencies.add(of.paidIn);
  if (currencies.size > 1)
    throw new Unanswerable(
      'CURRENCIES_DIFFER',
      `${participant} earns in ${[...currencies].join(' and ')} in ${period.name}: name a plan`,
    );
  const [currency = fallback(world, participant, plan)] = currencies;
  const records = new Map<SourceRecord, { record: { source: string; id: string }; amount: bigint }>();
  let total = 0n;
  for (const { credit, amount } of summed) {
    total += amount;
    if (credit === null) continue;
    const known = records.get(credit.record) ?? { record: { source: credit.source, id: credit.id }, amount: 0n };
    known.amount += amount;
    records.set(credit.record, known);
  }
  return {
    amount: major(total, currency),
    currency,
    lines: own.map((line) => {
      const pay = statementPeriodOf(line, line.date);
      return statedLine(
        world,
        line,
        pay,
        paidAs(world, line.amount, line, pay, payCurrency(world, participant, pay.to)),
      );
    }),
    behind: (index) => daysBehind(world, own[index]!),
    byRecord: [...records.values()].map(({ record, amount }) => ({ record, amount: major(amount, currency) })),
  };
}

function fallback(world: World, participant: string, plan: string | undefined): string {
  const rows = world.rows(participant);
  const named = world
    .plans()
    .filter((life) => plan === undefined || life.plan === plan)
    .flatMap(({ versions }) => versions.map(({ version }) => version))
    .filter((version) => plan !== undefined || rows.some((row) => version.names(participant, row)));
  return named.at(-1)?.currency ?? world.company().currency;
}

/**
 * The amounts of some participants that could not be computed. With a period, only those of the lines of its own plans.
 * `seen` filters them.
 */
export function exceptionsIn(
  world: World,
  participants: readonly string[],
  period: Period | null,
  seen: Seen = () => true,
): PayException[] {
  const found: Exceptional[] = [];
  for (const participant of participants) {
    for (const life of world.plans()) {
      for (const name of componentNames(life))
        for (const one of componentLines(world, participant, life, name).exceptions) found.push(one);
    }
  }
  return found
    .filter((one) => period === null || isOf(one, period))
    .filter((one) => seen(one.exception.participant, statementPeriodOf(one, one.date)))
    .map(({ exception }) => exception);
}

/**
 * A late change of a closed period as an exception: its amount is not paid until a review, but no period is kept from
 * closing.
 */
export function lateException({
  plan,
  component,
  participant,
  record,
  for: period,
  known,
  cause,
  payable,
  payableCurrency,
}: LateChange): ListedException {
  const detail = `${payable} ${payableCurrency} for ${period} is not paid before somebody approves it, because the change (${cause.kind}) is of ${known}`;
  return { code: 'LATE_CHANGE_REVIEW', plan, component, participant, record, detail, for: period };
}

/**
 * SHA-256 over the lines that all participants earned in a period, by the plans that pay by its kind of period: first
 * over each participant's lines in the order of a statement, then over all participants in byte order.
 */
export function* runHashInSteps(
  worldNow: () => World,
  participants: readonly string[],
  period: Period,
): Generator<undefined, string> {
  const hashes: [string, string][] = [];
  for (const participant of participants) {
    const world = worldNow();
    const lines = world.plans().flatMap((life) =>
      componentNames(life).flatMap((name) =>
        componentLines(world, participant, life, name)
          .between(firstDayIn(life, name, period), period.to)
          .filter((line) => isOf(line, period)),
      ),
    );
    if (lines.length > 0) hashes.push([participant, sha256(canonicalJson(lines.map(canonicalLine)))]);
    yield;
  }
  return sha256(canonicalJson([period.name, hashes]));
}

function canonicalLine(line: Line): unknown[] {
  const { kind, version, component, credit, cause, reversal, date, amount } = line;
  return [
    version.plan,
    version.version,
    version.hash,
    component.name,
    kind,
    date,
    credit?.source ?? '',
    credit?.id ?? '',
    cause?.source ?? '',
    cause?.id ?? reversal?.id ?? '',
    countedText(creditedBy(line) ?? Exact.zero, component.measure.unit, component.currency),
    String(amount),
    component.paidIn,
  ];
}
