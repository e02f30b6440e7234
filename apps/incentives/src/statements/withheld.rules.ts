import type { DaysBehind } from '@attain/compensation';
import type { Statement, StatementLine, StoredLine } from '@attain/contracts';
import { Exact, type FiscalCalendar, type LocalDate } from '@attain/values';
import type { Withheld } from './statements.answers.js';

export type { Withheld } from './statements.answers.js';

/** A line without its trace if the trace depends on days that the caller may not see, or if the line has no explanation. */
export type Shown<Line extends Omit<StatementLine, 'trace'>> = Omit<Line, 'trace'> & {
  trace: StatementLine['trace'] | null;
};
type Traced = Shown<StatementLine>;
export type ShownStatement<Line extends Traced> = Omit<Statement, 'lines'> & {
  lines: Shown<Line>[];
  withheld: Withheld;
};

export interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate;
}
/** The rows and days that a caller sees. */
export interface Seer {
  covers(participant: string, when: LocalDate | Days): boolean;
}

/** The days that a line depends on; null: unknown, because today's engine computes another line. */
export type BehindOf<Line> = (line: Line) => DaysBehind | null;

/** A statement as the scope shows it: `earned`, `payable` and the components are of the shown lines alone. */
export function shownStatement<Line extends Traced>(
  statement: Omit<Statement, 'lines'> & { lines: Line[] },
  scope: Seer,
  calendar: FiscalCalendar,
  behind: BehindOf<Line>,
): ShownStatement<Line> {
  const lines = shownLines(statement.participant, statement.lines, scope, calendar, behind);
  const of = withheldFrom(statement.lines, lines);
  const { balances, waiting: all = [], ...rest } = statement;
  const waiting = all.filter((change) => periodsSeen(statement.participant, scope, calendar)(change.for));
  const shown = waiting.length === 0 ? {} : { waiting };
  const withheld = { ...of, lines: of.lines + all.length - waiting.length };
  // Points and days off are in no sum of money.
  const isPay = ({ payableCurrency }: { payableCurrency: string }) => payableCurrency === statement.currency;
  // Balances depend on all statements of a plan.
  const isWhole =
    of.lines === 0 && (balances === undefined || coversUpTo(statement.participant, statement.cut.effective, scope));
  if (isWhole) return { ...rest, ...(balances !== undefined && { balances }), ...shown, lines, withheld };
  const components = statement.components.flatMap((component) => {
    const own = lines.filter((line) => line.plan === component.plan && line.component === component.component);
    if (own.length === 0) return [];
    return [
      {
        ...component,
        earned: sum(own, 'earned', component.earned),
        payable: sum(own.filter(isPay), 'payable', component.payable),
        lines: own.length,
      },
    ];
  });
  const money = lines.filter(isPay);
  const payable = sum(money, 'payable', statement.payable);
  const currencies = new Set(money.map(({ earnedCurrency }) => earnedCurrency));
  // As in the whole statement: sums of several currencies would mean nothing.
  const earned = currencies.size > 1 ? payable : sum(money, 'earned', statement.earned);
  return { ...rest, ...shown, earned, payable, components, lines, withheld };
}

/** The lines and differences that the scope shows, with a trace if the scope shows all days that the trace depends on. */
export function shownLines<Line extends Traced>(
  participant: string,
  lines: readonly Line[],
  scope: Seer,
  calendar: FiscalCalendar,
  behind: BehindOf<Line>,
): Shown<Line>[] {
  return seenLines(participant, lines, scope, calendar).map((line) => {
    const days = line.trace === null ? null : behind(line);
    const isSeen =
      days !== null &&
      days.every((when) => scope.covers(participant, when)) &&
      isReasonSeen(participant, line.trace!, scope, calendar);
    return isSeen ? line : { ...line, rate: null, trace: null };
  });
}

/** The parts of a trace or a tree that depend on other days than its own. */
export interface Reason {
  readonly rule?: string;
  readonly inputs?: readonly { readonly what: string; readonly value: string }[];
}

/** Whether the scope shows all windows, quotas and reversals that a reason depends on. */
export function isReasonSeen(participant: string, reason: Reason, scope: Seer, calendar: FiscalCalendar): boolean {
  return (
    windowsOf(reason).every(periodsSeen(participant, scope, calendar)) &&
    reversalsOf(reason).every((date) => scope.covers(participant, date))
  );
}

/** Lines of days, and differences of periods, that the scope shows, with the traces of all of them. */
export function seenLines<Line extends Pick<StoredLine, 'kind' | 'date' | 'for'>>(
  participant: string,
  lines: readonly Line[],
  scope: Seer,
  calendar: FiscalCalendar,
): Line[] {
  const seen = periodsSeen(participant, scope, calendar);
  return lines.filter((line) => {
    if (settlements.has(line.kind)) return coversUpTo(participant, line.date, scope);
    return scope.covers(participant, line.date) && (line.for === null || seen(line.for));
  });
}

/** Kinds of lines that depend on all earlier dues and payments of a plan. */
const settlements: ReadonlySet<StatementLine['kind']> = new Set(['draw', 'recovery', 'carried']);

function coversUpTo(participant: string, to: LocalDate, scope: Seer): boolean {
  return scope.covers(participant, { from: '0001-01-01', to });
}

function periodsSeen(participant: string, scope: Seer, calendar: FiscalCalendar): (name: string) => boolean {
  return (name) => {
    const days = daysOf(name, calendar);
    return days !== null && scope.covers(participant, days);
  };
}

export function withheldFrom(all: readonly unknown[], shown: readonly Pick<Traced, 'trace'>[]): Withheld {
  return { lines: all.length - shown.length, traces: shown.filter(({ trace }) => trace === null).length };
}

/** Names of the periods that a reason depends on: of its window or its cap, and of its quotas. */
function windowsOf({ rule = '', inputs = [] }: Reason): string[] {
  const [, per, name] = / per (month|quarter|half|year|plan) \((.+)\)$/.exec(rule) ?? [];
  const capped = / in (\S+), at most \S+ per (?:month|quarter|half|year)$/.exec(rule)?.[1];
  const quotas = inputs.flatMap(({ what }) => /^(?:quota|target) .* (\S+)$/.exec(what)?.[1] ?? []);
  // The life of a plan is no period, also where the plan is called like one.
  const others = capped === undefined ? quotas : [capped, ...quotas];
  return name === undefined ? others : [per === 'plan' ? '' : name, ...others];
}

/** Dates of the reversals that a trace names. */
function reversalsOf({ inputs = [] }: Reason): string[] {
  return inputs.flatMap(({ value }) => / on (\d{4}-\d{2}-\d{2})$/.exec(value)?.[1] ?? []);
}

/** Null: no period of the calendar. */
export function daysOf(name: string, calendar: FiscalCalendar): Days | null {
  try {
    return calendar.period(name);
  } catch {
    return null;
  }
}

/** With as many decimals as the sum of all lines. */
function sum(
  lines: readonly Pick<StatementLine, 'earned' | 'payable'>[],
  of: 'earned' | 'payable',
  like: string,
): string {
  const total = lines.reduce((all, line) => all.plus(Exact.parse(line[of])), Exact.zero);
  return total.toDecimal(like.split('.')[1]?.length ?? 0, 'half-up');
}
