import type { PayException, Statement, StatementLine, WaitingChange } from '@attain/contracts';
import type { LocalDate, Period } from '@attain/values';
import type { ResolvedCut } from '../paid/candidates.js';
import { componentNames } from '../earned/components.js';
import type { Change } from '../paid/changes.js';
import { paidLines } from '../paid/held.rules.js';
import type { Waiting } from '../paid/corrections.rules.js';
import { type Exceptional, isHeld, type Line, type Lines, recordOf } from '../earned/lines.js';
import { type Paid, paidAs, paidChange, payCurrency } from '../paid/conversion.js';
import type { PlanBalances, SettledLine } from '../paid/draw-and-negative.rules.js';
import { type Balances, isNamedIn, settled } from '../paid/settlements.js';
import { type DaysBehind, daysBehind, daysBehindChange, daysBehindSettlement } from '../explained/days-behind.js';
import { explanationOfChange } from '../explained/difference.js';
import { paidExplanation } from '../explained/conversion.js';
import type { Explanation } from '../explained/explanation.js';
import { explanationOfSettlement } from '../explained/settlement.js';
import { type Before, changesIn } from './changes-before.js';
import { statedChange, statedLine, statedSettlement, statedWaiting } from './stated.js';
import { firstDayOf, statementPeriodOf } from '../plans/pay-periods.js';
import type { PlanVersion } from '../plans/plans.js';
import { moneyText } from '../plans/text.js';
import type { PlanLife, World } from '../plans/world.js';

const NO_PERIODS: ReadonlyMap<string, Period> = new Map();

/**
 * The balances that earlier statements carry forward: draws, carried negatives, and late changes that wait for a
 * review.
 */
export interface Left {
  readonly balances: Balances;
  readonly waiting: readonly Waiting[];
}
export interface StatementOf {
  readonly world: World;
  readonly participant: string;
  readonly period: Period;
  readonly cut: ResolvedCut & { readonly known: string };
  readonly before: Before | null;
  readonly left: Left;
}

export interface Drafted {
  readonly statement: Statement;
  readonly left: Left;
  /** The explanation of a line, by its index. */
  explain(line: number): Explanation;
  /** The days that the explanation depends on. */
  behind(line: number): DaysBehind;
}

/**
 * The statement of a participant for a period: lines of the plans that pay by its kind of period, differences, and the
 * balances that it carries forward.
 */
export function statementOf({ world, participant, period, cut, before, left }: StatementOf): Drafted {
  const { posted: changes, waiting } =
    before === null
      ? { posted: [], waiting: left.waiting }
      : changesIn(world, participant, period, cut, before, left.waiting);
  const draft = new Draft(world, participant, period, before?.periods ?? NO_PERIODS);
  for (const life of world.plans()) {
    const names = componentNames(life);
    // A component of a retracted version can still have differences.
    for (const name of new Set([
      ...names,
      ...changes.flatMap(({ plan, component }) => (plan === life.plan ? [component] : [])),
    ])) {
      const lines = paidLines(world, participant, life, name);
      draft.hold(lines);
      for (const line of lines.between(firstDayIn(life, name, period), period.to))
        if (isOf(line, period)) draft.own(line);
      draft.except(lines.exceptions);
      for (const change of changes)
        if (change.plan === life.plan && change.component === name) draft.difference(change);
    }
    draft.settle(life, left.balances);
  }
  const known = new Set(world.plans().map(({ plan }) => plan));
  for (const change of changes) if (!known.has(change.plan)) draft.difference(change);
  for (const late of waiting) draft.wait(late);
  return {
    statement: draft.statement(cut),
    left: { balances: draft.balances, waiting },
    explain: (line) => draft.explain(line),
    behind: (line) => draft.behind(line),
  };
}

/** Whether a line belongs to the statements of a period. */
export function isOf(line: Pick<Line, 'version' | 'component' | 'date'>, period: Period): boolean {
  if (line.version.pays !== period.kind) return false;
  // Checked without a loop, because most components pay as often as their plan and a statement has many lines.
  if (line.component.pays === line.version.pays) return period.from <= line.date && line.date <= period.to;
  return statementPeriodOf(line, line.date).from === period.from;
}

