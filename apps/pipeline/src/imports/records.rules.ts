import { compareBytes, Exact } from '@attain/values';
import type { AccountCommand } from '../accounts/account.decider.js';
import type { RelatedCommand, RelatedKind } from '../related/related.decider.js';
import type { DealCommand } from '../deals/deal.decider.js';
import type { Reversal, ReversalKind } from '../deals/reversals.rules.js';
import type { Line } from './lines.js';
import type { CellProblem } from './cells.rules.js';
import { isProblem, type MappedRow, type Mapping } from './mapping.rules.js';

/** The command of one record of a file, which may have several lines. */
export type Assembled = {
  readonly id: string;
  readonly command: DealCommand | AccountCommand | RelatedCommand;
  /** Of a record that is neither a deal nor an account. */ readonly of?: RelatedKind;
};
/** The error, and its lines. */
export interface LineProblem extends CellProblem {
  readonly line: Line;
}

/** Combines the lines of a record; `deals` is the source of the deals of splits and reversals. */
export function assembled(
  mappingOf: (line: Line) => Mapping,
  key: string,
  lines: readonly Line[],
  deals: string,
): Assembled | LineProblem {
  const mapping = mappingOf(lines[0]!);
  const rows: MappedRow[] = [];
  for (const line of lines) {
    const row = mappingOf(line).read(line.cells);
    if (isProblem(row)) return { ...row, line };
    rows.push(row);
  }
  switch (mapping.as) {
    case 'accounts': {
      const account = { source: mapping.source, id: key, fields: rows[0]!.fields };
      return { id: `${mapping.source}:${key}`, command: { do: 'record', account } };
    }
    case 'splits':
      return split(`${deals}:${key}`, lines, rows);
    case 'reversals':
      // An invoice has the same source as its reversal.
      if (mapping.keyed === 'invoice')
        return { ...reversals(mapping.source, `${mapping.source}:${key}`, rows), of: 'invoices' };
      return reversals(mapping.source, `${deals}:${key}`, rows);
    case 'items':
    case 'invoices':
    case 'payments':
    case 'activities':
      return relatedRecord(mapping.as, mapping.source, key, deals, rows[0]!);
    default: {
      const row = rows.length === 1 ? rows[0]! : summed(mapping, lines, rows);
      if (isProblem(row)) return row;
      const { fields, status } = row;
      return {
        id: `${mapping.source}:${key}`,
        command: { do: 'sync', deal: { source: mapping.source, id: key }, status, fields },
      };
    }
  }
}

function relatedRecord(
  of: RelatedKind,
  source: string,
  id: string,
  deals: string,
  { fields: read }: MappedRow,
): Assembled {
  const { deal, invoice, ...fields } = read;
  const record = {
    source,
    id,
    fields,
    deal: deal === undefined ? null : { source: deals, id: deal },
    invoice: invoice === undefined ? null : { source, id: invoice },
  };
  return { id: `${source}:${id}`, of, command: { do: 'record', record } };
}

/** Lines of one deal as one: numbers are summed, everything else must agree. */
function summed(mapping: Mapping, lines: readonly Line[], rows: readonly MappedRow[]): MappedRow | LineProblem {
  const [first, ...others] = rows as [MappedRow, ...MappedRow[]];
  const fields = { ...first.fields };
  for (const [index, row] of others.entries()) {
    const line = lines[index + 1]!;
    if (row.status !== first.status) return disagreement('status', first.status, row.status, lines[0]!, line);
    for (const field of new Set([...Object.keys(fields), ...Object.keys(row.fields)])) {
      const [sum, value] = [fields[field], row.fields[field]];
      if (mapping.kindOf(field) === 'number') {
        if (value !== undefined)
          fields[field] = sum === undefined ? value : Exact.parse(sum).plus(Exact.parse(value)).toString();
      } else if (sum !== value) return disagreement(field, sum ?? '', value ?? '', lines[0]!, line);
    }
  }
  return { fields, status: first.status };
}

function disagreement(field: string, expected: string, found: string, first: Line, line: Line): LineProblem {
  return { field, expected: `${JSON.stringify(expected)}, as in row ${first.row} of the same deal`, found, line };
}

function split(id: string, lines: readonly Line[], rows: readonly MappedRow[]): Assembled | LineProblem {
  const shares: Record<'revenue' | 'overlay', Record<string, string>> = { revenue: {}, overlay: {} };
  for (const [index, { fields }] of rows.entries()) {
    const kind = fields['kind'] === 'overlay' ? 'overlay' : 'revenue';
    const participant = fields['participant']!;
    if (shares[kind][participant] !== undefined) {
      return {
        field: 'participant',
        expected: `one ${kind} share of the deal for each participant`,
        found: participant,
        line: lines[index]!,
      };
    }
    shares[kind][participant] = fields['share']!;
  }
  return { id, command: { do: 'split', ...shares } };
}

/**
 * Reversals apply in the order of their dates, independent of the order of rows; on one date, whole reversals come last.
 * The id of a reversal without one consists of its kind, its date and its number among equal ones.
 */
function reversals(
  source: string,
  id: string,
  rows: readonly MappedRow[],
): { id: string; command: Extract<DealCommand, { do: 'syncReversals' }> } {
  const all: Record<string, Reversal> = {};
  const reversals = rows.map(({ fields }) => ({
    id: fields['id'],
    kind: fields['kind'] as ReversalKind,
    date: fields['date']!,
    amount: fields['amount'] ?? null,
  }));
  for (const { id: given, ...reversal } of reversals.sort(byDate)) {
    const own = `${source}:${given ?? `${reversal.kind}~${reversal.date}`}`;
    let name = own;
    for (let n = 2; name in all; n += 1) name = `${own}~${n}`;
    all[name] = reversal;
  }
  return { id, command: { do: 'syncReversals', of: source, reversals: all } };
}

type ReadReversal = Reversal & { readonly id: string | undefined };

function byDate(a: ReadReversal, b: ReadReversal): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  if ((a.amount === null) !== (b.amount === null)) return a.amount === null ? 1 : -1;
  return (
    compareBytes(a.kind, b.kind) || compareBytes(a.id ?? '', b.id ?? '') || compareBytes(a.amount ?? '', b.amount ?? '')
  );
}
