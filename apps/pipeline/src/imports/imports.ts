import type { Warning } from '@attain/contracts';
import {
  type Clock,
  type Context,
  type EventStore,
  type Executor,
  type ReadModels,
  StoreFull,
} from '@attain/eventsourcing';
import {
  CLOCK,
  EVENT_STORE,
  EXECUTOR,
  FOLDER_ROWS,
  Handovers,
  Jobs,
  type JobView,
  READ_MODELS,
  type RowsAnswer,
  type RowsOrder,
} from '@attain/service';
import { dateOf, newUuid } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { type DealDocument, dealsProjection } from '../deals/deals.projection.js';
import { type QuarantineDocument, quarantineProjection } from '../quarantine/quarantine.projection.js';
import { readingDecider } from '../reading/reading.decider.js';
import { Reading } from '../reading/reading.js';
import { readingWarnings } from '../reading/reading.rules.js';
import { Batch, type RunPlan } from './batch.js';
import { caughtUp } from './caught-up.js';
import { enteredRecords } from './entered-deals.js';
import { type As, isRelated } from './fields.rules.js';
import type { ImportCounts } from './import.decider.js';
import { retractGone } from './gone.js';
import { keyField } from './mapping.rules.js';
import { BearingQueries } from '../related/bearing.queries.js';
import { relatedKinds } from '../related/related.decider.js';
import { ImportRun, settledRows, type Watch } from './import-run.js';
import { importFile } from './lines.js';
import { dealSourceOf, documentFor, type Known, LookupQueries } from './lookup.queries.js';
import { replayed } from './replay.js';
import { importRows, isTaken, type TakenKind, type TakeRows } from './rows-import.js';
import type { ImportResult } from './imports.answers.js';

export type { ImportResult } from './imports.answers.js';

export interface ImportRequest {
  readonly source: string;
  /** May be left out if the source has only one kind of record. */
  readonly as?: As | undefined;
  /** Paths. Messages show a relative path as it is, and the last part of an absolute path. */
  readonly files: readonly string[];
  /** Whether the files are complete: missing records are retracted. */
  readonly complete?: boolean | undefined;
  /** Whether records that somebody entered by hand are kept, and listed. */
  readonly keepEntered?: boolean | undefined;
}
interface Warned {
  readonly warnings: readonly Warning[];
  /** Position of the event with the warnings; '0' if they are unchanged. */
  readonly position: string;
}

/** The import waits for the read model of waiting rows. It does not use a lagging model of deals, because the decider knows them too. */
const PATIENCE = 2_000;
const LONG_PATIENCE = 60_000;

interface Carrying {
  batch: Batch;
  plan: RunPlan;
  files: Awaited<ReturnType<typeof importFile>>[];
  document: ReturnType<typeof documentFor>['document'];
  known: Awaited<ReturnType<LookupQueries['known']>>;
  reading: Reading;
  watch: Watch;
  keepEntered: boolean;
}