/**
 * The first day whose lines of a component can be in the statement of a period. It lies before the period if the
 * component pays less often.
 */
export function firstDayIn({ versions }: PlanLife, name: string, period: Period): LocalDate {
  return firstDayOf(
    versions.flatMap(({ version }) =>
      version.components.filter((component) => component.name === name).map((component) => ({ version, component })),
    ),
    period,
  );
}

/** Whether a plan that pays by this kind of period names a participant on one of its days. */
export function hasPlan(world: World, participant: string, period: Period): boolean {
  return world.plans().some((life) => isNamedIn(world, participant, life, period));
}

type Source =
  | { readonly line: Line; readonly paid: Paid }
  | { readonly change: Change; readonly paid: Paid }
  | { readonly version: PlanVersion; readonly settled: SettledLine };

class Draft {
  private readonly lines: StatementLine[] = [];
  /** The source of each line. */
  private readonly sources: Source[] = [];
  private readonly exceptions: PayException[] = [];
  private readonly components = new Map<
    string,
    {
      plan: string;
      component: string;
      earned: bigint;
      payable: bigint;
      currency: string;
      lines: number;
      unit: string | null;
    }
  >();
  private readonly currency: string;
  private payable = 0n;
  private readonly dueOf = new Map<string, bigint>();
  private readonly held = new Map<string, bigint>();
  private readonly waiting: WaitingChange[] = [];
  readonly balances = new Map<string, PlanBalances & { currency: string }>();

  constructor(
    private readonly world: World,
    private readonly participant: string,
    private readonly period: Period,
    private readonly closed: ReadonlyMap<string, Period>,
  ) {
    this.currency = payCurrency(world, participant, period.to);
  }

  own(line: Line): void {
    const paid = this.known(line, paidAs(this.world, line.amount, line, this.period, this.currency));
    this.sources.push({ line, paid });
    this.add(line, isHeld(line) ? 0n : line.amount, paid, statedLine(this.world, line, this.period, paid));
  }

  /** Records the amounts that are held at the end of the period. */
  hold(lines: Lines): void {
    if (!lines.holds) return;
    for (const line of lines.between(undefined, this.period.to)) {
      if (line.version.pays !== this.period.kind || statementPeriodOf(line, line.date).to > this.period.to) continue;
      const key = JSON.stringify([line.version.plan, line.component.paidIn]);
      this.held.set(key, (this.held.get(key) ?? 0n) - (isHeld(line) ? line.amount : 0n));
    }
  }

  difference(change: Change): void {
    const concerns = this.closed.get(change.period)!;
    const paid = this.known(change.line, paidChange(change, concerns, this.currency));
    this.sources.push({ change, paid });
    this.add(change.line, change.amount, paid, statedChange(this.world, change, this.period, paid));
  }

  /** Shows a late change that nobody has decided about; it is in no sum. */
  wait({ change, known }: Waiting): void {
    const concerns = this.closed.get(change.period)!;
    this.waiting.push(statedWaiting(change, known, paidChange(change, concerns, this.currency)));
  }

  /** Adds the lines of draws and carried negatives for the amounts due of a plan. */
  settle(life: PlanLife, before: Balances): void {
    const { world, participant, period, currency } = this;
    const due = this.dueOf.get(life.plan) ?? 0n;
    const result = settled(world, participant, life, period, currency, due, before);
    if (result === null) return;
    const { version, lines, missing } = result;
    if (missing !== null)
      this.exceptions.push({
        code: 'RATE_MISSING',
        plan: version.plan,
        component: 'draw',
        participant,
        record: null,
        detail: missing,
      });
    for (const line of lines) {
      this.sources.push({ version, settled: line });
      this.lines.push(statedSettlement(version, period, currency, line, due));
      this.sum(version.plan, '', 0n, line.amount, currency);
    }
    this.balances.set(life.plan, { ...result.balances, currency });
  }

