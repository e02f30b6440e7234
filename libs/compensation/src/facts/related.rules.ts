import { Exact } from '@attain/values';
import { amountOf, dealAt, type RecordFields, type RecordState, type Reversal, type SourceRecord } from './records.js';
import { takenParts } from './reversals.rules.js';
import type { RelatedFact } from './entries.js';
import { sees, type View } from './view.js';

const NONE: readonly never[] = [];
/**
 * The fields of an item, an invoice or a payment that never come from its deal, even if they are blank: a blank number
 * counts as 0.
 */
const OWN_FIELDS = ['amount', 'quantity', 'paid', 'date', 'time'] as const;

/** A record in a view; undefined if it is not known yet or no longer exists. */
export function recordAt(record: SourceRecord, view: View): RecordState | undefined {
  return record.of === 'deals' ? dealAt(record, view) : relatedState(record, view);
}

/**
 * An item, an invoice, a payment or an activity in a view. Its deal supplies the owner, splits and other fields that it
 * does not state. The reversals of an item are its deal's; an invoice has its own.
 */
function relatedState(record: SourceRecord, view: View): RecordState | undefined {
  const { of, refund } = record;
  if (refund !== null) return refundState(record, refund, view);
  let [own, turned, parent]: [RecordFields | undefined, number, string | null] = [undefined, 0, null];
  let reversals: readonly Reversal[] = NONE;
  for (const { at, fact } of record.entries) {
    if (!sees(view, at)) continue;
    switch (fact.type) {
      case 'ItemRecorded':
      case 'InvoiceRecorded':
      case 'PaymentRecorded':
      case 'ActivityRecorded':
        [own, turned, parent] = [fact.data.fields, at, parentOf(fact)];
        break;
      case 'ItemRetracted':
      case 'InvoiceRetracted':
      case 'PaymentRetracted':
      case 'ActivityRetracted':
        [own, reversals] = [undefined, NONE];
        break;
      case 'InvoiceReversed': {
        const { reversal: id, kind, date, amount } = fact.data;
        reversals = [
          ...reversals.filter((other) => other.id !== id),
          { id, kind, date, amount: amount === null ? null : Exact.parse(amount), at },
        ];
        break;
      }
      case 'InvoiceReversalRetracted': {
        const { reversal } = fact.data;
        reversals = reversals.filter(({ id }) => id !== reversal);
        break;
      }
    }
  }
  if (own === undefined) return undefined;
  const above = parent === null ? undefined : stateOfParent(record, parent, view);
  // An item needs its deal; an invoice may exist without one.
  if (of === 'items' && above === undefined) return undefined;
  return related(record, own, above, turned, of === 'items' ? (above?.reversals ?? NONE) : reversals);
}

function related(
  record: SourceRecord,
  own: RecordFields,
  above: RecordState | undefined,
  turned: number,
  reversals: readonly Reversal[],
): RecordState {
  const isItem = record.of === 'items';
  const mine = own['owner'] ? NONE : (above?.revenue ?? NONE);
  return {
    record,
    status: isItem ? above!.status : 'won',
    fields: { ...withoutOwn(above?.fields), ...own },
    own,
    revenue: mine,
    overlay: own['owner'] ? NONE : (above?.overlay ?? NONE),
    reversals,
    turned: isItem ? above!.turned : turned,
    parent: above?.record ?? null,
    deal: above === undefined ? null : above.record.of === 'deals' ? above : (above.deal ?? null),
  };
}

function stateOfParent({ parents }: SourceRecord, stream: string, view: View): RecordState | undefined {
  const parent = parents.get(stream);
  return parent === undefined ? undefined : recordAt(parent, view);
}

function withoutOwn(fields: RecordFields | undefined): RecordFields {
  if (fields === undefined) return {};
  const others: Record<string, string> = { ...fields };
  for (const name of OWN_FIELDS) delete others[name];
  return others;
}

/** A refund takes the amount that it names, or all that was left before it. */
function refundState(record: SourceRecord, refund: string, view: View): RecordState | undefined {
  const [parent] = record.parents.values();
  const above = parent === undefined ? undefined : recordAt(parent, view);
  if (above === undefined) return undefined;
  const taken = takenParts(above, view).find(({ reversal: { id } }) => id === refund);
  if (taken === undefined) return undefined;
  const { reversal, part } = taken;
  const own: RecordFields = {
    amount: amountOf(above.fields).times(part).negated().toString(),
    paid: reversal.date,
    date: reversal.date,
  };
  return related(record, own, above, reversal.at, NONE);
}

const KINDS = {
  ItemRecorded: 'items',
  InvoiceRecorded: 'invoices',
  PaymentRecorded: 'payments',
  ActivityRecorded: 'activities',
} as const;

type Recording = Extract<RelatedFact, { type: keyof typeof KINDS }>;

export function isRecording(fact: RelatedFact): fact is Recording {
  return fact.type in KINDS;
}

export function kindOf({ type }: Recording): (typeof KINDS)[keyof typeof KINDS] {
  return KINDS[type];
}

/** The stream of the parent that a fact names. */
export function parentOf({ type, data }: Recording): string | null {
  if (type === 'PaymentRecorded' && data.invoice !== null) return `invoice-${data.invoice.source}:${data.invoice.id}`;
  return data.deal === null ? null : `deal-${data.deal.source}:${data.deal.id}`;
}
