import { countCuts } from './cuts.rules.js';
import { type Exceptional, type Line, type Lines, versionLines } from './lines.js';
import { byOrder } from './order.rules.js';
import { spreadTotal } from './rounding.rules.js';
import { participant as subject, stampOf } from './subjects.js';
import { periodOf } from './windows.js';
import type { PlanLife, World } from './world.js';

/** The components of a plan by name, in the order in which its versions bring them. */
export function componentNames(life: PlanLife): readonly string[] {
  return [...new Set(life.versions.flatMap(({ version }) => version.components.map(({ name }) => name)))];
}

/** All that one component of a plan earns for a participant, over all versions: steps 1 to 5, whatever the period. */
export function componentLines(world: World, participant: string, life: PlanLife, name: string): Lines {
  const key = `lines ${JSON.stringify([participant, life.plan, name])}`;
  return world.remember(key, linesStamp(world, participant, life, name), () => {
    const lines: Line[] = [];
    const exceptions: Exceptional[] = [];
    for (const inForce of life.versions) {
      const component = inForce.version.components.find((one) => one.name === name);
      if (component === undefined) continue;
      const own = versionLines(world, participant, life, inForce, component);
      lines.push(...own.lines);
      exceptions.push(...own.exceptions);
    }
    const ordered = statementOrder(roundTotals(lines));
    return { lines: [...ordered, ...countCuts(ordered, life)], exceptions };
  });
}

function linesStamp(world: World, participant: string, life: PlanLife, name: string): number {
  let stamp = world.facts.quotaTouches.get(participant) ?? 0;
  for (const { version } of life.versions) {
    const component = version.components.find((one) => one.name === name);
    if (component !== undefined) stamp += stampOf(world, subject(participant), component.credit);
  }
  return stamp;
}

/** Own lines, each followed by its reversal, in the order of records, then true-ups by date, cause and record. */
function statementOrder(lines: readonly Line[]): Line[] {
  const own = lines.filter(({ kind }) => kind !== 'true-up');
  const trueUps = lines.filter(({ kind }) => kind === 'true-up');
  // Stable, so that a reversal stays behind its own line.
  own.sort((a, b) => byOrder(a.credit, b.credit));
  trueUps.sort((a, b) => byOrder(a.cause!, b.cause!) || byOrder(a.credit, b.credit));
  return [...own, ...trueUps];
}

/** Where a component rounds once for its pay period, the lines of a period get their cents from its total. */
function roundTotals(lines: Line[]): Line[] {
  const totals = new Map<string, Line[]>();
  for (const line of lines) {
    const { version, component } = line;
    if (!component.rounding.perTotal) continue;
    const period = periodOf(version.calendar, line.date, version.pays);
    const key = JSON.stringify([period.name, version.currency, component.rounding.mode, component.rounding.step]);
    totals.set(key, [...(totals.get(key) ?? []), line]);
  }
  for (const together of totals.values()) {
    const ordered = statementOrder(together);
    const amounts = spreadTotal(ordered.map(({ unrounded }) => unrounded), ordered[0]!.component.rounding);
    ordered.forEach((line, index) => (line.amount = amounts[index]!));
  }
  return lines;
}
