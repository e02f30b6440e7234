import type { ScenarioDocument, ScenarioExpectation, ScenarioStep } from '@attain/contracts';
import { endOfDay, type FiscalCalendar, type Instant, instant, startOfDay } from '@attain/values';

export interface Scheduled<Entry> {
  readonly entry: Entry;
  /** The place in the document. */
  readonly path: (string | number)[];
  /** The instant at which the step becomes known, or the expectation is asked. */
  readonly at: Instant;
}
export type ScheduledEntry = Scheduled<ScenarioStep> | Scheduled<ScenarioExpectation>;

export interface Schedule {
  readonly history: ScheduledEntry[];
  readonly expect: Scheduled<ScenarioExpectation>[];
  /** The steps that are listed after later ones. */
  readonly problems: { path: (string | number)[]; message: string }[];
}

/** Before the first step, so that every cut sees it; early enough for any company that keeps its books in files. */
export const beginning = (history: readonly ScenarioDocument['history'][number][], zone: string): Instant => {
  const first = history.flatMap((entry) => (entry.is === 'step' && entry.at !== undefined ? [entry.at] : []))[0];
  const early = '1900-01-01T00:00:00.000Z';
  return first !== undefined && asFact(first, zone) < early ? asFact(first, zone) : early;
};

/** Gives each entry its instant: of a date the beginning for a fact, and the end for a close; a close without one gets its period's end. */
export function schedule({ history, expect }: ScenarioDocument, calendar: FiscalCalendar, zone: string): Schedule {
  const problems: Schedule['problems'] = [];
  let now = beginning(history, zone);
  const scheduled = history.map((entry, index): ScheduledEntry => {
    const path = ['history', index];
    if (entry.is === 'expectation') return { entry, path, at: now };
    const at = entry.kind === 'close' ? closesAt(entry, calendar, zone, now) : asFact(entry.at, zone);
    if (at < now) {
      problems.push({
        path,
        message: `becomes known at ${at}, before the step above it (${now}): list steps in the order in which they become known`,
      });
    } else now = at;
    return { entry, path, at };
  });
  return {
    history: scheduled,
    expect: expect.map((entry, index) => ({ entry, path: ['expect', index], at: now })),
    problems,
  };
}

function closesAt(
  entry: ScenarioStep & { kind: 'close' },
  calendar: FiscalCalendar,
  zone: string,
  now: Instant,
): Instant {
  if (entry.at !== undefined) return asCut(entry.at, zone);
  try {
    const end = endOfDay(calendar.period(entry.body).to, zone);
    // A close after later facts includes them.
    return end < now ? now : end;
  } catch {
    return now; // The close itself refuses a period that the calendar does not have.
  }
}

function asFact(moment: string, zone: string): Instant {
  return moment.includes('T') ? instant(moment) : startOfDay(moment, zone);
}

/** The instant of a cut at a date, which is its end, or at an instant. */
export function asCut(moment: string, zone: string): Instant {
  return moment.includes('T') ? instant(moment) : endOfDay(moment, zone);
}

/** The record whose facts keep their order when the facts of an instant change places. */
export function recordOf(entry: ScenarioStep): string {
  const { body } = entry as { body: Record<string, string | undefined> };
  switch (entry.kind) {
    case 'quota':
      return `quota ${body.for} ${body.measure} ${body.period}`;
    case 'rate':
      return `rate ${body.from} ${body.to} ${body.date}`;
    case 'adjust':
      return `adjustment ${body.participant} ${body.period}`;
    case 'sign':
      return `signature ${body.participant} ${body.plan}`;
    case 'score':
      return `score ${body.participant} ${body.period} ${body.objective}`;
    case 'leave':
      return `leave ${body.participant}`;
    case 'person':
      return `person ${body.id}`;
    case 'plan':
      return `plan ${body.plan}`;
    case 'account':
      return `account ${body.id}`;
    case 'approve':
      if (body.change !== undefined) return `review ${body.participant} ${body.for ?? body.period}`;
      return body.deal === undefined ? `approval ${body.participant} ${body.period}` : `deal ${body.deal}`;
    case 'dismiss':
      return `review ${body.participant} ${body.for}`;
    case 'invoice':
      return `invoice ${body.id}`;
    case 'paid':
      return `payment ${body.id ?? `${body.deal ?? body.invoice} ${body.date} ${body.amount}`}`;
    case 'cancelled':
    case 'refunded':
    case 'churned':
    case 'credited':
      return body.invoice === undefined ? `deal ${body.deal}` : `invoice ${body.invoice}`;
    default:
      return `deal ${body.id ?? body.deal}`;
  }
}
