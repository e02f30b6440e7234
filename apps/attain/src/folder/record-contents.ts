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
  /** What could not be recorded, at its place; everything else was. */
  readonly problems: DocumentProblem[];
  readonly imports: ImportResult[];
  /** What somebody entered by hand and the company says otherwise, where that was to be kept. */
  readonly kept: KeptEntry[];
}
export interface Recording {
  /** What somebody entered by hand stays; default no. */
  keepEntered?: boolean;
  /** Whether the exports are read too; default yes. */
  exports?: boolean;
  /** Bytes read of the exports. */
  progress?(done: number, total: number, note: string): void;
}

/**
 * Records what a company says about itself, at one instant: only what changed, and what it no longer says is retracted.
 * Tables come before the measures that look them up, plans after both, exports last.
 */
export async function recordContents(
  services: Lookup,
  contents: CompanyContents,
  context: Context,
  { exports = true, keepEntered = false, progress }: Recording = {},
): Promise<Recorded> {
  const problems: DocumentProblem[] = [];
  const kept: KeptEntry[] = [];
  const keep = keepEntered ? { keep: services.get(EVENT_STORE) } : {};
  const all = { complete: true, ...keep };
  // What a source brings in too is not all that a file says.
  const unless = (kind: 'people' | 'quotas') => ({
    complete: !contents.sources.some(({ as }) => as === kind),
    ...keep,
  });
  const values = <T>(rows: readonly Written<T>[]) => rows.map(({ value }) => value);
  const synced = async <T>(part: string, rows: readonly Written<T>[], outcome: Promise<Synced>) => {
    const { refused, kept: stay } = await outcome;
    kept.push(...keptRows(part, rows, stay, beginningOf(contents.company)));
    for (const { at, error } of refused)
      problems.push(problemOf(error, placeOf(error, rows, at) ?? beginningOf(contents.company)));
    await services.caughtUp(PATIENCE);
    return refused.length === 0;
  };
  const document = async (written: WrittenDocument, command: () => Promise<unknown>) => {
    await command().catch((error: unknown) => {
      if (error instanceof Refused && error.code === 'ENTERED_BY_HAND')
        kept.push(keptDocument(written, { code: error.code, detail: error.message, about: error.detail ?? {} }));
      else problems.push(...documentProblems(error, written));
    });
    await services.caughtUp(PATIENCE);
  };

  await synced(
    'tables',
    contents.tables,
    services.get(CompanyCommands).syncTables(values(contents.tables), all, context),
  );
  await document(contents.company, async () => {
    const company = services.get(CompanyCommands);
    if (keepEntered) await company.refuseEntered(contents.company.value);
    await company.configure(
      contents.company.value,
      context,
      replacing(contents, unless('quotas').complete, keepEntered),
    );
  });
  const configured = problems.length === 0;
  const everybody = await synced(
    'people',
    contents.people,
    services.get(ParticipantCommands).sync(values(contents.people), unless('people'), context),
  );
  await synced(
    'relations',
    contents.relations,
    services.get(RelationCommands).sync(values(contents.relations), all, context),
  );
  await synced('rates', contents.rates, services.get(RateCommands).sync(values(contents.rates), all, context));
  // Without its company a plan or a quota knows no measure, and would say so of every one.
  if (!configured) return { problems: inOrder([...problems, ...unpublished(contents)]), imports: [], kept };
  await syncPlans(services, contents, context, document, keepEntered);
  await synced(
    'quotas',
    contents.quotas,
    services.get(QuotaCommands).sync(values(contents.quotas), unless('quotas'), context),
  );
  await synced(
    'objectives',
    contents.objectives,
    services.get(ObjectiveCommands).sync(values(contents.objectives), all, context),
  );
  for (const { document: written } of contents.sources)
    await document(written, () => services.get(SourceCommands).map(written.value, context, { keepEntered }));

  const imports: ImportResult[] = [];
  const failed = new Set<string>();
  for (const { source, as, files, document: written } of exports && everybody ? inImportOrder(contents) : []) {
    // Of deals that could not be read, every split would say that there is no such deal.
    if (failed.has(source) && as !== 'deals') continue;
    const before = problems.length;
    const request = {
      source,
      as: as as As,
      files,
      keepEntered,
      complete: !((as === 'people' || as === 'quotas') && contents[as].length > 0),
    };
    const watch = {
      progress: (seen: { bytes: number; totalBytes: number; rows: number }) =>
        progress?.(seen.bytes, seen.totalBytes, `${source} ${as}: ${seen.rows} rows`),
    };
    await document(written, async () => imports.push(await services.get(Imports).run(request, context, watch)));
    if (as === 'deals' && problems.length > before) failed.add(source);
  }
  kept.push(
    ...imports.flatMap(({ source, as, kept: stay }) =>
      stay.map((one) => keptRecord(`${as} of ${source}`, one, contents)),
    ),
  );
  return { problems: inOrder(problems), imports, kept };
}

/** What else the folder says holds nothing of its company back: quotas that it withdraws, versions of plans that it retracts. */
function replacing({ plans }: CompanyContents, quotas: boolean, keepEntered: boolean): Replacing {
  return {
    quotas,
    keepEntered,
    plans: new Set(plans.map(({ value }) => versionName(String(value.plan), String(value.version)))),
  };
}

async function syncPlans(
  services: Lookup,
  { plans, company }: CompanyContents,
  context: Context,
  document: (written: WrittenDocument, command: () => Promise<unknown>) => Promise<void>,
  keepEntered: boolean,
): Promise<void> {
  const named = new Set(plans.map(({ value }) => `${value.plan} ${value.version}`));
  for (const { plan, version } of await services.get(PlanQueries).list()) {
    if (!named.has(`${plan} ${version}`))
      await document(company, () => services.get(PlanCommands).retract(plan, version, context, { keepEntered }));
  }
  for (const written of plans)
    await document(written, () => services.get(PlanCommands).publish(written.value, context));
}

/** What is wrong with the plans by themselves, where the company could not be configured. */
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

/** A refusal names the first row of all that belong together; of a person's rows it also says the day that the wrong one begins on. */
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