  except(exceptions: readonly Exceptional[]): void {
    for (const one of exceptions) if (isOf(one, this.period)) this.exceptions.push(one.exception);
  }

  /** The explanation of a line, computed on demand. */
  explain(index: number): Explanation {
    const source = this.sources[index]!;
    if ('settled' in source) return explanationOfSettlement(source.version, this.currency, source.settled);
    if ('change' in source)
      return explanationOfChange(source.change, this.closed.get(source.change.period)!, source.paid);
    return paidExplanation(this.world, source.line, this.period, source.paid);
  }

  behind(index: number): DaysBehind {
    const source = this.sources[index]!;
    if ('settled' in source) return daysBehindSettlement(this.period.to);
    return 'change' in source ? daysBehindChange(source.change) : daysBehind(this.world, source.line);
  }

  statement({ effective, known }: ResolvedCut & { known: string }): Statement {
    const components = [...this.components.values()];
    const paid = components.filter(({ unit }) => unit === null);
    const currencies = new Set(paid.flatMap(({ component, currency }) => (component === '' ? [] : [currency])));
    const [only] = currencies.size === 1 ? [...currencies] : [this.currency];
    // Only `payable` is summed if lines have several currencies, because a sum of different currencies means nothing.
    const earned = currencies.size > 1 ? this.payable : paid.reduce((sum, component) => sum + component.earned, 0n);
    return {
      participant: this.participant,
      period: this.period.name,
      cut: { effective, known },
      currency: this.currency,
      earned: moneyText(earned, only!),
      payable: moneyText(this.payable, this.currency),
      components: components.map(({ plan, component, earned, payable, currency, lines }) => ({
        plan,
        component,
        earned: moneyText(earned, currency),
        payable: moneyText(payable, this.currency),
        lines,
      })),
      lines: this.lines,
      exceptions: this.exceptions,
      ...(this.balances.size > 0 && { balances: this.stated() }),
      ...(this.held.size > 0 && {
        held: [...this.held].map(([key, amount]) => {
          const [plan, currency] = JSON.parse(key) as [string, string];
          return { plan, currency, amount: moneyText(amount, currency) };
        }),
      }),
      ...(this.waiting.length > 0 && { waiting: this.waiting }),
    };
  }

  private stated(): Statement['balances'] {
    return [...this.balances].map(([plan, { carried, draws, currency }]) => {
      const lent = draws.reduce((sum, draw) => sum + draw, 0n);
      return { plan, currency, draw: moneyText(lent, currency), carried: moneyText(-carried, currency) };
    });
  }

  /** Records a missing rate as an exception. */
  private known(line: Line, paid: Paid): Paid {
    if (paid.missing !== null) {
      const { version, component, credit } = line;
      this.exceptions.push({
        code: 'RATE_MISSING',
        plan: version.plan,
        component: component.name,
        participant: this.participant,
        record: recordOf(credit),
        detail: paid.missing,
      });
    }
    return paid;
  }

  private add({ version, component }: Line, earned: bigint, paid: Paid, line: StatementLine): void {
    this.lines.push(line);
    // Points and days off are in no sum of money.
    if (!component.isMoney)
      return this.sum(version.plan, component.name, earned, 0n, component.paidIn, component.paidIn);
    this.sum(version.plan, component.name, earned, paid.amount, component.currency);
    this.dueOf.set(version.plan, (this.dueOf.get(version.plan) ?? 0n) + paid.amount);
  }

  private sum(
    plan: string,
    component: string,
    earned: bigint,
    payable: bigint,
    currency: string,
    unit: string | null = null,
  ): void {
    this.payable += payable;
    const key = JSON.stringify([plan, component, unit]);
    const sum = this.components.get(key) ?? { plan, component, earned: 0n, payable: 0n, currency, lines: 0, unit };
    sum.earned += earned;
    sum.payable += payable;
    sum.lines += 1;
    this.components.set(key, sum);
  }
}
