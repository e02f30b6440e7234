import { Inject, Injectable } from '@nestjs/common';
import type { History, SupposedDeal } from '@attain/compensation';
import { type Clock, Refused } from '@attain/eventsourcing';
import {
  always,
  CLOCK,
  dateOfDeal,
  type FedHistory,
  HISTORY,
  inTurns,
  Malformed,
  notFound,
  NotReady,
  periodNamed,
  type Scope,
} from '@attain/service';
import { Exact } from '@attain/values';
import { answerOf } from '../engine-refusals.js';
import { isTreeSeen, withFacts } from '../statements/explanation.rules.js';
import { seenLines } from '../statements/withheld.rules.js';
import { laddersSeen } from '../tiers/tier.queries.js';
import type { AskEstimate } from './estimates.dto.js';
import type { Estimate, EstimatedLine } from './estimates.answers.js';
import {
  amounts,
  type Changed,
  changedLines,
  componentsOf,
  type Contests,
  faultsOf,
  followsContest,
  type Placed,
  placed,
  textsOf,
} from './estimate.rules.js';

export type { Estimate } from './estimates.answers.js';

/** Estimates that may wait; each holds a copy of the facts while it is computed. */
const MOST_WAITING = 8;
const NO_FACTS = new Map<string, null>();

@Injectable()
export class EstimateQueries {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Throws OutOfScope for a participant or a deal that the caller may not see, and PERIOD_CLOSED for a closed period. */
  async estimate(scope: Scope, { participant, period, deals }: AskEstimate): Promise<Estimate> {
    const { name, from, to } = periodNamed(this.history, period);
    scope.require(participant, { from, to });
    const known = this.history.people().map((row) => row.participant);
    if (!known.includes(participant)) throw notFound(scope, { kind: 'participant', name: participant, known });
    if (this.history.closed().some((closed) => closed.period === name))
      throw new Refused(
        'PERIOD_CLOSED',
        `the statements of ${name} are issued; a deal of its days is paid in the next open period, so estimate that one`,
      );
    const twice = deals.findIndex(
      ({ source, id }, index) =>
        id !== undefined && deals.slice(0, index).some((other) => other.source === source && other.id === id),
    );
    if (twice >= 0)
      throw new Malformed([
        {
          field: `deals.${twice}.id`,
          message: `expected each deal once, found ${JSON.stringify(deals[twice]!.id)} twice`,
        },
      ]);
    const supposed = deals.map((deal, index) => this.supposed(scope, participant, deal, index));
    return this.oneByOne(() => this.compared(scope, { participant, period: name }, supposed));
  }

