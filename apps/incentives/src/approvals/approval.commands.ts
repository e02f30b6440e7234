import type { Context, EventStore, Executor, Outcome } from '@attain/eventsourcing';
import { Refused } from '@attain/eventsourcing';
import { CLOCK, EVENT_STORE, EXECUTOR, type FedHistory, HISTORY } from '@attain/service';
import type { Clock } from '@attain/eventsourcing';
import { dateOf } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { approvalDecider, type ApprovalEvent } from './approval.decider.js';
import { type HeldPay, releaseDecider } from './release.decider.js';

const CATEGORY = { deals: 'deal', items: 'item', invoices: 'invoice', payments: 'payment', activities: 'activity' } as const;

/** What was approved of a statement, and what it comes to now. */
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
  ) {}

  /** Releases pay on a day, by default today. Refused RECORD_UNKNOWN. */
  async release(pay: HeldPay, context: Context, date?: string): Promise<Outcome> {
    await this.known(pay);
    const on = date ?? dateOf(context.recorded ?? this.clock(), this.history.company().timeZone);
    return this.executor.execute(releaseDecider, `${pay.source}:${pay.id}`, { type: 'ApproveRelease', pay, date: on }, { effective: on, ...context });
  }

  /** Holds the pay again. Refused RECORD_UNKNOWN. */
  async withdraw(pay: HeldPay, context: Context): Promise<Outcome> {
    await this.known(pay);
    return this.executor.execute(releaseDecider, `${pay.source}:${pay.id}`, { type: 'WithdrawRelease', pay }, context);
  }

  /** Approves what a statement comes to by what is known now. */
  async statement(participant: string, period: string, context: Context): Promise<Outcome> {
    const { calculated, currency } = await this.approved(participant, period);
    const known = this.history.lastKnown();
    return this.executor.execute(approvalDecider, `${participant}~${period}`, { type: 'ApproveStatement', approval: { participant, period, amount: calculated, currency, known } }, context);
  }

  /** The latest approval of a statement, and what the statement comes to. */
  async approved(participant: string, period: string): Promise<Approved> {
    await this.history.reached(await this.store.head());
    const { payable, currency } = this.history.statement({ participant, period });
    let amount: string | null = null;
    for await (const page of this.store.readStream(`approval-${participant}~${period}`)) for (const { data } of page) ({ amount } = data as ApprovalEvent['data']);
    return { amount, calculated: payable, currency };
  }

  private async known({ of, source, id }: HeldPay): Promise<void> {
    const stream = `${CATEGORY[of]}-${source}:${id}`;
    if (!(await this.store.readStreams([stream])).has(stream)) throw new Refused('RECORD_UNKNOWN', `${CATEGORY[of]} "${id}" does not exist in source ${source}`, { source, id });
  }
}
