import { Exact, type LocalDate } from '@attain/values';
import { componentLines, planStamp } from '../earned/components.js';
import { type Line, type Lines, listed, NO_REASON, placeOf, recordKey } from '../earned/lines.js';
import { byOrder } from '../facts/order.rules.js';
import { rounded } from '../plans/rounding.rules.js';
import { exactMoney, shareText } from '../plans/text.js';
import { payPeriodOf } from '../plans/pay-periods.js';
import type { PlanLife, World } from '../plans/world.js';
import { dayAfterTime } from '../plans/durations.rules.js';
import { carries, excessLines, planCarries, planExcessLines } from './excess.rules.js';
import { instalmentsOf } from './instalments.rules.js';
import { type Releasing, releasing, type ShareFrom, shareOn } from './release.rules.js';

/**
 * The earned amounts of a component for a participant and the held parts of them (step 6). For each record and pay
 * period there is at most one line: `hold` if the held amount grows, `release` if it shrinks. The lines depend only on
 * the facts of a view, so a change in a closed period is an ordinary difference.
 */
export function paidLines(world: World, participant: string, life: PlanLife, name: string): Lines {
  const earned = componentLines(world, participant, life, name);
  const holds = life.versions.some(({ version }) =>
    version.components.some(
      (component) =>
        component.name === name && (component.release.length > 0 || (component.clawback?.instalments ?? 1) > 1),
    ),
  );
  if (!holds && !carries(life, name) && !planCarries(life)) return earned;
  const held = world.remember(
    `held ${JSON.stringify([participant, life.plan, name])}`,
    planStamp(world, participant, life),
    () => heldLines(world, participant, life, name, earned.between()),
  );
  return { ...listed([...earned.between(), ...held.lines], [...earned.exceptions, ...held.exceptions]), holds: true };
}

function heldLines(
  world: World,
  participant: string,
  life: PlanLife,
  name: string,
  lines: readonly Line[],
): Pick<Lines, 'exceptions'> & { lines: readonly Line[] } {
  const found = ofRecords(world, participant, lines);
  const payable = withReleases(lines, found);
  found.push(...excessLines(world, participant, life, name, payable));
  const payableOf = (other: string) => {
    const own = componentLines(world, participant, life, other).between();
    return withReleases(own, ofRecords(world, participant, own));
  };
  const ofPlan = planExcessLines(world, participant, life, name, (other) =>
    other === name ? payable : payableOf(other),
  );
  found.push(...ofPlan.lines);
  const order = (a: Line, b: Line) => byOrder(placeOf(a), placeOf(b)) || (a.date < b.date ? -1 : 1);
  return {
    lines: [
      ...found.filter(({ kind }) => kind === 'hold').sort(order),
      ...found.filter(({ kind }) => kind === 'release').sort(order),
    ],
    exceptions: ofPlan.exceptions,
  };
}

/** A cap counts pay at its release, because pay that waits for a release takes no room. */
function withReleases(lines: readonly Line[], held: readonly Line[]): readonly Line[] {
  return [...lines, ...held.filter(({ component }) => component.release.length > 0)];
}

function ofRecords(world: World, participant: string, lines: readonly Line[]): Line[] {
  return [...Map.groupBy(lines, recordKey).values()].flatMap((own) => ofRecord(world, participant, own));
}

/** The held amounts of a record by pay period. */
function ofRecord(world: World, participant: string, own: readonly Line[]): Line[] {
  const first = own[0]!;
  const { component } = first;
  const release = releasesOf(world, participant, first);
  const deferred = own.filter(({ kind }) => kind === 'clawback').map((line) => deferral(line));
  if (release === null && deferred.every(({ due }) => due.length <= 1)) return [];
  const payEnd = (date: LocalDate) => payPeriodOf(first, date).to;
  const limit = world.view.after > world.view.before ? world.view.after : world.view.before;
  const days = [
    ...own.map(({ date }) => date),
    ...(release?.steps ?? []).map(({ date }) => date),
    ...deferred.flatMap(({ due }) => due.map(({ end }) => end)),
  ];
  const ends = [...new Set(days.filter((date) => date <= limit).map(payEnd))].sort();
  const found: Line[] = [];
  let [before, last] = [0n, ''];
  for (const end of ends) {
    const reached = own.filter(({ date }) => date <= end);
    const waiting = deferred.reduce(
      (sum, { date, due }) =>
        date > end ? sum : due.reduce((left, part) => (part.end > end ? left + part.amount : left), sum),
      0n,
    );
    const free = reached.reduce((sum, { amount }) => sum + amount, -waiting);
    const share = release === null ? Exact.one : shareOn(release.steps, end);
    const held =
      waiting + free - (share.equals(Exact.one) ? free : rounded(Exact.of(free).times(share), component.rounding));
    if (held !== before)
      found.push(
        heldLine(first, {
          before,
          held,
          free,
          share,
          end,
          deferred,
          date: dateOf(reached, release, deferred, last, end, abs(held) > abs(before)),
          release,
        }),
      );
    [before, last] = [held, end];
  }
  return found;
}

