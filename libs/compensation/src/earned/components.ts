import type { Exact, LocalDate } from '@attain/values';
import { clawbackLines } from './clawback.rules.js';
import { ADJUSTMENTS, adjustmentLines } from './adjustments.js';
import { contestLines } from './contests.js';
import { ColumnLines } from './column-lines.js';
import { columnLines } from './columns.js';
import { cutColumns } from './cut-columns.js';
import { amountCuts } from './amount-caps.rules.js';
import { countCuts } from './count-caps.rules.js';
import type { Terms } from './entitlements.js';
import { multiplierLines } from './multipliers.js';
import { byMove, type Exceptional, FollowedLines, type Line, type Lines, listed, NO_LINES, placeOf } from './lines.js';
import { byOrder } from '../facts/order.rules.js';
import { rounded, spreadTotal } from '../plans/rounding.rules.js';
import { endedWindows } from './ended-windows.js';
import { planCapColumns } from './plan-cap-columns.js';
import { planCapLines } from './plan-cap.rules.js';
import { exactLines } from './run.js';
import { targetCuts, targetLines } from './targets.js';
import { participant as subject, stampOf } from '../credits/subjects.js';
import { payPeriodOf } from '../plans/pay-periods.js';
import type { Component } from '../plans/component.js';
import type { SourceRecord } from '../facts/records.js';
import type { Follows, PlanInForce, PlanLife, World } from '../plans/world.js';

/** The components of a plan by name, in the order in which its versions introduce them, followed by its adjustments. */
export function componentNames(life: PlanLife): readonly string[] {
  let names = namesOfPlans.get(life);
  if (names === undefined) {
    names = [
      ...new Set(life.versions.flatMap(({ version }) => version.components.map(({ name }) => name))),
      ADJUSTMENTS,
    ];
    namesOfPlans.set(life, names);
  }
  return names;
}
const namesOfPlans = new WeakMap<PlanLife, readonly string[]>();

/** All lines of one component of a plan for a participant, over all versions: steps 1 to 5, for every period. */
export function componentLines(world: World, participant: string, life: PlanLife, name: string): Lines {
  const lines = followedBy(ownLines(world, participant, life, name), planCuts(world, participant, life, name));
  if (!mayBeClawedBack(world, life, name)) return lines;
  const taken = world.remember(
    `clawbacks ${JSON.stringify([participant, life.plan, name, reachOf(world, life, name)])}`,
    planStamp(world, participant, life),
    () => clawbackLines(world, lines),
  );
  return followedBy(lines, taken);
}

/** Like `componentLines` for each component, but nothing remembered is used. */
export function linesAnew(world: World, participant: string, life: PlanLife): readonly Lines[] {
  const names = componentNames(life);
  const own = names.map((name) => computeLines(world, participant, life, name));
  const cuts = isCapped(life) ? cutsOfPlan(world, life, names, own) : NOTHING;
  return names.map((name, index) => {
    const lines = followedBy(own[index]!, ofComponent(cuts, name));
    return mayBeClawedBack(world, life, name) ? followedBy(lines, clawbackLines(world, lines)) : lines;
  });
}

type Followers = ReturnType<typeof planCapLines>;
const NOTHING: Followers = { lines: [], exceptions: [] };

function followedBy(lines: Lines, followers: Followers): Lines {
  return followers.lines.length + followers.exceptions.length === 0 ? lines : new FollowedLines(lines, followers);
}

function ofComponent({ lines, exceptions }: Followers, name: string): Followers {
  return {
    lines: lines.filter(({ component }) => component.name === name),
    exceptions: exceptions.filter(({ component }) => component.name === name),
  };
}

/** Whether clawbacks are computed at all; they make lines in columns one by one. */
function mayBeClawedBack(world: World, { versions }: PlanLife, name: string): boolean {
  return (
    world.facts.reversals.length > 0 &&
    versions.some(({ version }) =>
      version.components.some((component) => component.name === name && component.clawback !== null),
    )
  );
}

function isCapped({ versions }: PlanLife): boolean {
  return versions.some(({ version }) => version.cap !== null);
}

/** The cuts by the cap of a plan in the lines of its components; adjustments do not count. */
function cutsOfPlan(world: World, life: PlanLife, names: readonly string[], own: readonly Lines[]): Followers {
  const components = own.filter((_, index) => names[index] !== ADJUSTMENTS);
  const exactly = () =>
    planCapLines(
      world,
      components.flatMap((lines) => lines.between()),
    );
  const cuts = planCapColumns(life, components, () => exactly().lines);
  return cuts === null ? exactly() : { lines: cuts, exceptions: [] };
}

