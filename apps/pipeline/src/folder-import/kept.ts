import type { HandedProblem, KeptRow } from '@attain/service';
import {
  type CompanyContents,
  type Place,
  shownPath,
  type Written,
  type WrittenDocument,
} from '../folder/company-contents.js';
import type { KeptRecord } from '../imports/entered-deals.js';

/** Records that somebody entered by hand and that differ from the folder. */
export interface KeptEntry {
  readonly part: string;
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly by: string;
  readonly since: string;
  readonly reason: string | null;
  readonly instead: unknown;
}

export function keptRows<T>(
  part: string,
  written: readonly Written<T>[],
  kept: readonly KeptRow[],
  start: Place,
): KeptEntry[] {
  return kept.map((one): KeptEntry => {
    const { file, line } = placeOf(written, one) ?? start;
    return {
      part,
      file,
      line,
      what: `${one.id} ${one.key}`,
      by: one.by,
      since: one.since,
      reason: one.reason,
      instead: one.instead,
    };
  });
}

/** The kept record of a document that was refused ENTERED_BY_HAND. */
export function keptDocument(
  written: WrittenDocument,
  { detail, about }: HandedProblem,
  part = 'documents',
): KeptEntry {
  const { by, since, reason } = about as unknown as { by: string; since: string; reason: string | null };
  return {
    part,
    file: written.file,
    line: written.locate([]).line,
    what: detail,
    by,
    since,
    reason,
    instead: written.file,
  };
}

/** The kept record of an export; if the export no longer has it, its place is the document of its source. */
export function keptRecord(
  part: string,
  { id, file: name, row, by, since, reason, instead }: KeptRecord,
  { sources }: Pick<CompanyContents, 'sources'>,
  shown = shownPath,
): KeptEntry {
  const source = sources.find((one) => `${one.as} of ${one.source}` === part)!;
  const path = source.files.find((one) => one.endsWith(`/${name}`));
  return {
    part,
    file: path === undefined ? source.document.file : shown(path),
    line: row ?? 1,
    what: id,
    by,
    since,
    reason,
    instead,
  };
}

/** The row of the kept record, or the first row of its stream; undefined if the folder no longer names it. */
function placeOf<T>(written: readonly Written<T>[], { at, key }: KeptRow): Place | undefined {
  const values = (row: Written<T>) => Object.values(row.value as Record<string, unknown>);
  const first = written[at];
  if (!first) return undefined;
  const of = new Set(values(first));
  return (written.find((row) => values(row).includes(key) && of.has(values(row)[0])) ?? first).at;
}
