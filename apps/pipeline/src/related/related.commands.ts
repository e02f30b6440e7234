import type { Context, Executor, Outcome } from '@attain/eventsourcing';
import { EXECUTOR } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { keyOf } from '../deals/deal.commands.js';
import type { DealRef } from '../deals/deal.decider.js';
import type { ReversalKind } from '../deals/reversals.rules.js';
import { namingUnknown } from '../deals/unknown-record.js';
import { BearingQueries } from './bearing.queries.js';
import { type RelatedCommand, relatedDecider, type RelatedKind, type RelatedRecord } from './related.decider.js';

/** Every command of items, invoices, payments and activities; each is refused with a code of its own (INVALID_FIELD, INVOICE_UNKNOWN, OWN_PAY, …). */
@Injectable()
export class RelatedCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(BearingQueries) private readonly bearing: BearingQueries,
  ) {}

  /** The whole record as its source has it now. */
  record(kind: RelatedKind, record: RelatedRecord, context: Context): Promise<Outcome> {
    const date = record.fields[kind === 'payments' ? 'paid' : 'date'];
    return this.execute(
      kind,
      record,
      { do: 'record', record },
      { ...(date !== undefined && { effective: date }), ...context },
    );
  }

  /** The source no longer has the record. */
  retract(kind: RelatedKind, record: DealRef, context: Context): Promise<Outcome> {
    return this.execute(kind, record, { do: 'retract', record }, context);
  }

  /** Takes back an invoice, or a part of it. Refused INVOICE_UNKNOWN, REVERSED_MORE_THAN_WHOLE; no amount takes all that is left. */
  reverse(
    invoice: DealRef,
    reversal: { reversal?: string; kind: ReversalKind; date: string; amount?: string | null },
    context: Context,
  ): Promise<Outcome> {
    const { kind, date, amount = null } = reversal;
    return this.execute(
      'invoices',
      invoice,
      { do: 'reverse', reversal: reversal.reversal ?? null, kind, date, amount },
      { effective: date, ...context },
    );
  }

  retractReversal(invoice: DealRef, reversal: string, context: Context): Promise<Outcome> {
    return this.execute('invoices', invoice, { do: 'retractReversal', reversal }, context);
  }

  private async execute(kind: RelatedKind, ref: DealRef, command: RelatedCommand, context: Context): Promise<Outcome> {
    const bearing = await this.bearing.ofCommands(kind, [{ id: keyOf(ref), command }], context);
    return namingUnknown(
      'invoice',
      ref,
      this.executor.execute(relatedDecider(kind, bearing), keyOf(ref), command, context),
    );
  }
}