/** The cuts by the cap of a plan in the lines of one component. */
function planCuts(world: World, participant: string, life: PlanLife, name: string): Followers {
  if (!isCapped(life)) return NOTHING;
  const names = componentNames(life);
  const cuts = world.remember(
    `plan cuts ${JSON.stringify([participant, life.plan, ...names.map((one) => reachOf(world, life, one))])}`,
    planStamp(world, participant, life),
    () =>
      cutsOfPlan(
        world,
        life,
        names,
        names.map((one) => ownLines(world, participant, life, one)),
      ),
  );
  return ofComponent(cuts, name);
}

/**
 * The number of ended windows that a component pays as a whole. If the cut is open, a fact with a later date ends more
 * of them.
 */
function reachOf(world: World, life: PlanLife, name: string): readonly number[] {
  return life.versions.flatMap((inForce) => {
    const component = inForce.version.components.find((one) => one.name === name);
    if (
      component === undefined ||
      (component.target === null && component.contest === null) ||
      component.per === null ||
      component.per === 'deal'
    )
      return [];
    return [endedWindows(world, life, inForce, component.per).length];
  });
}

export function planStamp(world: World, participant: string, life: PlanLife): number {
  return componentNames(life).reduce((last, name) => Math.max(last, linesStamp(world, participant, life, name)), 0);
}

function ownLines(world: World, participant: string, life: PlanLife, name: string): Lines {
  const key = `lines ${JSON.stringify([participant, life.plan, name, reachOf(world, life, name)])}`;
  if (name === ADJUSTMENTS)
    return world.remember(key, world.touched.settings, () => adjustmentLines(world, participant, life));
  return world.remember(
    key,
    linesStamp(world, participant, life, name),
    () => computeLines(world, participant, life, name),
    linesFollow(life, name),
  );
}

/**
 * Beside the ended windows, which `reachOf` counts, lines depend only on facts, except for tenures, carried caps and
 * contests that a closing decides.
 */
function linesFollow({ versions }: PlanLife, name: string): Follows {
  const followDays = ({ asksOwn, cap, contest }: Component) =>
    asksOwn || cap?.isCarried === true || contest?.final === true;
  return versions.some(({ version }) =>
    version.components.some((component) => component.name === name && followDays(component)),
  )
    ? 'day'
    : 'facts';
}

/** How lines are computed: in columns if they fit, or only by the exact way. */
export type Way = 'columns' | 'exact';

/** Like `componentLines`, but the lines are computed again; remembered credits and their payability are used. */
export function computeLines(
  world: World,
  participant: string,
  life: PlanLife,
  name: string,
  way: Way = 'columns',
): Lines {
  if (name === ADJUSTMENTS) return adjustmentLines(world, participant, life);
  const parts: Lines[] = [];
  let [whole, isWhole] = [[] as Line[], false];
  let exceptions: Exceptional[] = [];
  for (const inForce of life.versions) {
    const contest = inForce.version.components.find((one) => one.name === name && one.contest !== null);
    const terms =
      contest === undefined
        ? termsOf(world, participant, inForce, name)
        : { world, participant, version: inForce.version, component: contest };
    if (terms === null) continue;
    isWhole ||= isCut(terms.component);
    const columns = way === 'exact' ? null : columnLines(terms, life, inForce);
    if (columns !== null) {
      parts.push(columns);
      continue;
    }
    const { lines, exceptions: found } =
      contest !== undefined
        ? contestLines(world, participant, life, inForce, contest)
        : terms.component.target !== null
          ? targetLines(terms, life, inForce)
          : exactLines(terms, life, inForce);
    exceptions = exceptions.concat(found);
    whole = whole.concat(lines);
    parts.push(listed(lines, found));
  }
  if (parts.length === 0) return NO_LINES;
  if (!isWhole)
    return parts.length === 1 && exceptions.length + whole.length === 0 ? parts[0]! : new Joined(parts, exceptions);
  const [only] = parts;
  const cut = parts.length === 1 && only instanceof ColumnLines ? cutColumns(world, life, only) : null;
  if (cut !== null) return cut;
  // Totals and caps need the lines of all versions.
  const entitled = statementOrder(roundTotals(parts.flatMap((part) => part.between())));
  const dealCuts = amountCuts(entitled, ({ component: { cap } }) => (cap?.per === 'deal' ? cap : null));
  const multiplied = multiplierLines(world, life, [...entitled, ...dealCuts]);
  exceptions = exceptions.concat(multiplied.exceptions);
  let all = [...entitled, ...multiplied.lines, ...dealCuts];
  all = [...all, ...countCuts(all, life)];
  all = [...all, ...targetCuts(all)];
  all = [
    ...all,
    ...amountCuts(all, ({ component: { cap } }) => (cap === null || cap.per === 'deal' || cap.isCarried ? null : cap)),
  ];
  return listed(all, exceptions);
}

