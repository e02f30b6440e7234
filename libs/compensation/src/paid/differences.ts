import type { LocalDate } from '@attain/values';
import { type Entry, isRecordFact } from '../facts/entries.js';
import type { Facts } from '../facts/facts.js';
import { differing } from '../earned/differing.js';
import { NO_LINES, placeOf } from '../earned/lines.js';
import { byOrder } from '../facts/order.rules.js';
import type { World } from '../plans/world.js';
import { inCauseOrder } from './causes.rules.js';
import { type Candidates, dependence, type PaysBy, type ResolvedCut } from './candidates.js';
import { type Change, type Group, grouped, type GroupKey, type Groups, type Select, type Side } from './changes.js';
import { type LinesOf, type Part, Unfolding } from './unfolding.js';

/** Two cuts of a history with the facts between them, and the worlds of both, which all participants share. */
export interface Between {
  readonly facts: Facts;
  readonly candidates: Candidates;
  readonly worlds: readonly [World, World];
  readonly older: ResolvedCut;
  readonly newer: ResolvedCut;
  /** The plans that are compared; default all. */
  readonly paysBy?: PaysBy;
}

/** Whether anything other than the earned amount changed. */
export type Differs = (change: Change) => boolean;

/**
 * A participant's earnings at the newer cut minus those at the older one, attributed to the facts between them. The
 * facts are applied one by one; the part of each is the change that it makes. `last`: the last day that is compared;
 * `differs`: changes that count although the earned amount is the same; `linesOf`: the compared lines.
 */
export function changesBetween(
  { facts, candidates, worlds, older, newer, paysBy = () => true }: Between,
  participant: string,
  select: Select,
  last: LocalDate,
  differs: Differs = () => false,
  linesOf?: LinesOf,
): Change[] {
  const causes = inCauseOrder(candidates.touching(participant, dependence(worlds, participant, paysBy), last));
  const changes: Change[] = [];
  if (causes.length === 0) return changes;
  const unfolding = new Unfolding(facts, older, newer, participant, select, last, linesOf, paysBy);
  for (const { entries, cause } of causes) {
    const [step, before] = [unfolding.step, unfolding.parts];
    unfolding.apply(entries);
    // If no fact changes a rate or a currency, equal lines were paid equally.
    const keepsRates = entries.every(({ fact }) => isRecordFact(fact) || !movesPay(fact, participant));
    for (const change of compared(unfolding, step, before, cause, keepsRates))
      if (change.amount !== 0n || ((!keepsRates || change.released !== 0n) && differs(change))) changes.push(change);
  }
  return changes;
}

/** Whether equal lines may be paid differently, because of a rate, a currency, a plan or the company. */
function movesPay({ type, data }: Entry['fact'], participant: string): boolean {
  switch (type) {
    case 'QuotaAssigned':
    case 'QuotaChanged':
    case 'QuotaWithdrawn':
    case 'LeaveRecorded':
    case 'LeaveRetracted':
    case 'RelationRecorded':
    case 'RelationRetracted':
      return false;
    case 'ParticipantAssigned':
    case 'ParticipantAssignmentRetracted':
      return data.participant === participant;
    default:
      return true;
  }
}

function compared(
  unfolding: Unfolding,
  step: number,
  before: ReadonlyMap<string, Part>,
  cause: Entry,
  keepsRates: boolean,
): Change[] {
  const after = unfolding.parts;
  const changes: Change[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(key), after.get(key)];
    if (keepsRates && old === now) continue;
    const { plan, component } = (now ?? old)!;
    const side = (at: number, record: GroupKey, period: string, group: Group | undefined): Side => ({
      get world() {
        return unfolding.worldAt(at);
      },
      lines: group?.lines ?? [],
      whole: () => unfolding.at(at, { plan, component }, record, period) ?? { period, lines: [], amount: 0n, held: 0n },
    });
    const { step: next } = unfolding;
    const { gone, come } = differing(old?.lines ?? NO_LINES, now?.lines ?? NO_LINES, unfolding.last, keepsRates);
    for (const { record, then, since } of pairs(grouped(gone, unfolding.select), grouped(come, unfolding.select))) {
      const { period, lines } = (since ?? then)!;
      const amount = (since?.amount ?? 0n) - (then?.amount ?? 0n);
      const released = (since?.held ?? 0n) - (then?.held ?? 0n);
      if (keepsRates && amount === 0n && released === 0n) continue;
      changes.push({
        plan,
        component,
        period,
        line: lines[0]!,
        before: side(step, record, period, then),
        after: side(next, record, period, since),
        amount,
        released,
        cause,
      });
    }
  }
  return changes.sort((a, b) => byOrder(placeOf(a.line), placeOf(b.line)));
}

/**
 * The groups of both sides by record and period: first those of the first side in its order, then those that only the
 * second side has.
 */
function pairs(old: Groups, now: Groups): { record: GroupKey; then: Group | undefined; since: Group | undefined }[] {
  const found: { record: GroupKey; then: Group | undefined; since: Group | undefined }[] = [];
  for (const [record, groups] of old) {
    const others = now.get(record);
    for (const then of groups)
      found.push({ record, then, since: others?.find(({ period }) => period === then.period) });
  }
  for (const [record, groups] of now) {
    const others = old.get(record);
    for (const since of groups)
      if (!others?.some(({ period }) => period === since.period)) found.push({ record, then: undefined, since });
  }
  return found;
}