/** The release terms of a record's pay; null if all of it is paid at once. */
function releasesOf(world: World, participant: string, { component, credit, window, date }: Line): Releasing | null {
  if (component.release.length === 0) return null;
  if (credit !== null) return releasing(world, participant, component, credit);
  // The line of a whole window has no record, so only time can release it.
  const limit = world.view.after > world.view.before ? world.view.after : world.view.before;
  const steps = component.release
    .flatMap(({ on }) => (on.kind === 'after' ? [{ date: dayAfterTime(date, on.time), share: Exact.one }] : []))
    .filter((step) => step.date <= limit);
  return { steps, waits: `a time after ${window ?? date}`, inputs: [] };
}

/** The due dates of the parts of a clawback: its own pay period and the following ones. */
interface Deferral {
  readonly date: LocalDate;
  readonly due: readonly { readonly end: LocalDate; readonly amount: bigint }[];
}

function deferral({ version, component, date, amount }: Line): Deferral {
  const { calendar } = version;
  let period = payPeriodOf({ version, component }, date);
  const due = instalmentsOf(amount, component.clawback!.instalments ?? 1).map((part, index) => {
    if (index > 0) period = calendar.next(period);
    return { end: period.to, amount: part };
  });
  return { date, due };
}

/** A hold is dated on the day of the last line that it holds; a release on the last day that released a part. */
function dateOf(
  own: readonly Line[],
  release: Releasing | null,
  deferred: readonly Deferral[],
  after: LocalDate,
  end: LocalDate,
  isHold: boolean,
): LocalDate {
  const inPeriod = (date: LocalDate) => date > after && date <= end;
  const lines = own.map(({ date }) => date).filter(inPeriod);
  const steps: readonly LocalDate[] = (release?.steps ?? ([] as readonly ShareFrom[]))
    .map(({ date }) => date)
    .filter(inPeriod);
  const instalments = deferred.flatMap(({ due }) => due.slice(1).map((part) => part.end)).filter(inPeriod);
  const [most, less] = isHold ? [lines, [...steps, ...instalments]] : [[...steps, ...instalments], lines];
  return (most.length > 0 ? most : less).reduce((latest, date) => (date > latest ? date : latest), '') || end;
}

interface Held {
  readonly before: bigint;
  readonly held: bigint;
  readonly free: bigint;
  readonly share: Exact;
  readonly date: LocalDate;
  readonly end: LocalDate;
  readonly deferred: readonly Deferral[];
  readonly release: Releasing | null;
}

function heldLine(
  { participant, version, component, credit, window }: Line,
  { before, held, free, share, date, end, deferred, release }: Held,
): Line {
  const amount = before - held;
  const money = (minor: bigint) => `${exactMoney(Exact.of(minor), component.paidIn)} ${component.paidIn}`;
  const part =
    release === null
      ? 'instalments that are not due yet'
      : `${shareText(share)} of ${money(free)} released; waits for ${release.waits}`;
  const limit = `held ${money(held)}, ${money(before)} before: ${part}`;
  const instalments = deferred
    .flatMap((one) => (one.date > end ? [] : one.due.filter((due) => due.end > end)))
    .map((due) => ({
      kind: 'instalment' as const,
      text: `an instalment that is due on ${due.end}`,
      amount: due.amount,
      date: due.end,
    }));
  const rest = instalments.reduce((left, { amount: due }) => left - due, held);
  const now = rest === 0n ? instalments : [{ kind: 'held' as const, text: part, amount: rest, date }, ...instalments];
  const why = { ...NO_REASON, limit, held: { before, now }, ...(release !== null && { inputs: release.inputs }) };
  return {
    kind: abs(held) > abs(before) ? 'hold' : 'release',
    participant,
    version,
    component,
    credit,
    ...(window !== undefined && { window }),
    cause: null,
    date,
    amount,
    explain: () => ({ unrounded: Exact.of(amount), why }),
  };
}

function abs(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