  /** One after the other, so that a process holds one copy of the facts at a time. */
  private async oneByOne<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (this.waiting >= MOST_WAITING) throw new NotReady('other estimates are being computed; ask again', 1);
    this.waiting += 1;
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.waiting -= 1;
    }
  }

  private supposed(
    scope: Scope,
    participant: string,
    { source, id, closed, fields = {} }: AskEstimate['deals'][number],
    index: number,
  ): SupposedDeal {
    const faults = faultsOf(fields).map(({ field, message }) => ({ field: `deals.${index}.fields.${field}`, message }));
    if (faults.length > 0) throw new Malformed(faults);
    if ((source === undefined) !== (id === undefined))
      throw new Malformed([
        { field: `deals.${index}`, message: 'expected both source and id of a recorded deal, or none' },
      ]);
    if (source === undefined || id === undefined) {
      const owner = fields['owner'] ?? participant;
      scope.require(owner, scope.today);
      scope.require(owner, closed);
      const others = { currency: this.history.company().currency, ...fields };
      return { source: 'what-if', id: `estimate-${index + 1}`, closed, fields: { ...others, owner } };
    }
    const deal = this.history.deal({ source, id });
    const owner = deal?.fields['owner'] ?? '';
    const isSeen =
      deal !== null &&
      (owner === ''
        ? scope.everyone
        : scope.covers(owner, dateOfDeal({ status: deal.status, closed: deal.fields['closed'] ?? null }, scope.today)));
    if (!isSeen) throw notFound(scope, { kind: 'deal', name: id, in: `source ${source}` });
    if (fields['owner'] !== undefined && fields['owner'] !== owner)
      throw new Malformed([{ field: `deals.${index}.fields.owner`, message: `expected the owner of the deal` }]);
    return { source, id, closed, fields };
  }

  private async compared(
    scope: Scope,
    of: { participant: string; period: string },
    deals: readonly SupposedDeal[],
  ): Promise<Estimate> {
    const { history } = this;
    const position = String(history.head);
    // Computed before the first step of the copy, so that both contain the same facts.
    const now = answerOf(() => history.explained(of));
    const ladders = answerOf(() => history.ladders(of));
    const contests: Contests = scope.everyone ? new Map() : history.contests();
    const supposed = await inTurns(history.supposing(deals, this.clock()));
    const then = answerOf(() => supposed.explained(of));
    const before = this.seen(scope, of.participant, placed(now.statement));
    const after = [
      ...this.seen(scope, of.participant, placed(then.statement)).filter(({ line }) => !followsContest(line, contests)),
      ...before.filter(({ line }) => followsContest(line, contests)),
    ];
    const { currency } = now.statement;
    return {
      ...of,
      currency,
      ...amounts(before, after, currency),
      components: componentsOf(before, after, currency),
      lines: changedLines(before, after).map((changed) => this.stated(scope, of.participant, changed, then)),
      tiers: this.climbed(scope, of, ladders, supposed),
      notEstimated: [...contests].flatMap(([plan, components]) =>
        before.some(({ line }) => line.plan === plan) ? [...components].map((component) => ({ plan, component })) : [],
      ),
      exceptions: then.statement.exceptions.slice(0, 100).map(({ code, detail }) => ({ code, detail })),
      position,
    };
  }

  private seen(scope: Scope, participant: string, lines: readonly Placed[]): Placed[] {
    if (scope.everyone || isOwn(scope, participant)) return [...lines];
    const shown = new Set(
      seenLines(
        participant,
        lines.map(({ line }) => line),
        scope,
        this.history.company().calendar,
      ),
    );
    return lines.filter(({ line }) => shown.has(line));
  }

  private stated(
    scope: Scope,
    participant: string,
    { id, now, then }: Changed,
    { explain }: ReturnType<History['explained']>,
  ): EstimatedLine {
    const { trace: _, ...line } = (then ?? now)!.line;
    const tree = then === undefined ? null : explain(then.index);
    const isSeen =
      tree !== null &&
      (scope.everyone ||
        isOwn(scope, participant) ||
        isTreeSeen(tree, participant, scope, this.history.company().calendar));
    const digits = line.payable.split('.')[1]?.length ?? 0;
    const amount = (placedLine: Placed | undefined) => Exact.parse(placedLine?.line.payable ?? '0');
    return {
      id,
      line,
      ...textsOf(amount(now), amount(then), digits),
      ...(now === undefined && { now: null }),
      ...(then === undefined && { then: null }),
      currency: line.payableCurrency,
      explanation: isSeen ? withFacts(tree, NO_FACTS) : null,
    };
  }

  private climbed(
    scope: Scope,
    of: { participant: string; period: string },
    before: ReturnType<History['ladders']>,
    supposed: History,
  ): Estimate['tiers'] {
    const after = laddersSeen(
      scope,
      of.participant,
      answerOf(() => supposed.ladders(of)),
    );
    return laddersSeen(scope, of.participant, before).flatMap((now) => {
      const then = after.find(({ plan, component }) => plan === now.plan && component === now.component);
      return then === undefined || then.attained === now.attained ? [] : [{ now, then }];
    });
  }
}

/** Nothing is withheld from the participant. */
function isOwn(scope: Scope, participant: string): boolean {
  return scope.spans(participant)[0] === always;
}