/** Whether lines are changed after they are computed. */
function isCut({ rounding, count, cap, capShare, multiplier }: Component): boolean {
  return rounding.perTotal || count !== null || cap !== null || capShare !== null || multiplier !== null;
}

function termsOf(world: World, participant: string, { version }: PlanInForce, name: string): Terms | null {
  const component = version.components.find((one) => one.name === name);
  // A target follows the version at the start of its window, whoever that version names.
  if (
    component === undefined ||
    (component.target === null && !world.rows(participant).some((row) => version.names(participant, row)))
  )
    return null;
  return { world, participant, version, component };
}

function linesStamp(world: World, participant: string, life: PlanLife, name: string): number {
  let stamp = Math.max(world.touched.settings, world.touched.quotas(participant), world.touched.scores(participant));
  for (const { version } of life.versions) {
    const component = version.components.find((one) => one.name === name);
    if (component === undefined) continue;
    stamp = Math.max(stamp, stampOf(world, subject(participant), component.credit));
    // An expression may use the attainment of a team, and a contest uses that of everybody.
    if (component.isWide) stamp = Math.max(stamp, world.touched.anyRecord, world.touched.anyQuota);
  }
  return stamp;
}

/** The lines of several versions in one order. */
class Joined implements Lines {
  constructor(
    private readonly parts: readonly Lines[],
    readonly exceptions: readonly Exceptional[],
  ) {}

  between(from?: LocalDate, to?: LocalDate): readonly Line[] {
    return statementOrder(this.parts.flatMap((part) => part.between(from, to)));
  }

  ofRecords(isOf: (record: SourceRecord) => boolean): readonly Line[] {
    return statementOrder(this.parts.flatMap((part) => part.ofRecords(isOf)));
  }

  get count(): number {
    return this.parts.reduce((count, part) => count + part.count, 0);
  }

  total(): bigint {
    return this.parts.reduce((sum, part) => sum + part.total(), 0n);
  }
}

/** Own lines, each followed by its reversal, in the order of records; then true-ups. */
function statementOrder(lines: readonly Line[]): Line[] {
  const own = lines.filter(({ kind }) => kind !== 'true-up');
  const trueUps = lines.filter(({ kind }) => kind === 'true-up');
  // The sort is stable, so a reversal stays behind its own line.
  own.sort((a, b) => byOrder(placeOf(a), placeOf(b)));
  trueUps.sort(byMove);
  return [...own, ...trueUps];
}

/** If a component rounds once for its pay period, the lines of the period receive their cents from the total. */
function roundTotals(lines: Line[]): Line[] {
  const totals = new Map<string, Line[]>();
  for (const line of lines) {
    const { component } = line;
    if (!component.rounding.perTotal) continue;
    const period = payPeriodOf(line, line.date);
    const key = JSON.stringify([period.name, component.paidIn, component.rounding.mode, component.rounding.step]);
    const together = totals.get(key);
    if (together === undefined) totals.set(key, [line]);
    else together.push(line);
  }
  for (const together of totals.values()) roundTotal(statementOrder(together));
  return lines;
}

/**
 * Spreads the cents of one total. An undone record is outside the total: its own line is rounded alone, and its
 * reversal is the opposite. Of a partly reversed record the total contains the rest: its own line is rounded alone, and
 * its reversal makes up the difference.
 */
function roundTotal(lines: readonly Line[]): void {
  const rule = lines[0]!.component.rounding;
  const parts: { line: Line; unrounded: Exact; beside: bigint }[] = [];
  lines.forEach((line, index) => {
    if (line.kind === 'reversal') return;
    const { unrounded } = line.explain();
    const next = lines[index + 1];
    if (next?.kind !== 'reversal') return void parts.push({ line, unrounded, beside: 0n });
    line.amount = rounded(unrounded, rule);
    if (line.credit!.undone) next.amount = -line.amount;
    else parts.push({ line: next, unrounded: unrounded.plus(next.explain().unrounded), beside: line.amount });
  });
  const amounts = spreadTotal(
    parts.map(({ unrounded }) => unrounded),
    rule,
  );
  parts.forEach(({ line, beside }, index) => (line.amount = amounts[index]! - beside));
}
