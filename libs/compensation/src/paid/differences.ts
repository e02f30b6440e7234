import { type LocalDate } from '@attain/values';
import { componentLines, componentNames } from '../earned/components.js';
import { inCauseOrder } from './causes.rules.js';
import { type Candidates, dependence, type ResolvedCut } from './candidates.js';
import type { Entry } from '../facts/entries.js';
import type { Facts } from '../facts/facts.js';
import { type Line, placeOf } from '../earned/lines.js';
import { byOrder } from '../facts/order.rules.js';
import type { View } from '../facts/view.js';
import type { Change, Side } from './changes.js';
import { World } from '../plans/world.js';

/** The period that a line is compared in; null: it is not compared. */
export type Select = (line: Line) => string | null;
/** Whether something changed beside what was earned. */
export type Differs = (change: Change) => boolean;

/**
 * What a participant earned at the newer cut minus at the older one, told apart by the facts that make the difference:
 * they are applied one by one, and the part of each is the change it makes. `last`: the last day of what is compared; `differs`:
 * which changes count although they move nothing that was earned.
 */
export function changesBetween(facts: Facts, candidates: Candidates, participant: string, older: ResolvedCut, newer: ResolvedCut, select: Select, last: LocalDate, differs: Differs = () => false): Change[] {
  const start: View = { position: older.position, before: older.effective, after: older.effective, applied: null };
  const end: View = { position: newer.position, before: newer.effective, after: newer.effective, applied: null };
  const depends = dependence([new World(facts, start), new World(facts, end)], participant);
  const causes = inCauseOrder(candidates.touching(participant, depends, last));
  const changes: Change[] = [];
  if (causes.length === 0) return changes;
  let before = grouped(new World(facts, start), participant, select, last);
  const applied = new Set<number>();
  for (const { entries, cause } of causes) {
    for (const { at } of entries) applied.add(at);
    const after = grouped(new World(facts, { ...start, after: newer.effective, applied: new Set(applied) }), participant, select, last);
    for (const change of compared(before, after, cause, differs)) changes.push(change);
    before = after;
  }
  return changes;
}

interface Group {
  readonly plan: string;
  readonly component: string;
  readonly period: string;
  readonly lines: Line[];
  amount: bigint;
}
interface Groups {
  readonly world: World;
  readonly by: Map<string, Group>;
}

function grouped(world: World, participant: string, select: Select, last: LocalDate): Groups {
  const by = new Map<string, Group>();
  for (const life of world.plans()) {
    for (const component of componentNames(life)) {
      for (const line of componentLines(world, participant, life, component).between(undefined, last)) {
        const period = select(line);
        if (period === null) continue;
        const key = JSON.stringify([life.plan, component, period, line.credit?.source, line.credit?.id]);
        const group = by.get(key) ?? { plan: life.plan, component, period, lines: [], amount: 0n };
        group.lines.push(line);
        group.amount += line.amount;
        by.set(key, group);
      }
    }
  }
  return { world, by };
}

function compared(before: Groups, after: Groups, cause: Entry, differs: Differs): Change[] {
  const changes: Change[] = [];
  const side = ({ world }: Groups, group: Group | undefined): Side => ({ world, lines: group?.lines ?? [], amount: group?.amount ?? 0n });
  for (const key of new Set([...before.by.keys(), ...after.by.keys()])) {
    const [old, now] = [before.by.get(key), after.by.get(key)];
    const { plan, component, period, lines } = (now ?? old)!;
    const amount = (now?.amount ?? 0n) - (old?.amount ?? 0n);
    const change: Change = { plan, component, period, line: lines[0]!, before: side(before, old), after: side(after, now), amount, cause };
    if (amount !== 0n || differs(change)) changes.push(change);
  }
  return changes.sort((a, b) => byOrder(placeOf(a.line), placeOf(b.line)));
}
