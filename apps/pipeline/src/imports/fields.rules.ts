import { type CompanyDocument, importKinds } from '@attain/contracts';
import type { RelatedKind } from '../related/related.decider.js';

/** Everything that a source can import. */
export const importable = importKinds;
export type As = (typeof importable)[number];

/** How a cell is read. */
export type CellKind =
  | 'text'
  | 'number'
  | 'rate'
  | 'date'
  | 'currency'
  | 'share'
  | 'reversal kind'
  | 'split kind'
  | 'amount or none'
  | 'yes/no';

export interface FieldSet {
  readonly fields: Readonly<Record<string, CellKind>>;
  readonly required: readonly string[];
  /** Other fields are texts of the record's own. */
  readonly open: boolean;
}

const deal: Readonly<Record<string, CellKind>> = {
  id: 'text',
  name: 'text',
  account: 'text',
  product: 'text',
  stage: 'text',
  amount: 'number',
  currency: 'currency',
  quantity: 'number',
  owner: 'text',
  opened: 'date',
  closed: 'date',
  type: 'text',
  region: 'text',
  territory: 'text',
  time: 'text',
};

/** A record of a deal has the fields of the deal too; absent ones are those of its deal. */
const { stage: _, closed: __, opened: ___, ...shared } = deal;
const beside: Readonly<
  Record<RelatedKind, { fields: Readonly<Record<string, CellKind>>; required: readonly string[] }>
> = {
  items: { fields: { deal: 'text' }, required: ['id', 'deal'] },
  invoices: { fields: { deal: 'text', date: 'date', due: 'date' }, required: ['id', 'date'] },
  payments: { fields: { deal: 'text', invoice: 'text', paid: 'date' }, required: ['id', 'paid'] },
  activities: { fields: { deal: 'text', date: 'date' }, required: ['id', 'date'] },
};

const fixed: Readonly<Record<Exclude<As, 'deals' | RelatedKind>, FieldSet>> = {
  accounts: { fields: { id: 'text' }, required: ['id'], open: true },
  people: {
    fields: {
      id: 'text',
      name: 'text',
      role: 'text',
      manager: 'text',
      team: 'text',
      region: 'text',
      currency: 'currency',
      from: 'date',
      to: 'date',
    },
    required: ['id'],
    open: true,
  },
  quotas: {
    fields: {
      for: 'text',
      measure: 'text',
      period: 'text',
      amount: 'amount or none',
      target: 'number',
      credit: 'text',
      currency: 'currency',
      reason: 'text',
    },
    required: ['for', 'measure', 'period', 'amount'],
    open: false,
  },
  splits: {
    fields: { deal: 'text', participant: 'text', share: 'share', kind: 'split kind' },
    required: ['deal', 'participant', 'share'],
    open: false,
  },
  reversals: {
    fields: { id: 'text', deal: 'text', invoice: 'text', date: 'date', kind: 'reversal kind', amount: 'number' },
    required: ['date', 'kind'],
    open: false,
  },
  scores: {
    fields: { participant: 'text', period: 'text', objective: 'text', score: 'share' },
    required: ['participant', 'period', 'objective', 'score'],
    open: false,
  },
  leaves: { fields: { participant: 'text', from: 'date', to: 'date' }, required: ['participant', 'from'], open: false },
};

export function isRelated(as: As): as is RelatedKind {
  return as in beside;
}

/** The fields that a record of a kind has; a deal's own ones are those that the company names. */
export function fieldsOf(as: As, company: CompanyDocument | undefined): FieldSet {
  if (as !== 'deals' && !(as in beside)) return fixed[as as keyof typeof fixed];
  const own = Object.entries(company?.fields ?? {}).map(([field, type]): [string, CellKind] => {
    if (type === 'date' || type === 'yes/no') return [field, type];
    return [field, type === 'text' || type === 'rate' ? type : 'number'];
  });
  if (as === 'deals') return { fields: { ...Object.fromEntries(own), ...deal }, required: ['id'], open: false };
  const { fields, required } = beside[as as RelatedKind];
  return { fields: { ...Object.fromEntries(own), ...shared, ...fields }, required, open: false };
}
