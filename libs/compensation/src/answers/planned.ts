import type { AttainEvent } from '@attain/contracts';
import type { Instant, LocalDate } from '@attain/values';
import type { Fact } from '../facts/fact.js';
import type { Facts } from '../facts/facts.js';
import { STEP } from '../facts/steps.js';

/** A plan version that nobody has published, as it would be published. */
export type DraftPlan = Extract<AttainEvent, { type: 'PlanPublished' }>['data'];

interface Target {
  append(facts: Iterable<Fact>): void;
}

/**
 * Appends all facts to another history, in steps, except the closings. The draft replaces the versions of its plan that
 * have its name or begin on its first day or later. Signatures of the plan then count for the draft, too.
 */
export function* planned<History extends Target>(
  facts: Facts,
  target: History,
  draft: DraftPlan | null,
  known: Instant,
): Generator<undefined, History> {
  const { head } = facts;
  const last = facts.lastKnown();
  const all = facts.between(0n, head);
  for (let from = 0; from < all.length; from += STEP) {
    target.append(all.slice(from, from + STEP).filter((fact) => isKept(fact, draft)));
    yield;
  }
  if (draft === null) return target;
  let position = head;
  const after = (stream: string, event: AttainEvent): Fact => {
    position += 1n;
    const id = `draft-${position}`;
    return { ...event, id, position, stream, recorded: known > last ? known : last } as Fact;
  };
  target.append([after(`plan-${draft.plan}`, { type: 'PlanPublished', data: draft })]);
  const signed = new Set(
    all.flatMap((fact) => (fact.type === 'PlanSigned' && fact.data.plan === draft.plan ? [fact.data.participant] : [])),
  );
  target.append(
    [...signed].map((participant) =>
      after(`signature-${participant}~${draft.plan}`, {
        type: 'PlanSigned',
        data: { participant, plan: draft.plan, version: draft.version, hash: draft.hash },
      }),
    ),
  );
  return target;
}

function isKept(fact: Fact, draft: DraftPlan | null): boolean {
  if (fact.type === 'PeriodClosed' || fact.type === 'StatementIssued') return false;
  if (draft === null || (fact.type !== 'PlanPublished' && fact.type !== 'PlanRetracted')) return true;
  if (fact.data.plan !== draft.plan) return true;
  if (fact.data.version === draft.version) return false;
  return fact.type === 'PlanRetracted' || firstDay(fact.data.document) < firstDay(draft.document);
}

function firstDay(document: unknown): LocalDate {
  return (document as { effective: { from: LocalDate } }).effective.from;
}
