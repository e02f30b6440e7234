import type { RelatedEvent } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { sameFields } from '../accounts/account.decider.js';
import type { DealRef } from '../deals/deal.decider.js';
import { checkReversals, type Reversal } from '../deals/reversals.rules.js';
import { checkRelatedFields, type RelatedKind } from './related-fields.rules.js';

export type { RelatedKind };

/** The category of the streams of each kind. */
export const relatedKinds = {
  items: 'item',
  invoices: 'invoice',
  payments: 'payment',
  activities: 'activity',
} as const satisfies Record<RelatedKind, string>;

/** A whole record as its source has it now. */
export interface RelatedRecord extends DealRef {
  readonly deal: DealRef | null;
  /** Of a payment. */
  readonly invoice?: DealRef | null;
  readonly fields: Readonly<Record<string, string>>;
}
export interface RelatedState {
  readonly record: RelatedRecord;
  readonly reversals: Readonly<Record<string, Reversal>>;
}
export type RelatedCommand =
  | { readonly do: 'record'; readonly record: RelatedRecord }
  | { readonly do: 'retract'; readonly record: DealRef }
  | ({ readonly do: 'reverse'; readonly reversal: string | null } & Reversal)
  | { readonly do: 'retractReversal'; readonly reversal: string }
  /** All reversals that one source knows of this invoice; their ids begin with `<of>:`. */
  | { readonly do: 'syncReversals'; readonly of: string; readonly reversals: Readonly<Record<string, Reversal>> };

type State = RelatedState | null;

/** By the id of a record, the people whose pay depends on it through its deal or its invoice, which have streams of their own. */
export type Bearing = ReadonlyMap<string, readonly string[]>;

/** Decides about the records of one kind; only invoices have reversals of their own. */
export function relatedDecider(
  kind: RelatedKind,
  bearing: Bearing = new Map(),
): Decider<State, RelatedCommand, RelatedEvent> {
  const concerned = ({ id, before, after }: { id: string; before: State; after: State }) => [
    ...owners([before, after]),
    ...(bearing.get(id) ?? []),
  ];
  return {
    category: relatedKinds[kind],
    initial: null,
    decide: (command, state) => decide(kind, command, state),
    evolve,
    concerned,
  };
}

export const relatedDeciders = {
  items: relatedDecider('items'),
  invoices: relatedDecider('invoices'),
  payments: relatedDecider('payments'),
  activities: relatedDecider('activities'),
} as const;

function decide(kind: RelatedKind, command: RelatedCommand, state: State): readonly RelatedEvent[] {
  switch (command.do) {
    case 'record':
      return recorded(kind, command.record, state);
    case 'retract':
      return state === null ? [] : [retracted(kind, state.record)];
    default:
      if (kind !== 'invoices')
        throw new Refused(
          'NOT_REVERSIBLE',
          `A ${relatedKinds[kind]} has no reversals of its own: reverse its deal, or retract the ${relatedKinds[kind]}`,
        );
      if (state === null) throw new Refused('INVOICE_UNKNOWN', 'The invoice does not exist');
      return reversed(command, state);
  }
}

function recorded(kind: RelatedKind, record: RelatedRecord, state: State): readonly RelatedEvent[] {
  const { source, id, deal, invoice = null } = record;
  if (source.includes(':'))
    throw new Refused('INVALID_FIELD', 'source: expected a name without a colon', { field: 'source' });
  const fields = Object.fromEntries(Object.entries(record.fields).filter(([, value]) => value !== ''));
  checkRelatedFields(kind, fields);
  if (kind === 'items' && deal === null)
    throw new Refused('INVALID_FIELD', 'deal: expected the deal of the item', { field: 'deal' });
  if (
    state !== null &&
    sameFields(state.record.fields, fields) &&
    sameRef(state.record.deal, deal) &&
    sameRef(state.record.invoice ?? null, invoice)
  )
    return [];
  const data = { source, id, deal, fields };
  const event: RelatedEvent =
    kind === 'items'
      ? { type: 'ItemRecorded', data }
      : kind === 'invoices'
        ? { type: 'InvoiceRecorded', data }
        : kind === 'payments'
          ? { type: 'PaymentRecorded', data: { ...data, invoice } }
          : { type: 'ActivityRecorded', data };
  if (state !== null && Object.keys(state.reversals).length > 0)
    checkReversals({ status: 'won', fields }, state.reversals);
  return [event];
}

