import { type SourceDocument, sourceSchema, yamlOf } from '@attain/contracts';
import { type Clock, type Context, type Executor, Refused } from '@attain/eventsourcing';
import { CLOCK, EXECUTOR, FOLDER_ROWS, Handovers, Malformed, type RowsAnswer, type RowsOrder } from '@attain/service';
import { dateOf, newUuid } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { type As, fieldsOf } from '../imports/fields.rules.js';
import { ImportRun } from '../imports/import-run.js';
import { importFile, type ImportFile } from '../imports/lines.js';
import { documentFor, type Known, LookupQueries } from '../imports/lookup.queries.js';
import { BadMapping, isProblem, mapping } from '../imports/mapping.rules.js';
import { importRows, isTaken, type TakeRows } from '../imports/rows-import.js';
import { Reading } from '../reading/reading.js';
import { readingWarnings } from '../reading/reading.rules.js';
import { BearingQueries } from '../related/bearing.queries.js';
import { guessed, type Guessed } from './guess.rules.js';
import type { FormGuess } from './guesses.js';
import type { ImportPreview } from './preview.answers.js';
import { PreviewBatch, type Problem } from './preview-batch.js';
import { kindOf } from './kind.rules.js';
import { firstLines, formOf, type FileForm, surveyed } from './survey.js';
import type { ColumnProfile } from './profile.rules.js';

export interface PreviewRequest {
  readonly path: string;
  readonly source: string | undefined;
  readonly as: As | undefined;
  /** Keys of a mapping, which are not guessed. */
  readonly stated: Readonly<Record<string, unknown>>;
}
/** The data of the file before its rows are read. */
interface Understood {
  readonly document: SourceDocument;
  readonly written: Readonly<Record<string, unknown>>;
  readonly guess: Guessed;
  readonly forms: readonly FormGuess[];
  readonly profiles: readonly ColumnProfile[];
  readonly stated: ReadonlySet<string>;
}

const SHOWN_ROWS = 20;
const SAMPLES = 3;
const LONGEST_SAMPLE = 80;

/** Reports what an import would read and record, by the same rules; nothing is stored. */
@Injectable()
export class Previews {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LookupQueries) private readonly lookups: LookupQueries,
    @Inject(Handovers) private readonly handovers: Handovers,
    @Inject(BearingQueries) private readonly bearing: BearingQueries,
  ) {}

  /** Malformed if the file is no table, or the stated keys are no mapping. */
  async of(request: PreviewRequest, { key: _, ...metadata }: Context, signal: AbortSignal): Promise<ImportPreview> {
    const known = await this.lookups.known();
    const file = await importFile(request.path);
    const understood = await understand(file, request, known);
    const { document, written, guess, forms, profiles, stated } = understood;
    const header = profiles.map((profile) => profile.header);
    const shape = {
      source: document.source,
      as: document.as,
      file: file.name,
      columns: columnsOf(understood),
      forms: [...forms, ...guess.forms].map((form) => (stated.has(form.key) ? statedForm(form, document) : form)),
      mapping: { ...written },
      yaml: yamlOf(written),
    };
    try {
      mapping(document, document.as, header, fieldsOf(document.as, known.company), known.lookups);
    } catch (error) {
      if (!(error instanceof BadMapping)) throw error;
      const errors = error.problems.map(({ path, message }) => ({ field: path.join('.') || 'mapping', message }));
      const rows = profiles[0]?.rows ?? 0;
      const counts = { rows, opened: 0, changed: 0, unchanged: 0, quarantined: 0 };
      return { ...shape, errors, rows: [], problems: [], counts, stopped: null, warnings: [] };
    }
    return { ...shape, errors: [], ...(await this.read(file, document, known, metadata, signal)) };
  }

  private async read(
    file: ImportFile,
    document: SourceDocument,
    known: Known,
    metadata: Context,
    signal: AbortSignal,
  ): Promise<Pick<ImportPreview, 'rows' | 'problems' | 'counts' | 'stopped' | 'warnings'>> {
    const { source, as } = document;
    const recorded = metadata.recorded ?? this.clock();
    const plan = { import: newUuid(), source, as, files: [file.name], complete: false };
    const context = { ...metadata, recorded, dryRun: true };
    const batch = new PreviewBatch({ executor: this.executor, bearing: this.bearing }, plan, context, undefined);
    const reading = new Reading(document, dateOf(recorded, known.company?.timeZone ?? 'UTC'));
    let stopped: string | null = null;
    try {
      if (isTaken(as)) {
        await importRows(batch, [file], document, known, this.taker(as, signal), { signal });
        reading.rows = batch.counts.rows;
      } else await new ImportRun(batch, [file], document, known, { signal }, reading).run();
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'TOO_MANY_BAD_ROWS') throw error;
      stopped = error.message;
    }
    const { rows, opened, changed, unchanged, quarantined } = batch.counts;
    return {
      rows: await this.firstRows(file, document, known, batch.problems),
      problems: batch.problems.slice(0, 100),
      counts: { rows, opened, changed, unchanged, quarantined },
      stopped,
      warnings: readingWarnings({
        source,
        as,
        reading,
        files: plan.files,
        retracted: 0,
        people: known.lookups.people,
      }),
    };
  }

  /** The first rows as they are read, each with the reason for which it would wait. */
  private async firstRows(
    file: ImportFile,
    document: SourceDocument,
    known: Known,
    problems: readonly Problem[],
  ): Promise<ImportPreview['rows']> {
    const { as } = document;
    const waiting = new Map(problems.map((problem) => [problem.row, problem]));
    const lines = await firstLines(file, document, SHOWN_ROWS);
    const [first] = lines;
    if (!first) return [];
    const reader = mapping(document, as, first.header, fieldsOf(as, known.company), known.lookups);
    return lines.map((line) => {
      const { row, cells } = line;
      const problem = waiting.get(row) ?? null;
      if (cells === null) return { row, fields: null, status: null, problem };
      const read = reader.read(cells);
      const id = reader.key(cells);
      if (isProblem(read)) {
        const { field, expected, found } = read;
        return { row, fields: null, status: null, problem: problem ?? { row, field, expected, found } };
      }
      const isDeal = as === 'deals';
      return {
        row,
        fields: { ...(reader.keyed === 'id' && id !== undefined && { id }), ...read.fields },
        status: isDeal ? read.status : null,
        problem,
      };
    });
  }

  private taker(kind: RowsOrder['kind'], signal: AbortSignal): TakeRows {
    return (rows, { source }, context) => {
      const order: RowsOrder = { kind, rows, texts: true, source, complete: false, keepEntered: false, context };
      return this.handovers.give<RowsAnswer>(FOLDER_ROWS, order, { signal });
    };
  }
}

