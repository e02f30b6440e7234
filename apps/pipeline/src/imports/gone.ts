import { decodeEvent } from '@attain/contracts';
import type { EventStore, StoredEvent } from '@attain/eventsourcing';
import type { Batch } from './batch.js';
import { relatedKinds } from '../related/related.decider.js';
import { type As, isRelated } from './fields.rules.js';
import type { Assembled } from './records.rules.js';

const PART = 2000;

/**
 * Retracts the records that a complete export no longer has. It reads the log, because a read model may lag, and keeps only
 * missing records in memory.
 */
export async function retractGone(
  store: EventStore,
  has: (key: string) => boolean,
  batch: Batch,
  deals: string,
  ofInvoices: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const { as, source } = batch.plan;
  const category = isRelated(as) ? relatedKinds[as] : as === 'accounts' ? 'account' : ofInvoices ? 'invoice' : 'deal';
  const prefix = `${category}-${as === 'splits' || (as === 'reversals' && !ofInvoices) ? deals : source}:`;
  const gone = new Map<string, Set<string>>();
  const known = (stream: string) => stream.startsWith(prefix) && has(stream.slice(prefix.length));
  for await (const page of store.readAll({ categories: [category], without: known })) {
    signal?.throwIfAborted();
    for (const event of page) {
      if (!event.stream.startsWith(prefix)) continue;
      const id = event.stream.slice(prefix.length);
      if (has(id)) continue;
      const left = after(as, source, gone.get(id), event);
      if (left && left.size > 0) gone.set(id, left);
      else gone.delete(id);
    }
  }
  const records = [...gone.keys()].map((id): Assembled => ({
    id: `${prefix.slice(category.length + 1)}${id}`,
    ...(isRelated(as) ? { of: as } : ofInvoices ? { of: 'invoices' as const } : {}),
    command: withdrawal(as, source, prefix.slice(category.length + 1, -1), id),
  }));
  for (let from = 0; from < records.length; from += PART) await batch.retract(records.slice(from, from + PART));
}

const SOMETHING: ReadonlySet<string> = new Set(['']);

/** The retractable parts after an event, as marks; empty if nothing is left to retract. */
function after(
  as: As,
  source: string,
  before: ReadonlySet<string> | undefined,
  stored: StoredEvent,
): Set<string> | undefined {
  const event = decodeEvent(stored.type, stored.version, stored.data);
  switch (event.type) {
    case 'DealOpened':
      return new Set(as === 'deals' ? SOMETHING : []);
    case 'InvoiceRecorded':
      return as === 'invoices' ? new Set(SOMETHING) : new Set(before);
    case 'AccountRecorded':
    case 'ItemRecorded':
    case 'PaymentRecorded':
    case 'ActivityRecorded':
      return new Set(SOMETHING);
    case 'DealRetracted':
    case 'AccountRetracted':
    case 'ItemRetracted':
    case 'InvoiceRetracted':
    case 'PaymentRetracted':
    case 'ActivityRetracted':
      return undefined;
    case 'DealSplit':
      if (as !== 'splits') break;
      return new Set(Object.keys({ ...event.data.revenue, ...event.data.overlay }));
    case 'DealReversed':
    case 'InvoiceReversed':
      if (as !== 'reversals' || !event.data.reversal.startsWith(`${source}:`)) break;
      return new Set(before).add(event.data.reversal);
    case 'DealReversalRetracted':
    case 'InvoiceReversalRetracted': {
      if (as !== 'reversals') break;
      const left = new Set(before);
      left.delete(event.data.reversal);
      return left;
    }
  }
  return before && new Set(before);
}

function withdrawal(as: As, source: string, of: string, id: string): Assembled['command'] {
  if (isRelated(as)) return { do: 'retract', record: { source: of, id } };
  switch (as) {
    case 'accounts':
      return { do: 'retract', account: { source: of, id } };
    case 'splits':
      return { do: 'split', revenue: {}, overlay: {} };
    case 'reversals':
      return { do: 'syncReversals', of: source, reversals: {} };
    default:
      return { do: 'retract' };
  }
}
