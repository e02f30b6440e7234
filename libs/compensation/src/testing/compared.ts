import { type FiscalCalendar, minorToDecimal, isCurrency } from '@attain/values';
import type { Fact, History } from '../answers/api.js';
import { createHistory } from '../answers/history.js';
import { calendarOf, type Scenario } from './naive/company.js';
import { isHeld, paidOf, payCurrency } from './naive/engine.js';
import { closingOrder, NaiveHistory, type NaiveStatement } from './naive/statements.js';
import { type Line, paidIn, planPays, statementPeriod } from './naive/terms.js';
import { storyOf } from './scenario-story.js';

/**
 * The answers of the product and of the naive engine for the same company: lines of text, which are compared as sets.
 */
export interface Compared {
  readonly product: readonly string[];
  readonly naive: readonly string[];
}

function historyOf(facts: readonly Fact[]): History {
  const history = createHistory();
  history.append(facts);
  return history;
}

/** The names of everybody who ever had a row. */
function peopleOf(scenario: Scenario): string[] {
  return [...new Set(scenario.company.people.map(({ id }) => id))].sort();
}

/** All statements that the closings of a scenario issue, and all earnings by some days. */
export function compared(scenario: Scenario, days: readonly string[]): Compared {
  const history = historyOf(storyOf(scenario).facts);
  const naive = new NaiveHistory(scenario);
  const calendar = calendarOf(scenario.company);
  const closings = closingsOf(scenario, calendar);
  const issued = naive.statements(closings).flatMap((statement) => ofStatement(statement, calendar));
  const periods = closings.map(({ period }) => period.name);
  const known = scenario.history.length;
  const earned = days.flatMap((day) =>
    peopleOf(scenario).flatMap((me) =>
      naive.lines({ known, effective: day }, me).flatMap((line) => rowOf(line, day, calendar)),
    ),
  );
  return {
    product: [
      ...periods.flatMap((period) => history.statements(period)).flatMap(issuedRows),
      ...days.flatMap((day) => rowsOf(history, day, calendar)),
    ].sort(),
    naive: [...issued, ...earned].sort(),
  };
}

function closingsOf(scenario: Scenario, calendar: FiscalCalendar) {
  const kinds = [...new Set(naiveKinds(scenario))];
  const closings: { period: ReturnType<FiscalCalendar['period']>; known: number }[] = [];
  scenario.history.forEach((step, known) => {
    if (step['close'] === undefined) return;
    for (const period of closingOrder(scenario, calendar.period(step['close'] as string), kinds))
      if (!closings.some((one) => one.period.name === period.name)) closings.push({ period, known });
  });
  return closings;
}

function naiveKinds({ company }: Scenario) {
  return company.plans.map((plan) => planPays({ document: plan } as never));
}

const text = (amount: bigint, unit: string) =>
  isCurrency(unit) ? minorToDecimal(amount, unit) : minorToDecimal(amount, 'USD');
const cells = (...values: readonly string[]) => values.join(' | ');

function issuedRows({
  participant,
  period,
  payable,
  currency,
  lines,
}: ReturnType<History['statements']>[number]): string[] {
  const shown = lines.filter((line) => Number(line.payable) !== 0);
  const rows = shown.map((line) => {
    const isDifference = line.kind === 'difference';
    const record = line.record?.id ?? '';
    return cells(
      'statement',
      participant,
      period,
      line.plan,
      line.component,
      line.kind,
      record,
      isDifference ? (line.for ?? '') : '',
      isDifference ? (line.cause?.kind ?? '') : '',
      line.payable,
    );
  });
  return Number(payable) === 0 && rows.length === 0
    ? []
    : [cells('statement', participant, period, 'payable', payable, currency), ...rows];
}

function ofStatement(
  { participant, period, currency, payable, lines, differences, settlements }: NaiveStatement,
  calendar: FiscalCalendar,
): string[] {
  const own = lines.flatMap((line) => {
    const { terms, kind, credit } = line;
    const unit = terms.component.unit ?? currency;
    const paid = paidOf(line, calendar.period(period), currency);
    return paid === 0n
      ? []
      : [
          cells(
            'statement',
            participant,
            period,
            terms.life.plan,
            terms.component.name,
            kind,
            credit?.id ?? '',
            '',
            '',
            text(paid, unit),
          ),
        ];
  });
  const late = differences.map((one) =>
    cells(
      'statement',
      participant,
      period,
      one.plan,
      one.component,
      'difference',
      one.record,
      one.for,
      one.cause,
      text(one.payable, one.unit ?? currency),
    ),
  );
  const added = settlements.map(({ plan, kind, amount }) =>
    cells('statement', participant, period, plan, '', kind, '', '', '', text(amount, currency)),
  );
  const rows = [...own, ...late, ...added];
  return payable === 0n && rows.length === 0
    ? []
    : [cells('statement', participant, period, 'payable', text(payable, currency), currency), ...rows];
}

/** Rows of the pay periods that have ended by a day. */
function rowsOf(history: History, day: string, calendar: FiscalCalendar): string[] {
  return history
    .rows(day)
    .filter(({ period, kind }) => calendar.period(period).to <= day && !['draw', 'recovery', 'carried'].includes(kind))
    .map((row) =>
      cells(
        'earned',
        day,
        row.participant,
        row.period,
        row.plan,
        row.version,
        row.component,
        row.kind,
        row.record,
        row.date,
        row.causedBy,
        row.earned,
        row.payable,
      ),
    );
}

function rowOf(line: Line, day: string, calendar: FiscalCalendar): string[] {
  const { terms, kind, credit, date, causedBy, amount } = line;
  const period = statementPeriod(terms, date);
  if (period.to > day) return [];
  const currency = payCurrency(terms.state, terms.me, period.to);
  const unit = paidIn(terms);
  const paid = text(paidOf(line, calendar.period(period.name), currency), terms.component.unit ?? currency);
  return [
    cells(
      'earned',
      day,
      terms.me,
      period.name,
      terms.life.plan,
      terms.version.version,
      terms.component.name,
      kind,
      credit?.id ?? '',
      date,
      causedBy,
      text(isHeld(line) ? 0n : amount, unit),
      paid,
    ),
  ];
}
