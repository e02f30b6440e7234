import { dateOf, type LocalDate, type Period } from '@attain/values';
import type { ReviewFact, Stream } from '../facts/entries.js';
import { dayAfterTime } from '../plans/durations.rules.js';
import { payDate } from '../plans/pay-day.rules.js';
import type { World } from '../plans/world.js';
import { effectiveDate } from './causes.rules.js';
import type { Change } from './changes.js';

/** A change that waits for a review, with the day that makes it late. */
export interface Waiting {
  readonly change: Change;
  readonly known: LocalDate;
}
/** The changes of closed periods that a statement pays, and those that wait for a review after it. */
export interface Reviewed {
  readonly posted: readonly Change[];
  readonly waiting: readonly Waiting[];
}

/** The close before a statement, the statement's own cut, and the decisions about a participant's late changes. */
export interface Review {
  readonly before: number;
  readonly position: number;
  readonly periods: ReadonlyMap<string, Period>;
  readonly decisions: Stream<ReviewFact>;
  readonly timeZone: string;
}

/** Whether any plan of a world makes late changes wait for a review. */
export function reviewsLateChanges(world: World): boolean {
  return world.plans().some(({ versions }) => versions.some(({ version }) => version.correctedWithin !== null));
}

/**
 * A change of a closed period that comes later than its plan allows waits until somebody approves it; the next
 * statement then pays it as computed when it became known. A dismissed change is never paid. `waiting`: the changes
 * that waited after the close before.
 */
export function reviewed(changes: readonly Change[], waiting: readonly Waiting[], review: Review): Reviewed {
  const posted: Change[] = [];
  const left: Waiting[] = [];
  const decide = (late: Waiting) => {
    const { change } = late;
    const decision = review.decisions.find(
      ({ at, fact }) =>
        at <= review.position && fact.data.event === change.cause.fact.id && fact.data.period === change.period,
    );
    if (decision === undefined) left.push(late);
    else if (decision.fact.type === 'LateChangeApproved') posted.push({ ...change, approval: decision });
  };
  waiting.forEach(decide);
  for (const change of changes) {
    const known = changedOn(change, review);
    if (isLate(change, known, review)) decide({ change, known });
    else posted.push(change);
  }
  return { posted, waiting: left };
}

function isLate({ line: { version }, period }: Change, known: LocalDate, { periods }: Review): boolean {
  if (version.correctedWithin === null) return false;
  return known > dayAfterTime(payDate(version, periods.get(period)!), version.correctedWithin);
}

/**
 * The day on which a fact changed a closed period: the day it became known, or its effective day if the close before
 * already knew it.
 */
function changedOn({ cause: { at, fact } }: Change, { before, timeZone }: Review): LocalDate {
  const effective = effectiveDate(fact);
  if (at <= before) return effective;
  const known = dateOf(fact.recorded, timeZone);
  return effective > known ? effective : known;
}
