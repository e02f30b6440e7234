import { leaveRow, personRow, quotaRow } from '@attain/contracts';
import { Malformed } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import type { As } from './fields.rules.js';
import { compiled } from './import-run.js';
import { importFile, readLines } from './lines.js';
import { documentFor, LookupQueries } from './lookups.queries.js';
import { isProblem, type Mapping } from './mapping.rules.js';
import { isTaken } from './rows-import.js';

/** An export through its mapping, with nothing recorded: rows by their number with the header as row 1. */
export interface ReadRows {
  readonly source: string;
  readonly as: As;
  readonly rows: readonly { readonly row: number; readonly fields: Readonly<Record<string, string>> }[];
  readonly unreadable: readonly { readonly row: number; readonly field: string | null; readonly expected: string; readonly found: string | null }[];
}
/** Rows in one answer. */
const MOST = 100_000;

/**
 * What an export of people, quotas or leaves says, in the columns of people.csv and quotas.csv, or the fields of a leave. Where planning is another process, whoever
 * brings the export in hands the rows on to it.
 */
@Injectable()
export class RowReading {
  constructor(@Inject(LookupQueries) private readonly lookups: LookupQueries) {}

  async read(path: string, source: string, asked: As | undefined): Promise<ReadRows> {
    const known = await this.lookups.known();
    const { document, as } = documentFor(known, source, asked);
    if (!isTaken(as)) throw new Malformed([{ field: 'as', message: `expected people, quotas or leaves, found ${as}: import its exports instead` }]);
    const schema = { people: personRow, quotas: quotaRow, leaves: leaveRow }[as];
    const file = await importFile(path);
    const rows: ReadRows['rows'][number][] = [];
    const unreadable: ReadRows['unreadable'][number][] = [];
    let mapping: Mapping;
    await readLines(file, document, {
      header: (header) => (mapping = compiled(document, as, header, known, file.name)),
      line({ row, cells }) {
        if (rows.length + unreadable.length >= MOST) throw new Malformed([{ field: 'file', message: `expected at most ${MOST} rows of ${as}` }]);
        const read = mapping.read(cells);
        if (isProblem(read)) unreadable.push({ row, field: read.field, expected: read.expected, found: read.found });
        else {
          const checked = schema.safeParse(read.fields);
          if (checked.success) rows.push({ row, fields: read.fields });
          else unreadable.push(...checked.error.issues.slice(0, 1).map(({ path, message }) => ({ row, field: path.join('.') || null, expected: message, found: null })));
        }
      },
      bad: ({ row, expected, found }) => unreadable.push({ row, field: null, expected, found }),
      chunk: () => undefined,
    });
    return { source: document.source, as, rows, unreadable };
  }
}
