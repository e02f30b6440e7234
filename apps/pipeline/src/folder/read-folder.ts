import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import {
  type DocumentNode,
  type DocumentProblem,
  objectiveRow,
  parseDocuments,
  personColumns,
  personRow,
  quotaRow,
  rateRow,
  relationRow,
  validateCompany,
  type Validated,
  validatePlan,
  validateSource,
} from '@attain/contracts';
import type { z } from 'zod';
import { checkContents } from './check-contents.rules.js';
import {
  type CompanyContents,
  inOrder,
  type Place,
  problemAt,
  shownPath,
  type Written,
  type WrittenDocument,
  type WrittenSource,
  type WrittenTable,
} from './company-contents.js';
import { filesNamed } from './files-named.js';
import { isFile, LeadsOut, leadsUp, realPathIn } from './inside.js';
import { readCsv, readRows } from './read-rows.js';

/** The content of a folder, and its problems. */
export interface ReadFolder {
  /** The valid content; absent if the company document could not be read. */
  readonly contents: CompanyContents | undefined;
  /** All problems in the files and between them, in their order. */
  readonly problems: DocumentProblem[];
  /** Every file that was read or that a source names, relative to the folder. */
  readonly files: string[];
}

/** Reads a company folder as the formats fix it. Problems name files below `shown`, by default relative to where the command runs. */
export async function readFolder(folder: string, shown = shownPath(folder)): Promise<ReadFolder> {
  const reader = new FolderReader(folder, shown);
  const company = await reader.company();
  const contents = {
    people: await reader.rows('people.csv', personRow, { known: personColumns, required: ['id'], further: true }),
    quotas: await reader.rows('quotas.csv', quotaRow, columnsOf(quotaRow, ['for', 'measure', 'period', 'amount'])),
    objectives: await reader.rows(
      'objectives.csv',
      objectiveRow,
      columnsOf(objectiveRow, ['for', 'component', 'period', 'name', 'weight']),
    ),
    relations: await reader.rows('relations.csv', relationRow, columnsOf(relationRow, ['person', 'relation', 'other'])),
    rates: await reader.rows('rates.csv', rateRow, columnsOf(rateRow, ['from', 'to', 'date', 'rate'])),
    tables: await reader.tables(),
    plans: await reader.documents('plans', validatePlan),
    sources: await reader.sources(),
  };
  if (company === undefined) return { contents: undefined, problems: inOrder(reader.problems), files: reader.files };
  const whole: CompanyContents = { company, ...contents, plans: contents.plans.map(({ written }) => written) };
  const between = checkContents(whole, {
    peopleRead: !reader.problems.some(({ file }) => basename(file) === 'people.csv'),
  });
  return {
    contents: withoutRows(whole, between),
    problems: inOrder([...reader.problems, ...between]),
    files: reader.files,
  };
}

/** Without invalid rows, so that the next check finds other problems, and none twice. */
function withoutRows(contents: CompanyContents, problems: readonly DocumentProblem[]): CompanyContents {
  const wrong = new Set(problems.map(({ file, line }) => `${file}:${line}`));
  const sound = <T>(rows: readonly Written<T>[]) => rows.filter(({ at }) => !wrong.has(`${at.file}:${at.line}`));
  const { quotas, objectives, relations, rates } = contents;
  return {
    ...contents,
    quotas: sound(quotas),
    objectives: sound(objectives),
    relations: sound(relations),
    rates: sound(rates),
  };
}

function columnsOf(
  schema: z.ZodType & { shape?: object; in?: { shape?: object } },
  required: string[],
): { known: string[]; required: string[]; further: boolean } {
  return { known: Object.keys(schema.shape ?? {}), required, further: false };
}

