import { checkPlan } from '@attain/compensation';
import type { DocumentProblem } from '@attain/contracts';
import { type Context, Refused } from '@attain/eventsourcing';
import { PlanCommands, PlanQueries } from '@attain/incentives';
import {
  type As,
  type CompanyContents,
  documentProblems,
  type ImportResult,
  Imports,
  inImportOrder,
  inOrder,
  keptDocument,
  type KeptEntry,
  keptRecord,
  keptRows,
  type Place,
  problemAt,
  SourceCommands,
  type Written,
  type WrittenDocument,
} from '@attain/pipeline';
import {
  CompanyCommands,
  ObjectiveCommands,
  ParticipantCommands,
  QuotaCommands,
  RateCommands,
  RelationCommands,
  type Replacing,
  type Synced,
  versionName,
} from '@attain/planning';
import { EVENT_STORE, type Lookup } from '@attain/service';

/** Milliseconds: where other processes keep the models, they may be joining their groups still. */
const PATIENCE = 600_000;

export interface Recorded {
  /** The refused parts with their places; everything else was recorded. */
  readonly problems: DocumentProblem[];
  readonly imports: ImportResult[];
  /** Records that somebody entered by hand and that differ from the company folder, if they were to be kept. */
  readonly kept: KeptEntry[];
}
/** Whether rows are complete, and whether records entered by hand are kept. */
type Syncing = Parameters<RateCommands['sync']>[1];

export interface Recording {
  /** Whether records that somebody entered by hand are kept; default no. */
  keepEntered?: boolean;
  /** Whether the exports are read too; default yes. */
  exports?: boolean;
  /** Bytes read of the exports. */
  progress?(done: number, total: number, note: string): void;
}

/**
 * Records a company's own data at one instant: only changes are recorded, and missing rows are retracted. Tables come
 * before the measures that use them, plans after both, exports last.
 */
export async function recordContents(
  services: Lookup,
  contents: CompanyContents,
  context: Context,
  { exports = true, keepEntered = false, progress }: Recording = {},
): Promise<Recorded> {
  const recorder = new Recorder(services, contents, context, keepEntered);
  return recorder.record(exports, progress);
}

class Recorder {
  private readonly problems: DocumentProblem[] = [];
  private readonly kept: KeptEntry[] = [];
  private readonly all: Syncing;

  constructor(
    private readonly services: Lookup,
    private readonly contents: CompanyContents,
    private readonly context: Context,
    private readonly keepEntered: boolean,
  ) {
    this.all = { complete: true, ...(keepEntered && { keep: services.get(EVENT_STORE) }) };
  }

  async record(exports: boolean, progress: Recording['progress']): Promise<Recorded> {
    const { services, contents, context, all } = this;
    const { people, relations, rates, quotas, objectives, tables } = contents;
    await this.rows('tables', tables, services.get(CompanyCommands).syncTables(values(tables), all, context));
    await this.document(contents.company, () => this.company());
    const configured = this.problems.length === 0;
    const everybody = await this.rows(
      'people',
      people,
      services.get(ParticipantCommands).sync(values(people), this.unless('people'), context),
    );
    await this.rows('relations', relations, services.get(RelationCommands).sync(values(relations), all, context));
    await this.rows('rates', rates, services.get(RateCommands).sync(values(rates), all, context));
    // Without the company no measure is known, so every plan and quota would be refused.
    if (!configured) {
      const problems = inOrder([...this.problems, ...unpublished(contents)]);
      return { problems, imports: [], kept: this.kept };
    }
    await this.plans();
    await this.rows('quotas', quotas, services.get(QuotaCommands).sync(values(quotas), this.unless('quotas'), context));
    await this.rows('objectives', objectives, services.get(ObjectiveCommands).sync(values(objectives), all, context));
    for (const { document } of contents.sources)
      await this.document(document, () =>
        services.get(SourceCommands).map(document.value, context, { keepEntered: this.keepEntered }),
      );
    const imports = exports && everybody ? await this.imports(progress) : [];
    return { problems: inOrder(this.problems), imports, kept: this.kept };
  }

  /** A file is not complete if a source brings in records of the same kind. */
  private unless(kind: 'people' | 'quotas'): Syncing {
    return { ...this.all, complete: !this.contents.sources.some(({ as }) => as === kind) };
  }

