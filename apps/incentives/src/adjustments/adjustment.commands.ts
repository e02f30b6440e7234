import { type Context, type EventStore, type Executor, type Outcome, Refused } from '@attain/eventsourcing';
import { EVENT_STORE, EXECUTOR, type FedHistory, HISTORY } from '@attain/service';
import { comparePeriods, newUuid } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { adjustmentDecider, type Proposal } from './adjustment.decider.js';

export type Adjusting = Pick<Proposal, 'participant' | 'period' | 'amount' | 'reason'> &
  Partial<Pick<Proposal, 'adjustment' | 'plan' | 'record' | 'for'>>;

@Injectable()
export class AdjustmentCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  /**
   * Proposes an adjustment of an open period; `approve` approves it at once, as scenarios do. Refused PERIOD_UNKNOWN, PERIOD_CLOSED,
   * PLAN_UNKNOWN, ADJUSTMENT_EXISTS and OWN_PAY.
   */
  async propose(
    { adjustment: given, plan = null, record = null, for: concerns = null, ...rest }: Adjusting,
    context: Context,
    { approve = false } = {},
  ): Promise<Outcome & { adjustment: string }> {
    // A repeated request proposes the same adjustment.
    const adjustment = given ?? context.key ?? newUuid();
    await this.history.reached(await this.store.head());
    const { calendar } = this.history.company();
    for (const period of [rest.period, ...(concerns === null ? [] : [concerns])]) {
      try {
        calendar.period(period);
      } catch (error) {
        throw new Refused('PERIOD_UNKNOWN', (error as Error).message, { period });
      }
    }
    if (this.isClosed(rest.period))
      throw new Refused(
        'PERIOD_CLOSED',
        `${rest.period} is closed: adjust an open period, with \`for: ${rest.period}\``,
        { period: rest.period },
      );
    if (plan !== null && !(await this.isPublished(plan)))
      throw new Refused('PLAN_UNKNOWN', `there is no plan ${plan}`, { plan });
    const proposal: Proposal = { adjustment, ...rest, plan, record, for: concerns };
    return {
      ...(await this.executor.execute(
        adjustmentDecider(),
        adjustment,
        { do: 'propose', proposal, by: context.actor, approve },
        context,
      )),
      adjustment,
    };
  }

  /** Refused ADJUSTMENT_UNKNOWN, ADJUSTMENT_DECIDED, SAME_PERSON, PERIOD_CLOSED and OWN_PAY. */
  async approve(adjustment: string, context: Context): Promise<Outcome> {
    await this.history.reached(await this.store.head());
    const proposer = await this.proposerOf(adjustment);
    return this.executor.execute(
      adjustmentDecider({ proposer, isClosed: (period) => this.isClosed(period) }),
      adjustment,
      { do: 'approve', adjustment, by: context.actor },
      context,
    );
  }

  async reject(adjustment: string, reason: string, context: Context): Promise<Outcome> {
    return this.executor.execute(adjustmentDecider(), adjustment, { do: 'reject', adjustment, reason }, context);
  }

  /** Whether the period is closed, itself or with a later period. */
  private isClosed(name: string): boolean {
    const { calendar } = this.history.company();
    const period = calendar.period(name);
    return this.history
      .closed()
      .some((closed) => closed.period === name || comparePeriods(period, calendar.period(closed.period)) < 0);
  }

  private async isPublished(plan: string): Promise<boolean> {
    for await (const page of this.store.readStream(`plan-${plan}`)) if (page.length > 0) return true;
    return false;
  }

  private async proposerOf(adjustment: string): Promise<string | undefined> {
    for await (const page of this.store.readStream(`adjustment-${adjustment}`))
      for (const { type, meta } of page) if (type === 'AdjustmentProposed') return meta.actor;
    return undefined;
  }
}
