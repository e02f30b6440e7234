import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { peopleFor } from '@attain/compensation';
import { libraryFolder, type LibraryPlan } from '@attain/incentives';
import { type Document, isMap, parseDocument } from 'yaml';
import { makeDirectory } from '../folder/make-directory.js';

const starterFolder = join(import.meta.dirname, '../../starter');

/** The written files, and the tasks that are left for a person. */
export interface Written {
  readonly files: string[];
  readonly left: string[];
}
/** Why nothing was written. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

// Everything stays the text that was written: `2025.10` is no number.
const asWritten = { schema: 'failsafe' } as const;

/** A commented company with sample people and exports, which the plan pays. The folder is new or empty. */
export async function writeCompany(folder: string, plan: LibraryPlan): Promise<Written> {
  if (existsSync(folder) && (await readdir(folder)).length > 0)
    throw new NotWritten(`${folder} is not empty and holds no company.yaml: name a new folder, or an empty one`);
  const files = new Files(folder);
  const { needs } = plan;
  const company = parseDocument(await readFile(join(starterFolder, 'company.yaml'), 'utf8'), asWritten);
  await addNeeds(company, plan);
  await files.write('company.yaml', company.toString(layout));
  await files.write('README.md', await readFile(join(starterFolder, 'README.md'), 'utf8'));
  await files.write(`plans/${plan.name}.yaml`, plan.text);
  for (const table of needs.tables) await files.copy(`tables/${table}.csv`);

  const people = peopleFor(plan.document, await rows('people.csv')) as Row[];
  const has = (column: string, value: string | undefined) => people.some((person) => person[column] === value);
  await files.rows('people.csv', people);
  const paid = people.filter(({ role }) => plan.document.assignedTo.roles?.includes(role));
  const quotas = (await rows('quotas.csv')).filter(
    (quota) =>
      needs.measures.includes(quota['measure']!) &&
      paid.some(({ id, team }) => id === quota['for'] || team === quota['for']),
  );
  await files.rows('quotas.csv', quotas, await header('quotas.csv'));

  const crm = parseDocument(await readFile(join(libraryFolder, 'sources/crm.yaml'), 'utf8'), asWritten);
  const library = parseDocument(await readFile(join(libraryFolder, 'company.yaml'), 'utf8'), asWritten).toJS() as {
    fields: Record<string, string>;
  };
  for (const field of Object.keys(library.fields)) if (!needs.fields.includes(field)) crm.deleteIn(['columns', field]);
  await files.write('sources/crm.yaml', crm.toString(layout));
  const deals = (await rows('exports/deals.csv')).filter(({ Owner }) => has('name', Owner));
  await files.rows('exports/deals.csv', deals);
  for (const kind of needs.records) {
    await files.copy(`sources/${kind}.yaml`);
    const kept = (await rows(`exports/${kind}.csv`)).filter(
      ({ Deal, Person }) => deals.some(({ Id }) => Id === Deal) && (Person === undefined || has('name', Person)),
    );
    await files.rows(`exports/${kind}.csv`, kept);
  }
  return { files: files.written, left: [] };
}

/** Adds a plan to an existing company, with the measures, fields and tables that it needs; existing entries do not change. */
export async function addPlan(folder: string, plan: LibraryPlan): Promise<Written> {
  const file = `plans/${plan.name}.yaml`;
  if (existsSync(join(folder, file)))
    throw new NotWritten(`${join(folder, file)} is there already: rename it, or edit it`);
  const text = await readFile(join(folder, 'company.yaml'), 'utf8');
  const company = parseDocument(text, asWritten);
  const added = await addNeeds(company, plan);
  const files = new Files(folder);
  if (added.length > 0) await files.write('company.yaml', company.toString(layout));
  await files.write(file, plan.text);
  for (const table of plan.needs.tables)
    if (!existsSync(join(folder, `tables/${table}.csv`))) await files.copy(`tables/${table}.csv`);
  const { roles = [] } = plan.document.assignedTo;
  return {
    files: files.written,
    left: [
      `give people one of the roles that the plan pays (${roles.join(', ')}) in people.csv, or change assignedTo in ${file}`,
      ...plan.needs.fields.map((field) => `name in a source the column of ${field}`),
      ...plan.needs.records.map((kind) => `bring in ${kind} through a source, if there is none`),
    ],
  };
}

const layout = { lineWidth: 0, flowCollectionPadding: true } as const;

/** Adds the measures and fields that are missing, and returns their names; another one of the same name is an error. */
async function addNeeds(company: Document, { name, needs }: LibraryPlan): Promise<string[]> {
  const library = parseDocument(await readFile(join(libraryFolder, 'company.yaml'), 'utf8'), asWritten);
  const missing: [string, string][] = [];
  for (const [key, names] of [
    ['measures', needs.measures],
    ['fields', needs.fields],
  ] as const) {
    for (const wanted of names) {
      const own = company.getIn([key, wanted], true) as { toJSON(): unknown } | undefined;
      const theirs = library.getIn([key, wanted], true) as { toJSON(): unknown };
      if (own === undefined) missing.push([key, wanted]);
      else if (JSON.stringify(own.toJSON()) !== JSON.stringify(theirs.toJSON())) {
        throw new NotWritten(
          `company.yaml has ${key}.${wanted}: ${JSON.stringify(own.toJSON())}, but the plan ${name} needs ${JSON.stringify(theirs.toJSON())}: rename yours, or copy the plan by hand`,
        );
      }
    }
  }
  for (const [key, wanted] of missing) {
    if (!isMap(company.get(key, true))) company.set(key, company.createNode({}));
    const map = company.get(key, true);
    if (isMap(map)) map.flow = false;
    company.setIn([key, wanted], (library.getIn([key, wanted], true) as { clone(): unknown }).clone());
  }
  return missing.map(([, wanted]) => wanted);
}

type Row = Record<string, string> & { id: string; role: string; manager: string };

/** The samples hold no quotation marks. */
async function rows(file: string): Promise<Row[]> {
  const [columns = [], ...cells] = (await readFile(join(libraryFolder, file), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return cells.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? ''])) as Row);
}

async function header(file: string): Promise<string> {
  return (await readFile(join(libraryFolder, file), 'utf8')).split('\n')[0]!;
}

class Files {
  readonly written: string[] = [];
  constructor(private readonly folder: string) {}

  async write(file: string, text: string): Promise<void> {
    makeDirectory(dirname(join(this.folder, file)));
    await writeFile(join(this.folder, file), text);
    this.written.push(file);
  }

  async copy(file: string): Promise<void> {
    makeDirectory(dirname(join(this.folder, file)));
    await copyFile(join(libraryFolder, file), join(this.folder, dirname(file), basename(file)));
    this.written.push(file);
  }

  rows(
    file: string,
    of: readonly Record<string, string>[],
    columns = Object.keys(of[0] ?? {}).join(','),
  ): Promise<void> {
    return this.write(file, `${[columns, ...of.map((row) => Object.values(row).join(','))].join('\n')}\n`);
  }
}
