import { BearingQueries } from '../related/bearing.queries.js';
import { type As, fieldsOf, isRelated } from '../imports/fields.rules.js';
import { dealSourceOf, type Known, LookupQueries } from '../imports/lookup.queries.js';
import { BadMapping, type Mapping, mapping } from '../imports/mapping.rules.js';
import type { RelatedKind } from '../related/related.decider.js';
import type { QuarantineDocument } from './quarantine.projection.js';
import { WHOLE_LINE } from './whole-line.js';
import { Inject, Injectable } from '@nestjs/common';

/** Fields that name the people whose pay depends on a row, or their group. */
const NAMING = ['owner', 'participant', 'for', 'manager'] as const;

/** The people whose pay depends on a waiting row. */
@Injectable()
export class RowBearingQueries {
  constructor(
    @Inject(LookupQueries) private readonly lookups: LookupQueries,
    @Inject(BearingQueries) private readonly bearing: BearingQueries,
  ) {}

  /** The people in the readable cells, and the people of the record of the row; null if unknown. */
  async of(row: QuarantineDocument): Promise<string[] | null> {
    const header = Object.keys(row.raw);
    if (header.length === 1 && header[0] === WHOLE_LINE) return null;
    const known = await this.lookups.known();
    const read = mappingFor(row, header, known);
    if (read === undefined) return null;
    const cells = header.map((name) => row.raw[name]!);
    const [fields, key] = [read.readable(cells), read.key(cells)];
    const named = NAMING.flatMap((field) => fields[field] ?? []);
    const people = [
      ...named,
      ...named.flatMap((name) => membersOf(known, name)),
      ...(row.as === 'people' && key !== undefined ? [key] : []),
    ];
    return [...people, ...(await this.ofRecord(row, read, fields, key, known))];
  }

  private async ofRecord(
    { as, source }: QuarantineDocument,
    { keyed, dealOf }: Mapping,
    fields: Readonly<Record<string, string>>,
    key: string | undefined,
    known: Known,
  ): Promise<string[]> {
    const deals = dealOf ?? dealSourceOf(known, source);
    const refs = {
      deal: fields['deal'] ?? (keyed === 'deal' ? key : undefined),
      invoice: fields['invoice'] ?? (keyed === 'invoice' ? key : undefined),
    };
    return [
      ...(as === 'deals' && key !== undefined ? await this.bearing.ofDeal({ source, id: key }) : []),
      ...(isRelated(as as As) && key !== undefined
        ? await this.bearing.ofRelated(as as RelatedKind, `${source}:${key}`)
        : []),
      ...(refs.deal === undefined ? [] : await this.bearing.ofDeal({ source: deals, id: refs.deal })),
      ...(refs.invoice === undefined ? [] : await this.bearing.ofRelated('invoices', `${source}:${refs.invoice}`)),
    ];
  }
}

/** The present mapping of the source, if it still reads a row of this layout. */
function mappingFor(row: QuarantineDocument, header: readonly string[], known: Known): Mapping | undefined {
  const document = [...known.sources.values()].find((one) => one.source === row.source && one.as === row.as);
  if (!document) return undefined;
  const as = row.as as As;
  try {
    return mapping(document, as, header, fieldsOf(as, known.company), known.lookups);
  } catch (error) {
    if (error instanceof BadMapping) return undefined;
    throw error;
  }
}

/** The people of a team or a region, whose quota is theirs too. */
function membersOf({ lookups }: Known, name: string): readonly string[] {
  return ['team', 'region'].flatMap((column) => lookups.people(column)?.get(name) ?? []);
}