/** Imports exports repeatedly and records only changes. */
@Injectable()
export class Imports {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODELS) private readonly models: ReadModels,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(LookupQueries) private readonly lookups: LookupQueries,
    @Inject(Handovers) private readonly handovers: Handovers,
    @Inject(BearingQueries) private readonly bearing: BearingQueries,
  ) {}

  /** Throws the errors of `run` that need no files. */
  async expect({ source, as }: Pick<ImportRequest, 'source' | 'as'>): Promise<void> {
    documentFor(await this.lookups.known(), source, as);
  }

  /** Returns at once; the import runs as a job, which can be cancelled and resumed. `after` is called on success. */
  async start(
    request: ImportRequest,
    context: Context,
    after?: () => Promise<void>,
  ): Promise<{ import: string; job: JobView }> {
    const { as } = documentFor(await this.lookups.known(), request.source, request.as);
    const id = newUuid();
    const recorded = context.recorded ?? this.clock();
    const job = this.jobs.start(
      { id: `import-${id}`, kind: 'import', title: `${as} of ${request.source}`, actor: context.actor },
      async ({ signal, progress }) => {
        const result = await this.run(
          { ...request, as },
          { ...context, recorded },
          { signal, progress: ({ bytes, totalBytes }) => progress(bytes, totalBytes) },
          id,
        );
        await after?.();
        return result;
      },
    );
    return { import: id, job };
  }

  /** Resolves when everything is written. Refused SOURCE_UNKNOWN, TOO_MANY_BAD_ROWS; Malformed when mapping and file do not fit. */
  async run(request: ImportRequest, context: Context, watch: Watch = {}, id = newUuid()): Promise<ImportResult> {
    const known = await this.lookups.known();
    const { document, as } = documentFor(known, request.source, request.as);
    const files = await Promise.all(request.files.map(importFile));
    const plan: RunPlan = {
      import: id,
      source: document.source,
      as,
      files: files.map(({ name }) => name),
      complete: request.complete ?? false,
    };
    const batch = await this.batch(plan, context, watch.signal, request.keepEntered);
    const reading = new Reading(
      document,
      dateOf(batch.context.recorded ?? this.clock(), known.company?.timeZone ?? 'UTC'),
    );
    try {
      return await this.carryOut({
        batch,
        plan,
        files,
        document,
        known,
        reading,
        watch,
        keepEntered: request.keepEntered ?? false,
      });
    } catch (error) {
      throw error instanceof StoreFull ? stopped(batch, error) : error;
    }
  }

  private async carryOut({
    batch,
    plan,
    files,
    document,
    known,
    reading,
    watch,
    keepEntered,
  }: Carrying): Promise<ImportResult> {
    const { as } = plan;
    if (isTaken(as)) {
      await importRows(batch, files, document, known, this.taker(as, keepEntered, watch.signal), watch);
      reading.rows = batch.counts.rows;
      const notRetracted = batch.plan.complete && batch.counts.quarantined > 0 ? 'some rows could not be read' : null;
      return resultOf(batch, notRetracted, await batch.finish(), await this.warn(batch, reading, known));
    }
    const run = new ImportRun(batch, files, document, known, watch, reading);
    await run.run();
    let notRetracted: string | null = null;
    if (plan.complete && run.unreadableRows > 0)
      notRetracted = `${run.unreadableRows} rows could not be read far enough to identify their records`;
    else if (plan.complete)
      await retractGone(
        this.store,
        (key) => run.has(key),
        batch,
        document.deal?.of ?? dealSourceOf(known, document.source),
        keyField(as, { ...document.columns, deal: document.deal ?? document.columns['deal'] }) === 'invoice',
        watch.signal,
      );
    if (batch.own > 0) notRetracted = `${batch.own} records bear on your own pay; somebody else must retract them`;
    const waiting = await this.waiting(plan.source, as, watch.signal);
    await batch.release(settledRows(run, batch, waiting, document, known));
    return resultOf(batch, notRetracted, await batch.finish(), await this.warn(batch, reading, known));
  }

  /** Reads waiting rows again with the present mapping and people; readable rows are recorded and released. */
  async replay(
    request: { source: string; as?: As | undefined; only?: string | undefined },
    context: Context,
  ): Promise<ImportResult> {
    const known = await this.lookups.known();
    const { document, as } = documentFor(known, request.source, request.as);
    const plan: RunPlan = { import: newUuid(), source: document.source, as, files: [], complete: false };
    const batch = await this.batch(plan, context);
    const rows = await this.waiting(plan.source, as);
    await replayed(batch, rows, document, known, isTaken(as) ? this.taker(as, false) : undefined, request.only);
    return resultOf(batch, null, await batch.finish(), { warnings: [], position: '0' });
  }

  /** Records the warnings about how the files were read, if they have changed. */
  private async warn(batch: Batch, reading: Reading, known: Known): Promise<Warned> {
    const { source, as, files } = batch.plan;
    const warnings = readingWarnings({
      source,
      as,
      reading,
      files,
      retracted: batch.counts.retracted,
      people: known.lookups.people,
    });
    const { events, position } = await this.executor.execute(
      readingDecider,
      `${source}~${as}`,
      { do: 'warn', source, as, warnings },
      batch.context,
    );
    return { warnings, position: events > 0 ? position : '0' };
  }

  private async batch(plan: RunPlan, context: Context, signal?: AbortSignal, keepEntered = false): Promise<Batch> {
    const { key: _, ...unkeyed } = context;
    const deals = this.models.model<DealDocument>(dealsProjection.name);
    const knows =
      plan.as === 'deals' &&
      (await caughtUp(this.store, deals, ['deal'], PATIENCE, signal)) &&
      (await deals.find({ limit: 1 })).length > 0;
    const stamped: Context = {
      ...unkeyed,
      recorded: context.recorded ?? this.clock(),
      causation: `import-${plan.import}`,
    };
    const category = isRelated(plan.as)
      ? relatedKinds[plan.as]
      : plan.as === 'accounts'
        ? 'account'
        : isTaken(plan.as)
          ? undefined
          : 'deal';
    const entered = keepEntered && category ? await enteredRecords(this.store, category, signal) : undefined;
    return new Batch(
      { executor: this.executor, bearing: this.bearing },
      plan,
      stamped,
      knows ? deals : undefined,
      entered,
    );
  }

  private async waiting(source: string, as: As, signal?: AbortSignal): Promise<QuarantineDocument[]> {
    const model = this.models.model<QuarantineDocument>(quarantineProjection.name);
    await caughtUp(this.store, model, ['quarantine'], LONG_PATIENCE, signal);
    return model.find({ filter: { source, as }, sort: [{ field: 'quarantine', order: 'ascending' }] });
  }

  /** People, quotas and leaves are planning's. */
  private taker(kind: TakenKind, keepEntered: boolean, signal?: AbortSignal): TakeRows {
    return (rows, { source, complete }, context) => {
      const order: RowsOrder = { kind, rows, texts: true, source, complete, keepEntered, context };
      return this.handovers.give<RowsAnswer>(FOLDER_ROWS, order, { ...(signal && { signal }) });
    };
  }
}

function resultOf(
  { plan, position, kept }: Batch,
  notRetracted: string | null,
  counts: ImportCounts,
  { warnings, position: warned }: Warned,
): ImportResult {
  const last = BigInt(warned) > position ? warned : String(position);
  return {
    import: plan.import,
    source: plan.source,
    as: plan.as,
    ...counts,
    position: last,
    notRetracted,
    warnings,
    kept: [...kept.values()].slice(0, 1000),
    keptInAll: kept.size,
  };
}

/** Recorded rows are reported and kept: the same files again record the rest. */
function stopped({ counts: { opened, changed, unchanged, quarantined } }: Batch, error: StoreFull): StoreFull {
  const rest = `; ${unchanged} were so before, ${quarantined} rows wait in quarantine`;
  const done = `The disk is full, and the import stopped: ${opened + changed} records are recorded${rest}. Free space and import the same file again: the import continues with the missing records.`;
  return new StoreFull(error.message, { done, cause: error });
}
