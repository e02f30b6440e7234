import { Inject, Injectable } from '@nestjs/common';
import type { Context, EventStore, Executor, Outcome } from '@attain/eventsourcing';
import { EVENT_STORE, EXECUTOR, type FedHistory, HISTORY } from '@attain/service';
import { reviewDecider, type ReviewedChange, reviewId } from './review.decider.js';

/** Decides about late changes of closed periods, which their plans make wait for a review. */
@Injectable()
export class LateChangeCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  /**
   * The change is paid in the next statement. Refused LATE_CHANGE_UNKNOWN, LATE_CHANGE_DECIDED, OWN_PAY, with controls
   * SAME_PERSON.
   */
  approve(change: ReviewedChange, context: Context, how: { controls?: boolean } = {}): Promise<Outcome> {
    return this.decide('approve', change, context, how);
  }

  /** The change is never paid. Refused with the same codes as an approval. */
  dismiss(change: ReviewedChange, context: Context, how: { controls?: boolean } = {}): Promise<Outcome> {
    return this.decide('dismiss', change, context, how);
  }

  private async decide(
    wanted: 'approve' | 'dismiss',
    change: ReviewedChange,
    context: Context,
    { controls = true }: { controls?: boolean },
  ): Promise<Outcome> {
    await this.history.reached(await this.store.head());
    const waits = this.history
      .waiting({}, new Set([change.participant]))
      .some((one) => one.cause.event === change.event && one.for === change.period);
    const fact = controls ? this.history.fact(change.event) : undefined;
    const recordedBy = fact === undefined ? null : ((await this.store.readAt(fact.position))?.meta.actor ?? null);
    return this.executor.execute(
      reviewDecider,
      reviewId(change),
      { do: wanted, change, by: context.actor, waits, recordedBy },
      context,
    );
  }
}