/** The mapping that reads the file: the stated keys, then those of the source, then guesses. */
async function understand(file: ImportFile, request: PreviewRequest, known: Known): Promise<Understood> {
  const standing = standingOf(known, request);
  const stated = { ...(Object.keys(request.stated).length === 0 ? standing : undefined), ...request.stated };
  const form = await formOf(file, stated as FileForm);
  const profiles = await surveyed(file, form.form);
  const as = (stated['as'] ?? request.as ?? kindOf(profiles.map(({ header }) => header))) as As;
  const guess = guessed({
    as,
    set: fieldsOf(as, known.company),
    profiles,
    lookups: known.lookups,
    continental: form.form.delimiter === ';',
  });
  const written = {
    source: request.source ?? 'crm',
    files: `exports/${file.name}`,
    as,
    ...form.written,
    ...(stated['columns'] === undefined ? guess.mapping : withoutGuesses(guess.mapping)),
    ...stated,
  };
  const parsed = sourceSchema.safeParse(written);
  if (!parsed.success)
    throw new Malformed(
      parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'mapping', message })),
    );
  return { document: parsed.data, written, guess, forms: form.guesses, profiles, stated: new Set(Object.keys(stated)) };
}

/** A caller who states the columns has seen the guesses of the other keys too, so absent keys are not guessed. */
function withoutGuesses({ columns: _, ...others }: Guessed['mapping']): object {
  return others;
}

function standingOf(known: Known, { source, as }: PreviewRequest): Readonly<Record<string, unknown>> | undefined {
  if (source === undefined) return undefined;
  try {
    return documentFor(known, source, as).document;
  } catch (error) {
    if (error instanceof Refused && error.code === 'SOURCE_UNKNOWN') return undefined;
    throw error;
  }
}

function columnsOf({ profiles, guess, stated, document }: Understood): ImportPreview['columns'] {
  const fieldOf = new Map(
    Object.entries(document.columns).flatMap(([field, column]) =>
      (typeof column === 'string' ? [column] : Array.isArray(column) ? column : column.from).map((name) => [
        name,
        field,
      ]),
    ),
  );
  return profiles.map((profile, at) => {
    const { header, filled, texts } = profile;
    const samples = texts.slice(0, SAMPLES).map((text) => text.slice(0, LONGEST_SAMPLE));
    if (!stated.has('columns')) return { header, samples, filled, ...guess.columns[at]! };
    const field = fieldOf.get(header) ?? null;
    const reason = field === null ? 'the mapping does not name the column' : 'the mapping states it';
    return { header, samples, filled, field, verdict: field === null ? 'unused' : 'stated', reason };
  });
}

function statedForm(form: FormGuess, document: SourceDocument): FormGuess {
  const value = document[form.key];
  const shown = typeof value === 'object' ? ('from' in value ? value.from : value.join(', ')) : (value ?? form.value);
  return { ...form, value: shown, verdict: 'stated', reason: 'the mapping states it' };
}
