import { Exact, type Period, type PeriodKind } from '@attain/values';
import { clawbackLines } from './clawbacks.js';
import { isNamed, type Life, rowOn, type State } from './company.js';
import { contestLines } from './contests.js';
import { cutComponent, planCuts } from './cuts.js';
import { earningLines } from './earnings.js';
import { excessLines, heldLines, planExcessLines } from './held.js';
import { targetLines } from './targets.js';
import { currencyOf, type Line, payRate, payRateDay, type Terms } from './terms.js';

/** The components of a plan by name, in the order in which its versions introduce them. */
function componentNames({ versions }: Life): string[] {
  return [...new Set(versions.flatMap(({ document }) => document.components.map(({ name }) => name)))];
}

function termsOf(state: State, me: string, life: Life, name: string): Terms[] {
  return life.versions.flatMap((version) =>
    version.document.components
      .filter((component) => component.name === name)
      .map((component) => ({ state, me, life, version, component })),
  );
}

/** Steps 1 to 6 of a plan for somebody: everything that it earns and holds under a cut. */
function planLines(state: State, me: string, life: Life): Line[] {
  const cut = new Map(
    componentNames(life).map((name) => {
      const entitled = termsOf(state, me, life, name).flatMap((terms) => {
        const { contest, target } = terms.component;
        return contest !== undefined
          ? contestLines(terms)
          : target !== undefined
            ? targetLines(terms)
            : earningLines(terms);
      });
      return [name, cutComponent(entitled)] as const;
    }),
  );
  const cutByPlan = planCuts([...cut.values()].flat());
  const earned = new Map(
    [...cut].map(([name, lines]) => {
      const all = [...lines, ...cutByPlan.filter(({ terms }) => terms.component.name === name)];
      return [name, [...all, ...clawbackLines(all)]] as const;
    }),
  );
  const payable = new Map(
    [...earned].map(([name, lines]) => {
      const held = heldLines(lines);
      return [
        name,
        { held, counted: [...lines, ...held.filter(({ terms }) => terms.component.release !== undefined)] },
      ] as const;
    }),
  );
  const excess = new Map([...payable].map(([name, { counted }]) => [name, excessLines(counted)] as const));
  const all = [...payable].flatMap(([name, { counted }]) => [
    ...counted,
    ...excess.get(name)!.filter((line) => line.window === 'excess'),
  ]);
  const carries = life.versions.some(({ document }) => document.cap?.excess === 'carried');
  return [...earned].flatMap(([name, lines]) => [
    ...lines,
    ...payable.get(name)!.held,
    ...excess.get(name)!,
    ...(carries ? planExcessLines(all, name) : []),
  ]);
}

export function isHeld({ kind }: Pick<Line, 'kind'>): boolean {
  return kind === 'hold' || kind === 'release';
}

/** The currency in which somebody is paid on a day. */
export function payCurrency(state: State, me: string, day: string): string {
  const rows = state.people.get(me) ?? [];
  const row = rowOn(state, me, day) ?? rows.findLast(({ from }) => from <= day) ?? rows[0];
  return row?.fields['currency'] ?? state.company.currency;
}

/** Step 8: a line in the pay currency, rounded there again; nothing without a rate. */
export function paidOf(line: Line, period: Period, currency: string): bigint {
  const { terms, amount } = line;
  if (terms.component.unit !== undefined || currencyOf(terms) === currency) return amount;
  const rate = payRate(terms, currencyOf(terms), currency, payRateDay(line, period));
  const mode = terms.version.document.rounding;
  return rate === null
    ? 0n
    : Exact.of(amount)
        .times(rate)
        .round(typeof mode === 'string' ? mode : (mode?.mode ?? 'half-up'));
}

/** Whether a plan that pays by a kind of period names somebody on one of its days in it. */
export function isNamedIn(
  state: State,
  me: string,
  life: Life,
  period: Period,
  pays: (version: Life['versions'][number]) => PeriodKind,
): boolean {
  return life.versions.some((version) => {
    if (pays(version) !== period.kind) return false;
    for (const { from, to } of state.people.get(me) ?? []) {
      const first = [from, version.from, period.from].sort().at(-1)!;
      const last = [to, version.to, period.to].sort()[0]!;
      if (first <= last && isNamed(state, version, me, first)) return true;
    }
    return false;
  });
}

/** The earned and held amounts of somebody under a cut. */
export function linesOf(state: State, me: string): Line[] {
  return state.lives.flatMap((life) => planLines(state, me, life)).filter(({ amount }) => amount !== 0n);
}