  /** Whether every row was recorded. */
  private async rows<T>(part: string, rows: readonly Written<T>[], outcome: Promise<Synced>): Promise<boolean> {
    const { refused, kept } = await outcome;
    const beginning = beginningOf(this.contents.company);
    this.kept.push(...keptRows(part, rows, kept, beginning));
    for (const { at, error } of refused) this.problems.push(problemOf(error, placeOf(error, rows, at) ?? beginning));
    await this.services.caughtUp(PATIENCE);
    return refused.length === 0;
  }

  private async document(written: WrittenDocument, command: () => Promise<unknown>): Promise<void> {
    await command().catch((error: unknown) => {
      if (error instanceof Refused && error.code === 'ENTERED_BY_HAND')
        this.kept.push(keptDocument(written, { code: error.code, detail: error.message, about: error.detail ?? {} }));
      else this.problems.push(...documentProblems(error, written));
    });
    await this.services.caughtUp(PATIENCE);
  }

  private async company(): Promise<void> {
    const { contents, keepEntered } = this;
    const company = this.services.get(CompanyCommands);
    if (keepEntered) await company.refuseEntered(contents.company.value);
    await company.configure(
      contents.company.value,
      this.context,
      replacing(contents, this.unless('quotas').complete, keepEntered),
    );
  }

  private async plans(): Promise<void> {
    const { services, context, keepEntered } = this;
    const { plans, company } = this.contents;
    const named = new Set(plans.map(({ value }) => `${value.plan} ${value.version}`));
    for (const { plan, version } of await services.get(PlanQueries).list()) {
      if (!named.has(`${plan} ${version}`))
        await this.document(company, () => services.get(PlanCommands).retract(plan, version, context, { keepEntered }));
    }
    for (const written of plans)
      await this.document(written, () => services.get(PlanCommands).publish(written.value, context));
  }

  private async imports(progress: Recording['progress']): Promise<ImportResult[]> {
    const { services, contents, context, keepEntered } = this;
    const imports: ImportResult[] = [];
    const failed = new Set<string>();
    for (const { source, as, files, document } of inImportOrder(contents)) {
      // Every split of an unreadable deal would only repeat that the deal is unknown.
      if (failed.has(source) && as !== 'deals') continue;
      const before = this.problems.length;
      const complete = !((as === 'people' || as === 'quotas') && contents[as].length > 0);
      const request = { source, as: as as As, files, keepEntered, complete };
      const watch = {
        progress: (seen: { bytes: number; totalBytes: number; rows: number }) =>
          progress?.(seen.bytes, seen.totalBytes, `${source} ${as}: ${seen.rows} rows`),
      };
      await this.document(document, async () => imports.push(await services.get(Imports).run(request, context, watch)));
      if (as === 'deals' && this.problems.length > before) failed.add(source);
    }
    this.kept.push(
      ...imports.flatMap(({ source, as, kept }) => kept.map((one) => keptRecord(`${as} of ${source}`, one, contents))),
    );
    return imports;
  }
}

const values = <T>(rows: readonly Written<T>[]): T[] => rows.map(({ value }) => value);

/** The quotas and plans that the folder replaces, so that they do not block a change of its company. */
function replacing({ plans }: CompanyContents, quotas: boolean, keepEntered: boolean): Replacing {
  return {
    quotas,
    keepEntered,
    plans: new Set(plans.map(({ value }) => versionName(String(value.plan), String(value.version)))),
  };
}

/** The errors in the plans alone, for a company that could not be configured. */
function unpublished({ company, plans, tables }: CompanyContents): DocumentProblem[] {
  const uses = { ...company.value, tables: Object.fromEntries(tables.map(({ value }) => [value.table, value])) };
  return plans.flatMap((plan) =>
    checkPlan(plan.value, uses).map(({ path, code, message }) =>
      problemAt({ file: plan.file, ...plan.locate(path) }, message, code),
    ),
  );
}

function beginningOf(document: WrittenDocument): Place {
  return { file: document.file, ...document.locate([]) };
}

/** A refusal names the first row of a group; for a person's rows it also states the first day of the wrong one. */
function placeOf<T>(error: Error, rows: readonly Written<T>[], first: number): Place | undefined {
  const { from, row } = ((error as Partial<Refused>).detail ?? {}) as { from?: string; row?: string };
  const day = from ?? row?.split('..')[0];
  const id = (value: T) => (value as { id?: string }).id;
  const wrong = rows.findLast(
    ({ value }) => id(value) === id(rows[first]!.value) && (value as { from?: string }).from === day,
  );
  return day === undefined ? rows[first]?.at : (wrong ?? rows[first])?.at;
}

function problemOf(error: Error, at: Place): DocumentProblem {
  return problemAt(at, error.message, error instanceof Refused ? error.code : 'value');
}
