import { Inject, Injectable } from '@nestjs/common';
import type { DraftPlan, History } from '@attain/compensation';
import type { Statement } from '@attain/contracts';
import type { Clock } from '@attain/eventsourcing';
import { CLOCK, type FedHistory, HISTORY, inTurns, Malformed, Turns } from '@attain/service';
import {
  addMonths,
  compareBytes,
  comparePeriods,
  dateOf,
  dayAfter,
  Exact,
  type LocalDate,
  type Period,
} from '@attain/values';
import type { PlanCost } from './drafts.answers.js';
import { type Compared, disclosed, rowOf, totalsOf } from './plan-cost.rules.js';

const MOST_EXCEPTIONS = 100;

export interface CostQuestion {
  readonly from?: LocalDate | undefined;
  readonly to?: LocalDate | undefined;
  /** Whether the caller may see the pay of each participant. */
  readonly isPayShown: boolean;
}
export interface CostWork {
  progress(done: number, total: number, doing?: string): void;
  readonly signal: AbortSignal;
}

/** What a draft would have paid; each question computes on copies of the facts, so one runs at a time. */
@Injectable()
export class PlanCostQueries {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  cost(draft: DraftPlan, question: CostQuestion, work: CostWork): Promise<PlanCost> {
    const turn = this.last.then(() => this.computed(draft, question, work));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async computed(draft: DraftPlan, question: CostQuestion, { progress, signal }: CostWork): Promise<PlanCost> {
    const turns = new Turns();
    const { history } = this;
    const position = String(history.head);
    const known = this.clock();
    progress(0, 1, 'copying the facts');
    const now = await inTurns(history.planning(null, known), turns);
    const asked = await this.range(now, question, turns);
    const supposed = await inTurns(history.planning(startingOn(draft, asked.from), known), turns);
    const periods = between(
      [
        ...(await inTurns(now.payPeriodsInSteps(asked.to), turns)),
        ...(await inTurns(supposed.payPeriodsInSteps(asked.to), turns)),
      ],
      asked,
    );
    const rows: Compared[] = [];
    const closed = new Set(history.closed().map(({ period }) => period));
    const exceptions: PlanCost['exceptions'] = [];
    for (const [index, { name }] of periods.entries()) {
      signal.throwIfAborted();
      progress(index, periods.length, name);
      const paid = closed.has(name) ? await statementsOf(history, name, turns) : null;
      const before = await statementsOf(now, name, turns);
      const after = await statementsOf(supposed, name, turns);
      for (const participant of [...new Set([...before.keys(), ...after.keys(), ...(paid?.keys() ?? [])])].sort(
        compareBytes,
      )) {
        const all = [before.get(participant), after.get(participant), paid?.get(participant)];
        if (all.every((statement) => statement === undefined || !isOf(statement, draft.plan))) continue;
        rows.push({
          period: name,
          participant,
          currency: all.find((statement) => statement !== undefined)!.currency,
          paid: paid === null ? null : payable(all[2]),
          now: payable(all[0]),
          then: payable(all[1]),
        });
      }
      for (const [participant, { exceptions: own }] of after)
        for (const exception of own) if (exception.plan === draft.plan) exceptions.push({ ...exception, participant });
    }
    return {
      plan: draft.plan,
      version: draft.version,
      from: asked.from,
      periods: periods.map(({ name }) => name),
      ...(question.isPayShown
        ? { rows: rows.map(rowOf), totals: totalsOf(rows), withheld: [], isRounded: false }
        : { rows: [], ...disclosed(rows), isRounded: true }),
      exceptions: question.isPayShown ? exceptions.slice(0, MOST_EXCEPTIONS) : [],
      position,
    };
  }

  /** By default the four quarters that end with the latest pay period that holds a credit. */
  private async range(
    now: History,
    { from, to }: CostQuestion,
    turns: Turns,
  ): Promise<{ from: LocalDate; to: LocalDate }> {
    const last =
      to ?? (await inTurns(now.payPeriodsInSteps(), turns)).reduce((end, one) => (one.to > end ? one.to : end), '');
    const until = last === '' ? dateOf(this.clock(), now.company().timeZone) : last;
    const first = from ?? addMonths(dayAfter(until), -12);
    if (first > until)
      throw new Malformed([{ field: 'to', message: `expected a day on or after ${first}, found ${until}` }]);
    return { from: first, to: until };
  }
}

function startingOn(draft: DraftPlan, from: LocalDate): DraftPlan {
  const { effective } = draft.document as { effective: { from: LocalDate; to?: LocalDate } };
  const { to, ...others } = effective;
  const document = {
    ...draft.document,
    effective: { ...others, from, ...(to !== undefined && to >= from && { to }) },
  };
  return { ...draft, document };
}

function between(periods: readonly Period[], { from, to }: { from: LocalDate; to: LocalDate }): Period[] {
  const named = new Map(periods.map((period) => [period.name, period]));
  return [...named.values()].filter((period) => period.from >= from && period.to <= to).sort(comparePeriods);
}

async function statementsOf(history: History, period: string, turns: Turns): Promise<Map<string, Statement>> {
  const found = new Map<string, Statement>();
  for (const statement of history.eachStatement(period)) {
    if (statement !== undefined) found.set(statement.participant, statement);
    await turns.next();
  }
  return found;
}

function isOf({ lines, exceptions }: Statement, plan: string): boolean {
  return lines.some((line) => line.plan === plan) || exceptions.some((exception) => exception.plan === plan);
}

function payable(statement: Statement | undefined): Exact {
  return statement === undefined ? Exact.zero : Exact.parse(statement.payable);
}
