import { planSchema } from '@attain/contracts';
import { type Clock, type Context, type EventStore, type Executor, type Outcome, Refused } from '@attain/eventsourcing';
import { CLOCK, EVENT_STORE, EXECUTOR, type FedHistory, HISTORY } from '@attain/service';
import { dateOf } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { answerOf } from '../engine-refusals.js';
import { CompanyNow } from '../plans/company-now.js';
import { names } from '../plans/plan-names.rules.js';
import { approvalDecider, type ApprovalEvent } from './approval.decider.js';
import { type HeldPay, releaseDecider } from './release.decider.js';

const CATEGORY = {
  deals: 'deal',
  items: 'item',
  invoices: 'invoice',
  payments: 'payment',
  activities: 'activity',
} as const;

/** The approved amount of a statement, and its present amount. */
export interface Approved {
  /** Null: nothing was approved yet. */
  readonly amount: string | null;
  readonly calculated: string;
  readonly currency: string;
}

/** Approves statements, and the release of pay that waits for an approval. */
@Injectable()
export class ApprovalCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CompanyNow) private readonly company: CompanyNow,
  ) {}

  /** Releases pay on a day, by default today. Refused RECORD_UNKNOWN and OWN_PAY. */
  async release(pay: HeldPay, context: Context, date?: string): Promise<Outcome> {
    await this.known(pay);
    await this.refuseOwnPay(pay, context);
    const on = date ?? dateOf(context.recorded ?? this.clock(), this.history.company().timeZone);
    return this.executor.execute(
      releaseDecider,
      `${pay.source}:${pay.id}`,
      { do: 'approve', pay, date: on },
      { effective: on, ...context },
    );
  }

  /** Holds the pay again. Refused RECORD_UNKNOWN and OWN_PAY. */
  async withdraw(pay: HeldPay, context: Context): Promise<Outcome> {
    await this.known(pay);
    await this.refuseOwnPay(pay, context);
    return this.executor.execute(releaseDecider, `${pay.source}:${pay.id}`, { do: 'withdraw', pay }, context);
  }

  /** Approves the amount of a statement as known now. Refused PERIOD_UNKNOWN and OWN_PAY. */
  async statement(participant: string, period: string, context: Context): Promise<Outcome> {
    const { calculated, currency } = await this.approved(participant, period);
    const known = this.history.lastKnown();
    return this.executor.execute(
      approvalDecider,
      `${participant}~${period}`,
      { do: 'approve', approval: { participant, period, amount: calculated, currency, known } },
      context,
    );
  }

  /** The latest approval of a statement, and its present amount. */
  async approved(participant: string, period: string): Promise<Approved> {
    await this.history.reached(await this.store.head());
    const { payable, currency } = answerOf(() => this.history.statement({ participant, period }));
    let amount: string | null = null;
    for await (const page of this.store.readStream(`approval-${participant}~${period}`))
      for (const { data } of page) ({ amount } = data as ApprovalEvent['data']);
    return { amount, calculated: payable, currency };
  }

  /** A release for everybody concerns the caller if a plan with the component names the caller, because the earners of a record may change. */
  private async refuseOwnPay({ participant, component }: HeldPay, { self = [] }: Context): Promise<void> {
    if (participant !== null || self.length === 0) return;
    const documents = [...(await this.company.plans()).values()]
      .map(({ document }) => planSchema.parse(document))
      .filter(({ components }) => components.some(({ name }) => name === component));
    for (const name of self) {
      const places = await this.company.places(name);
      if (documents.some((document) => names(document, name, places)))
        throw new Refused(
          'OWN_PAY',
          `The component ${component} pays you too (${name}); name somebody else in \`participant\`, or let somebody else do it.`,
          { name },
        );
    }
  }

  private async known({ of, source, id }: HeldPay): Promise<void> {
    const stream = `${CATEGORY[of]}-${source}:${id}`;
    if (!(await this.store.readStreams([stream])).has(stream))
      throw new Refused('RECORD_UNKNOWN', `${CATEGORY[of]} "${id}" does not exist in source ${source}`, { source, id });
  }
}
