import type { SourceDocument } from '@attain/contracts';
import { importFile, readLines } from './lines.js';

/** The first row of each record in a file, with the header as row 1; missing records are left out. */
export async function rowsOfRecords(
  path: string,
  document: SourceDocument,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const { columns, group } = document;
  const id = columns['id'];
  const named = id === undefined ? [] : typeof id === 'string' ? [id] : Array.isArray(id) ? id : id.from;
  const names = named.length > 0 ? named : group === undefined ? [] : [group];
  const rows = new Map<string, number>();
  let at: number[] = [];
  await readLines(await importFile(path), document, {
    header: (header) => void (at = names.map((name) => header.indexOf(name))),
    line({ cells, row }) {
      const key = at.map((index) => cells[index]?.trim() ?? '').join('-');
      if (ids.has(key) && !rows.has(key)) rows.set(key, row);
    },
    bad: () => undefined,
    chunk: () => undefined,
  });
  return rows;
}
