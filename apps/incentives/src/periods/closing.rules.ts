import type { Closing, History } from '@attain/compensation';
import type { PayException } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { dateOf, type Instant, type Period } from '@attain/values';
import { answerOf } from '../engine-refusals.js';
import type { OpenException } from './periods.answers.js';

export type { OpenException } from './periods.answers.js';

/** Names exceptions by what they have in common; a key that is absent matches all. */
type ExceptionMatch = Partial<
  Pick<PayException, 'code' | 'participant' | 'plan' | 'component'> & { period: string; source: string; record: string }
>;
interface Acceptance {
  reason: string;
  /** Default: every exception that is open. */
  exceptions?: readonly ExceptionMatch[];
}
/** The periods and exceptions that the caller has seen and accepts. */
export interface CloseControls {
  /** Names of all periods that are to be closed. */
  closes?: readonly string[];
  accept?: Acceptance;
}

/** How many exceptions a refusal lists. */
const LISTED = 100;
const NAMED = 5;

/**
 * All periods that this close includes, in order, with their statements. Refused PERIOD_NOT_OVER before anything is
 * computed, PERIOD_CLOSED and PERIOD_UNKNOWN.
 */
export function* closingsOf(
  history: Pick<History, 'company' | 'closingsInSteps' | 'lastKnown'>,
  period: string,
  now: Instant,
): Generator<undefined, Closing[]> {
  const { calendar, timeZone } = history.company();
  let asked: Period | null = null;
  try {
    asked = calendar.period(period);
  } catch {
    // The engine refuses it by its own code.
  }
  if (asked !== null) requireOver(period, asked.to, dateOf(now, timeZone));
  const steps = history.closingsInSteps(period, knownBy(history, now));
  for (let next = answerOf(() => steps.next()); ; next = answerOf(() => steps.next())) {
    if (next.done) return next.value;
    yield;
  }
}

export function requireOver(period: string, ends: string, today: string): void {
  if (today < ends)
    throw new Refused('PERIOD_NOT_OVER', `${period} ends on ${ends}, and today is ${today}`, { period, ends });
}

export function exceptionsOf(closings: readonly Closing[]): OpenException[] {
  return closings.flatMap(({ period, statements }) =>
    statements.flatMap(({ exceptions }) => exceptions.map((exception) => ({ period: period.name, ...exception }))),
  );
}

/** The exceptions that are accepted; `closed` are the names of periods that are closed already. Refused CLOSES_MORE and OPEN_EXCEPTIONS. */
export function accepted(
  closings: readonly Closing[],
  closed: ReadonlySet<string>,
  { closes, accept }: CloseControls,
): OpenException[] {
  requireNamed(closings, closed, closes);
  const exceptions = exceptionsOf(closings);
  const isAccepted = (exception: OpenException) =>
    accept !== undefined && (accept.exceptions?.some((match) => isMeant(match, exception)) ?? true);
  const open = exceptions.filter((exception) => !isAccepted(exception));
  if (open.length > 0) {
    const named = open
      .slice(0, NAMED)
      .map(
        ({ code, component, participant, record, period }) =>
          `${code} of ${component} for ${participant} in ${period}${record ? ` (${record.source}:${record.id})` : ''}`,
      );
    const more = open.length > NAMED ? ` and ${open.length - NAMED} more` : '';
    const what = open.length === 1 ? 'An exception is' : `${open.length} exceptions are`;
    throw new Refused(
      'OPEN_EXCEPTIONS',
      `${what} open: ${named.join('; ')}${more}. Correct the cause, or accept with a reason.`,
      {
        count: open.length,
        exceptions: open.slice(0, LISTED),
      },
    );
  }
  return exceptions;
}

/**
 * A period without statements need not be named, because there is nothing to review. A closed period may be named, because a
 * client repeats an interrupted close unchanged.
 */
function requireNamed(
  closings: readonly Closing[],
  closed: ReadonlySet<string>,
  closes: readonly string[] | undefined,
): void {
  const all = closings.map(({ period }) => period.name);
  const target = all.at(-1)!;
  const needed = closings
    .filter(({ period, statements }) => period.name === target || statements.length > 0)
    .map(({ period }) => period.name);
  if (closes === undefined && needed.length === 1) return;
  const named = new Set(closes);
  if (needed.every((name) => named.has(name)) && [...named].every((name) => all.includes(name) || closed.has(name)))
    return;
  const found = closes === undefined ? 'names none' : `names ${closes.join(', ') || 'none'}`;
  throw new Refused(
    'CLOSES_MORE',
    `Closing ${target} closes ${needed.join(', ')}, and \`closes\` ${found}. Name them all in \`closes\`, or close the earlier ones first.`,
    {
      period: target,
      closes: needed,
    },
  );
}

function isMeant({ record, source, ...match }: ExceptionMatch, exception: OpenException): boolean {
  const keys = Object.keys(match) as (keyof typeof match)[];
  return (
    keys.every((key) => match[key] === undefined || match[key] === exception[key]) &&
    (record === undefined || record === exception.record?.id) &&
    (source === undefined || source === exception.record?.source)
  );
}

/**
 * The instant up to which a close knows facts. It knows every fact of the log, even if the clock of a fact was ahead.
 */
export function knownBy(history: Pick<History, 'lastKnown'>, now: Instant): Instant {
  const last = history.lastKnown();
  return last > now ? last : now;
}
