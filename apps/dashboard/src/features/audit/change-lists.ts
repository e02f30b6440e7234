import { listAdjustments, listImports, listPeriods, listPlans, listQuotas, listSignatures } from '@attain/client';
import { answerOf } from '../../api/client.js';

/** Who changed what; `value` is the new number, where the change has one. */
export interface Change {
  kind: Kind;
  at: string;
  by: string;
  of: string;
  value: string | null;
  reason: string | null;
}

export const kinds = ['quotas', 'plans', 'imports', 'periods', 'adjustments', 'signatures'] as const;
export type Kind = (typeof kinds)[number];

/** The latest of each list that a screen shows. */
const LATEST = 200;

/** Changes of one kind, or of all, the latest first, without values that were replaced since. */
export async function changesOf(kind: Kind | undefined): Promise<Change[]> {
  const lists = await Promise.all((kind === undefined ? kinds : [kind]).map((one) => latest[one]()));
  return lists
    .flat()
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .slice(0, LATEST);
}

const latest: Record<Kind, () => Promise<Change[]>> = {
  quotas: async () =>
    (await answerOf(listQuotas({ query: { sort: '-since', limit: LATEST } }))).rows.map((row) => ({
      kind: 'quotas',
      at: row.since,
      by: row.actor,
      of: `${row.for}, ${row.measure}, ${row.period}`,
      value: row.amount,
      reason: row.reason,
    })),
  plans: async () =>
    (await answerOf(listPlans({ query: { sort: '-published', limit: LATEST } }))).rows.map((row) => ({
      kind: 'plans',
      at: row.published,
      by: row.by,
      of: `${row.plan} ${row.version}`,
      value: null,
      reason: null,
    })),
  imports: async () =>
    (await answerOf(listImports({ query: { sort: '-started', limit: LATEST } }))).rows.map((row) => ({
      kind: 'imports',
      at: row.started,
      by: row.actor,
      of: `${row.source}: ${row.files.join(', ')}`,
      value: null,
      reason: null,
    })),
  periods: async () =>
    (await answerOf(listPeriods({ query: { limit: 1000 } }))).rows.flatMap(({ name, closed }) =>
      closed === null
        ? []
        : [{ kind: 'periods', at: closed.closed, by: closed.by, of: name, value: null, reason: null }],
    ),
  adjustments: async () =>
    (await answerOf(listAdjustments({ query: { sort: '-proposed', limit: LATEST } }))).rows.map((row) => ({
      kind: 'adjustments',
      at: row.decided ?? row.proposed,
      by: row.decidedBy ?? row.by,
      of: `${row.participant}, ${row.period}: ${row.state}`,
      value: row.amount,
      reason: row.rejection ?? row.reason,
    })),
  signatures: async () =>
    (await answerOf(listSignatures({ query: { sort: '-signed', limit: LATEST } }))).rows.map((row) => ({
      kind: 'signatures',
      at: row.signed,
      by: row.by,
      of: `${row.plan} ${row.version}, ${row.participant}`,
      value: null,
      reason: null,
    })),
};
