import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  compareWarnings,
  type DocumentWarning,
  type SourceDocument,
  sourceSchema,
  type Warning,
  type WarningAbout,
} from '@attain/contracts';
import { type CompanyContents, type Place, rowsOfRecords, shownPath, type WrittenDocument } from '@attain/pipeline';
import { unreadFiles } from './unread.rules.js';

const DEEPEST = 3;

/** Files of a company folder that nothing reads. */
export async function unreadIn(folder: string, read: readonly string[]): Promise<DocumentWarning[]> {
  const paths = await filesBelow(folder, '', DEEPEST);
  return unreadFiles(paths, new Set(read)).map(({ path, message }) =>
    at({ file: join(shownPath(folder), path), line: 1, column: 1 }, 'FILE_NOT_READ', message, null),
  );
}

/** Without hidden files and those of other tools. */
async function filesBelow(folder: string, under: string, deep: number): Promise<string[]> {
  const entries = await readdir(join(folder, under), { withFileTypes: true });
  const paths: string[] = [];
  for (const { name, ...entry } of entries.map((one) => ({
    name: one.name,
    isFile: one.isFile(),
    isFolder: one.isDirectory(),
  }))) {
    if (name.startsWith('.') || name === 'node_modules') continue;
    const path = under === '' ? name : `${under}/${name}`;
    if (entry.isFile) paths.push(path);
    else if (entry.isFolder && deep > 0) paths.push(...(await filesBelow(folder, path, deep - 1)));
  }
  return paths;
}

/** Warnings about facts at their places in the files, the gravest first, then by place. */
export async function placed(contents: CompanyContents, warnings: readonly Warning[]): Promise<DocumentWarning[]> {
  const records = await placesOfRecords(contents, warnings);
  return inGravity(
    warnings.map(({ code, message, about }) => at(placeOf(about, contents, records), code, message, about)),
  );
}

export function inGravity(warnings: readonly DocumentWarning[]): DocumentWarning[] {
  return [...warnings].sort(
    (a, b) =>
      compareWarnings(a, b) || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column),
  );
}

function at(place: Place, code: string, message: string, about: WarningAbout | null): DocumentWarning {
  return { ...place, path: [], code, severity: 'warning', message, about };
}

function placeOf(about: WarningAbout, contents: CompanyContents, records: ReadonlyMap<string, Place>): Place {
  const { company, people, quotas, rates, plans, sources } = contents;
  const beginning = inside(company, []);
  switch (about.kind) {
    case 'plan': {
      const plan = plans.find(({ value }) => value.plan === about.plan && String(value.version) === about.version);
      return plan ? inside(plan, about.path) : beginning;
    }
    case 'person': {
      const rows = people.filter(({ value }) => value.id === about.person);
      return (rows.find(({ value }) => (value.from ?? null) === about.from) ?? rows.at(-1))?.at ?? beginning;
    }
    case 'quota':
      return (
        quotas.find(
          ({ value }) => value.for === about.for && value.measure === about.measure && value.period === about.period,
        )?.at ?? beginning
      );
    case 'rate':
      return (
        rates.find(({ value }) => value.from === about.from && value.to === about.to && value.date === about.date)
          ?.at ?? beginning
      );
    case 'record':
      return records.get(`${about.source}:${about.id}`) ?? beginning;
    case 'source':
    case 'row': {
      const source = sources.find((one) => one.source === about.source && one.as === about.as);
      if (source === undefined) return beginning;
      if (about.kind === 'source') return inside(source.document, about.path);
      const file = source.files.find((path) => basename(path) === about.file);
      return file === undefined
        ? inside(source.document, ['files'])
        : { file: shownPath(file), line: about.row, column: 1 };
    }
  }
}

function inside(document: WrittenDocument, path: readonly (string | number)[]): Place {
  return { file: document.file, ...document.locate(path) };
}

/** The places of deals in the exports; the exports are read again, because only few places are needed. */
async function placesOfRecords(
  { sources }: CompanyContents,
  warnings: readonly Warning[],
): Promise<Map<string, Place>> {
  const wanted = new Map<string, Set<string>>();
  for (const { about } of warnings)
    if (about.kind === 'record') wanted.set(about.source, (wanted.get(about.source) ?? new Set()).add(about.id));
  const places = new Map<string, Place>();
  for (const { source, as, files, document } of sources) {
    const ids = wanted.get(source);
    if (as !== 'deals' || ids === undefined) continue;
    for (const file of files) {
      const rows = await rowsOfRecords(file, sourceSchema.parse(document.value) as SourceDocument, ids).catch(
        () => new Map<string, number>(),
      );
      for (const [id, row] of rows)
        if (!places.has(`${source}:${id}`))
          places.set(`${source}:${id}`, { file: shownPath(file), line: row, column: 1 });
    }
  }
  return places;
}