class FolderReader {
  readonly problems: DocumentProblem[] = [];
  readonly files: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly shown: string,
  ) {}

  async company(): Promise<WrittenDocument | undefined> {
    if (!existsSync(join(this.folder, 'company.yaml'))) {
      this.problems.push(
        problemAt(this.start('company.yaml'), 'there is no company.yaml: a company folder begins with it', 'missing'),
      );
      return undefined;
    }
    if (!(await this.isInside('company.yaml'))) return undefined;
    const [first, ...more] = await this.read('company.yaml', validateCompany);
    for (const { node } of more)
      this.problems.push(problemAt({ file: node.file, ...node.locate([]) }, 'company.yaml holds one document'));
    return first?.written;
  }

  async rows<Schema extends z.ZodType>(
    file: string,
    schema: Schema,
    columns: { known: readonly string[]; required: readonly string[]; further: boolean },
  ): Promise<Written<z.output<Schema>>[]> {
    if (!existsSync(join(this.folder, file)) || !(await this.isInside(file))) return [];
    this.files.push(file);
    const { rows, problems } = await readRows(join(this.folder, file), join(this.shown, file), schema, columns);
    this.problems.push(...problems);
    return rows;
  }

  async tables(): Promise<WrittenTable[]> {
    const tables: WrittenTable[] = [];
    for (const file of await this.list('tables', /\.csv$/)) {
      const { columns, records, problems } = await readCsv(join(this.folder, file), join(this.shown, file));
      this.problems.push(...problems);
      const table = file.slice('tables/'.length, -'.csv'.length);
      const at = this.start(file);
      const rows = records.map(({ cells }) => cells.map((cell) => cell.trim()));
      if (problems.length === 0)
        tables.push({ value: { table, columns, rows }, at, rows: records.map(({ line }) => ({ ...at, line })) });
    }
    return tables;
  }

  async documents<Value>(
    under: string,
    validate: (node: DocumentNode) => Validated<Value>,
  ): Promise<{ node: DocumentNode; value: Value; written: WrittenDocument }[]> {
    const documents = [];
    for (const file of await this.list(under, /\.ya?ml$/)) documents.push(...(await this.read(file, validate)));
    return documents;
  }

  async sources(): Promise<WrittenSource[]> {
    const sources: WrittenSource[] = [];
    for (const { node, value, written } of await this.documents('sources', validateSource)) {
      const files: string[] = [];
      for (const [index, pattern] of value.files.entries()) {
        const path = value.files.length === 1 ? ['files'] : ['files', index];
        files.push(...(await this.named(pattern, { file: node.file, ...node.locate(path) })));
      }
      this.files.push(...files);
      sources.push({
        document: written,
        source: value.source,
        as: value.as,
        files: [...new Set(files)].map((file) => resolve(this.folder, file)),
      });
    }
    return sources;
  }

  /** The files inside the folder that a pattern of a source names. */
  private async named(pattern: string, at: Place): Promise<string[]> {
    const refused = leadsUp(pattern);
    if (refused !== undefined) {
      this.problems.push(problemAt(at, refused, 'outside'));
      return [];
    }
    const files: string[] = [];
    const found = await filesNamed(pattern, this.folder);
    for (const file of found) if (await this.isInside(file, at)) files.push(file);
    if (found.length === 0) this.problems.push(problemAt(at, `no file is named ${pattern}`, 'missing'));
    return files;
  }

  /** Whether a path is a file inside the folder, links followed; adds a problem otherwise. */
  private async isInside(file: string, at: Place = this.start(file)): Promise<boolean> {
    try {
      const path = await realPathIn(this.folder, file);
      if (path !== undefined && (await isFile(path))) return true;
      this.problems.push(
        problemAt(at, path === undefined ? `${file} is a link to nothing` : `${file} is not a file`, 'missing'),
      );
    } catch (error) {
      if (!(error instanceof LeadsOut)) throw error;
      this.problems.push(problemAt(at, error.message, 'outside'));
    }
    return false;
  }

  private async read<Value>(
    file: string,
    validate: (node: DocumentNode) => Validated<Value>,
  ): Promise<{ node: DocumentNode; value: Value; written: WrittenDocument }[]> {
    this.files.push(file);
    const { documents, problems } = parseDocuments(await readFile(join(this.folder, file)), join(this.shown, file));
    this.problems.push(...problems);
    return documents.flatMap((node) => {
      const { value, problems: found } = validate(node);
      this.problems.push(...found);
      if (value === undefined) return [];
      const written = {
        file: node.file,
        value: node.value as Record<string, unknown>,
        locate: (path: readonly (string | number)[]) => node.locate(path),
      };
      return [{ node, value, written }];
    });
  }

  private async list(under: string, form: RegExp): Promise<string[]> {
    const names = await readdir(join(this.folder, under)).catch(() => []);
    const files: string[] = [];
    for (const name of names.filter((one) => form.test(one)).sort())
      if (await this.isInside(`${under}/${name}`)) files.push(`${under}/${name}`);
    return files;
  }

  private start(file: string): { file: string; line: number; column: number } {
    return { file: join(this.shown, file), line: 1, column: 1 };
  }
}
