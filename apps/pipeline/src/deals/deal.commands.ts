import type { Context, Executor, Outcome } from '@attain/eventsourcing';
import { EXECUTOR } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { type DealCommand, dealDecider, type DealRef, type DealStatus } from './deal.decider.js';
import type { FieldChanges } from './deal-fields.rules.js';
import type { ReversalKind } from './reversals.rules.js';
import type { Shares } from './splits.rules.js';
import { namingUnknown } from './unknown-record.js';

/** Every command of deals; each is refused with a code of its own (DEAL_UNKNOWN, DEAL_EXISTS, INVALID_FIELD, CLOSED_MISSING, …). */
@Injectable()
export class DealCommands {
  constructor(@Inject(EXECUTOR) private readonly executor: Executor) {}

  open(deal: DealRef, fields: FieldChanges, context: Context): Promise<Outcome> {
    return this.execute(deal, { do: 'open', deal, fields }, context);
  }

  /** Records any fields as their events: moved, re-priced, re-dated, reassigned, amended; null clears. */
  change(deal: DealRef, fields: FieldChanges, context: Context): Promise<Outcome> {
    return this.execute(deal, { do: 'change', fields }, context);
  }

  /** Opens it when it is new. */
  win(deal: DealRef, won: { closed: string; fields?: FieldChanges }, context: Context): Promise<Outcome> {
    return this.execute(
      deal,
      { do: 'win', deal, closed: won.closed, fields: won.fields ?? {} },
      { effective: won.closed, ...context },
    );
  }

  lose(deal: DealRef, lost: { closed?: string | null; fields?: FieldChanges }, context: Context): Promise<Outcome> {
    return this.execute(
      deal,
      { do: 'lose', deal, closed: lost.closed ?? null, fields: lost.fields ?? {} },
      { ...(lost.closed && { effective: lost.closed }), ...context },
    );
  }

  /** Retracts its reversals too, because they came after the win. */
  reopen(deal: DealRef, context: Context): Promise<Outcome> {
    return this.execute(deal, { do: 'reopen' }, context);
  }

  /** Refused SPLIT_TOTAL unless the revenue shares sum to exactly 1, or there are none. */
  split(deal: DealRef, split: { revenue: Shares; overlay: Shares }, context: Context): Promise<Outcome> {
    return this.execute(deal, { do: 'split', ...split }, context);
  }

  /** Refused NOT_WON, REVERSED_MORE_THAN_WHOLE; no amount takes all that is left. */
  reverse(
    deal: DealRef,
    reversal: { reversal?: string; kind: ReversalKind; date: string; amount?: string | null },
    context: Context,
  ): Promise<Outcome> {
    const { kind, date, amount = null } = reversal;
    return this.execute(
      deal,
      { do: 'reverse', reversal: reversal.reversal ?? null, kind, date, amount },
      { effective: date, ...context },
    );
  }

  retractReversal(deal: DealRef, reversal: string, context: Context): Promise<Outcome> {
    return this.execute(deal, { do: 'retractReversal', reversal }, context);
  }

  /** The source no longer has it. */
  retract(deal: DealRef, context: Context): Promise<Outcome> {
    return this.execute(deal, { do: 'retract' }, context);
  }

  /** The whole row as the source has it now: exactly the events that bring the deal there. */
  sync(deal: DealRef, row: { fields: FieldChanges; status: DealStatus }, context: Context): Promise<Outcome> {
    return this.execute(deal, { do: 'sync', deal, ...row }, context);
  }

  private execute(deal: DealRef, command: DealCommand, context: Context): Promise<Outcome> {
    return namingUnknown('deal', deal, this.executor.execute(dealDecider, keyOf(deal), command, context));
  }
}

export function keyOf({ source, id }: DealRef): string {
  return `${source}:${id}`;
}