function retracted(kind: RelatedKind, { source, id }: DealRef): RelatedEvent {
  const types = {
    items: 'ItemRetracted',
    invoices: 'InvoiceRetracted',
    payments: 'PaymentRetracted',
    activities: 'ActivityRetracted',
  } as const;
  return { type: types[kind], data: { source, id } };
}

function reversed(
  command: Exclude<RelatedCommand, { do: 'record' | 'retract' }>,
  { record, reversals }: RelatedState,
): readonly RelatedEvent[] {
  const whole = { status: 'won', fields: record.fields } as const;
  switch (command.do) {
    case 'reverse': {
      const { kind, date, amount } = command;
      const reversal = command.reversal ?? String(Object.keys(reversals).length + 1);
      const known = reversals[reversal];
      if (known !== undefined) {
        if (isSame(known, command)) return [];
        throw new Refused('REVERSAL_EXISTS', `The reversal ${reversal} exists already with other terms`);
      }
      checkReversals(whole, { ...reversals, [reversal]: { kind, date, amount } });
      return [{ type: 'InvoiceReversed', data: { reversal, kind, date, amount } }];
    }
    case 'retractReversal':
      return command.reversal in reversals
        ? [{ type: 'InvoiceReversalRetracted', data: { reversal: command.reversal } }]
        : [];
    case 'syncReversals': {
      const next: Record<string, Reversal> = {};
      const events: RelatedEvent[] = [];
      for (const [reversal, known] of Object.entries(reversals)) {
        const now = command.reversals[reversal];
        if (reversal.startsWith(`${command.of}:`) && (now === undefined || !isSame(known, now)))
          events.push({ type: 'InvoiceReversalRetracted', data: { reversal } });
        else next[reversal] = known;
      }
      for (const [reversal, details] of Object.entries(command.reversals)) {
        if (reversal in next) continue;
        next[reversal] = details;
        events.push({ type: 'InvoiceReversed', data: { reversal, ...details } });
      }
      if (events.length > 0 && Object.keys(next).length > 0) checkReversals(whole, next);
      return events;
    }
  }
}

function isSame(a: Reversal, b: Reversal): boolean {
  return a.kind === b.kind && a.date === b.date && a.amount === b.amount;
}

function sameRef(a: DealRef | null, b: DealRef | null): boolean {
  return a === b || (a !== null && b !== null && a.source === b.source && a.id === b.id);
}

function evolve(state: State, event: RelatedEvent): State {
  switch (event.type) {
    case 'ItemRecorded':
    case 'InvoiceRecorded':
    case 'ActivityRecorded':
    case 'PaymentRecorded':
      return { record: event.data, reversals: state?.reversals ?? {} };
    case 'ItemRetracted':
    case 'InvoiceRetracted':
    case 'PaymentRetracted':
    case 'ActivityRetracted':
      return null;
    case 'InvoiceReversed': {
      const { reversal, ...details } = event.data;
      return state && { ...state, reversals: { ...state.reversals, [reversal]: details } };
    }
    case 'InvoiceReversalRetracted': {
      if (state === null) return null;
      const { [event.data.reversal]: _, ...others } = state.reversals;
      return { ...state, reversals: others };
    }
  }
}

function owners(states: readonly State[]): string[] {
  return states.flatMap((state) => state?.record.fields['owner'] ?? []);
}
