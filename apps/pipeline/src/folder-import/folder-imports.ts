import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { formatProblem } from '@attain/contracts';
import { type Clock, type Context, type EventStore, type ReadModels, Refused } from '@attain/eventsourcing';
import {
  type Caller,
  CLOCK,
  EVENT_STORE,
  Handovers,
  importing,
  Jobs,
  type JobView,
  KeptTable,
  LOG,
  type Log,
  Malformed,
  may,
  OutOfScope,
  Parcels,
  type Permission,
  permissions,
  Progress,
  READ_MODELS,
  Stopping,
  TOPOLOGY,
  type Topology,
  type Working,
} from '@attain/service';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { CompanyContents } from '../folder/company-contents.js';
import { readFolder } from '../folder/read-folder.js';
import { Imports } from '../imports/imports.js';
import { SourceCommands } from '../sources/source.commands.js';
import type { FolderAsked } from './folder-asked.js';
import { FolderRun } from './folder-run.js';
import { type FolderImportResult, FolderTally } from './folder-result.js';
import { folderPlace, type UploadedFile, type UploadedFolder } from './folder-upload.js';
import { type FolderImport, jobOf, type KeptFile, viewOf } from './kept-import.js';

/** The parameters of an import, beside its files. */
export interface FolderImportRequest {
  readonly import: string;
  readonly name: string;
  readonly reason: string;
  readonly overwrite: boolean;
}
interface Place {
  readonly directory: string;
  dispose(): Promise<void>;
}

/** The number of stored imports, and of interrupted ones that keep their files. */
const REMEMBERED = 50;
const RESUMABLE = 5;
/** Milliseconds: other processes with models may still be joining their groups. */
const PATIENCE = 600_000;

/**
 * Imports of company folders: one job each, which hands over the parts of planning and incentives. Its files and its progress are stored
 * beside the read models, so that the next process can resume it after a kill.
 */
@Injectable()
export class FolderImports implements OnApplicationBootstrap {
  private readonly table: KeptTable<FolderImport>;

  constructor(
    @Inject(READ_MODELS) models: ReadModels,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(TOPOLOGY) private readonly topology: Topology,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(Progress) private readonly progress: Progress,
    @Inject(LOG) private readonly log: Log,
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(Parcels) private readonly parcels: Parcels,
    @Inject(Handovers) private readonly handovers: Handovers,
    @Inject(Imports) private readonly imports: Imports,
    @Inject(SourceCommands) private readonly sources: SourceCommands,
  ) {
    this.table = new KeptTable(models, 'folder-imports');
  }

  /** The job of an import that a repeated request started before; undefined if there is none. */
  async known(id: string, { actor }: Caller): Promise<JobView | undefined> {
    const found = await this.table.get(id);
    if (!found) return undefined;
    if (found.asked.context.actor !== actor) throw new OutOfScope();
    return this.jobs.view(jobOf(id)) ?? viewOf(found);
  }

  /** Refused while another import of a folder runs, because two at once would undo each other. */
  async requireNone(): Promise<void> {
    const [running] = await this.table.find({ filter: { state: 'running' }, limit: 1 });
    if (running)
      throw new Refused(
        'FOLDER_IMPORT_RUNNING',
        `The folder ${running.name} is being imported (${jobOf(running.key)}); wait for it, or cancel it.`,
        { job: jobOf(running.key) },
      );
  }

  /** Returns the job at once; Malformed with every error of the folder. Becomes the owner of the uploaded files. */
  async start(
    request: FolderImportRequest,
    uploaded: UploadedFolder,
    { key: _, ...context }: Context,
    caller: Caller,
  ): Promise<JobView> {
    let place: Place | undefined = uploaded;
    try {
      const contents = await contentsOf(uploaded.directory, request.name);
      const held = (Object.keys(permissions) as Permission[]).filter((permission) => may(caller, permission));
      const stamped = importing(
        { ...context, recorded: this.clock() },
        { import: request.import, reason: request.reason },
      );
      const asked: FolderAsked = {
        import: request.import,
        name: request.name,
        overwrite: request.overwrite,
        context: stamped,
        permissions: held,
      };
      const found: FolderImport = {
        key: request.import,
        name: request.name,
        asked,
        state: 'running',
        started: this.clock(),
        view: null,
        files: await this.kept(request.import, uploaded),
        steps: [],
        result: null,
      };
      await this.requireNone();
      await this.table.change([found.key], () => found);
      const view = this.begin(found, { ...uploaded, contents });
      place = undefined;
      return view;
    } catch (error) {
      if (place && !(await this.table.get(request.import))) await this.forgotten(request.import, uploaded.files);
      throw error;
    } finally {
      await place?.dispose();
    }
  }

  /** Resumes the imports of the previous process, and loads its finished jobs. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.topology.guest) return;
    try {
      const found = await this.table.find({ sort: [{ field: 'started', order: 'ascending' }] });
      for (const one of found) {
        if (one.state === 'running') this.begin(one);
        else this.jobs.adopt(viewOf(one), (working) => this.work(one.key, working));
      }
    } catch (error) {
      // Queries work also if the table cannot be opened.
      this.log.failure('Imports of folders could not be looked at', error);
    }
  }

  private begin(found: FolderImport, at?: Place & { contents: CompanyContents }): JobView {
    const { key, name, asked, started } = found;
    let first = at;
    return this.jobs.start(
      { id: jobOf(key), kind: 'folder', title: `folder ${name}`, actor: asked.context.actor, started },
      (working) => {
        const place = first;
        first = undefined;
        return this.work(key, working, place);
      },
    );
  }

  private async work(
    key: string,
    working: Working,
    at?: Place & { contents: CompanyContents },
  ): Promise<FolderImportResult> {
    const found = await this.table.get(key);
    if (!found || found.files.length === 0)
      throw new Refused('FOLDER_GONE', 'The files of this import are no longer kept; import the folder again.');
    await this.change(key, { state: 'running', view: null });
    let place: Place | undefined = at;
    try {
      // If models do not match the log, nothing more is recorded, because events may be lost.
      await this.progress.reached(await this.store.head(), { patience: PATIENCE });
      place ??= await this.unpacked(found);
      const result = await this.run(
        found,
        place.directory,
        at?.contents ?? (await contentsOf(place.directory, found.name)),
        working,
      );
      working.signal.throwIfAborted();
      await this.over(key, working, { state: 'finished', result, files: [] });
      await this.forgotten(key, found.files);
      return result;
    } catch (error) {
      // When the process stops, another process resumes the import.
      if (!(working.signal.reason instanceof Stopping))
        await this.over(key, working, { state: working.signal.aborted ? 'cancelled' : 'failed' });
      throw error;
    } finally {
      await place?.dispose();
    }
  }

  private async run(
    found: FolderImport,
    directory: string,
    contents: CompanyContents,
    working: Working,
  ): Promise<FolderImportResult> {
    const { asked, key } = found;
    const { import: id, name, context } = asked;
    const tally = new FolderTally(
      { import: id, name, reason: context.reason ?? '', recorded: context.recorded ?? this.clock() },
      found.result ?? undefined,
    );
    const steps = new Set(found.steps);
    const watch = {
      signal: working.signal,
      progress: working.progress,
      done: async (step: string) => {
        steps.add(step);
        working.report(tally.result());
        await this.change(key, { steps: [...steps], result: tally.result() });
      },
    };
    working.report(tally.result());
    const { handovers, imports, sources } = this;
    await new FolderRun(
      { handovers, imports, sources },
      directory,
      contents,
      asked,
      tally,
      new Set(found.steps),
      watch,
    ).run();
    return tally.result(String(await this.store.head()));
  }

  /** Stores the end of the job, for requests after this process. */
  private async over(
    key: string,
    { id }: Working,
    change: Partial<FolderImport> & Pick<FolderImport, 'state'>,
  ): Promise<void> {
    await this.change(key, change);
    void this.jobs
      .over(id)
      .then(async (view) => {
        if (view && view.state !== 'running') await this.change(key, { view });
      })
      .catch(() => undefined);
    await this.makeRoom();
  }

  private change(key: string, change: Partial<FolderImport>): Promise<void> {
    return this.table.change([key], (known) => known && { ...known, ...change });
  }

  private async makeRoom(): Promise<void> {
    const over = (await this.table.find({ sort: [{ field: 'started', order: 'descending' }] })).filter(
      ({ state }) => state !== 'running',
    );
    for (const { key, files } of over.filter(({ files }) => files.length > 0).slice(RESUMABLE)) {
      await this.change(key, { files: [] });
      await this.forgotten(key, files);
    }
    await this.table.change(
      over.slice(REMEMBERED).map(({ key }) => key),
      () => undefined,
    );
  }

  private async kept(key: string, { directory, files }: UploadedFolder): Promise<KeptFile[]> {
    const kept: KeptFile[] = [];
    for (const file of files)
      kept.push({
        ...file,
        pieces: await this.parcels.put(parcelOf(key, file), createReadStream(join(directory, file.path))),
      });
    return kept;
  }

  private async forgotten(key: string, files: readonly UploadedFile[]): Promise<void> {
    for (const file of files) await this.parcels.remove(parcelOf(key, file));
  }

  private async unpacked({ key, files }: FolderImport): Promise<Place> {
    const place = await folderPlace();
    try {
      for (const file of files) {
        const target = join(place.directory, file.path);
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        await pipeline(
          Readable.from(this.parcels.read(parcelOf(key, file), file.pieces)),
          createWriteStream(target, { mode: 0o600, flags: 'wx' }),
        );
      }
      return place;
    } catch (error) {
      await place.dispose();
      throw error;
    }
  }
}

async function contentsOf(directory: string, name: string): Promise<CompanyContents> {
  const { contents, problems } = await readFolder(directory, name);
  if (contents === undefined || problems.length > 0) {
    const errors = problems.slice(0, 100).map((problem) => ({
      field: `${problem.file}:${problem.line}:${problem.column}`,
      message: formatProblem(problem),
      code: problem.code,
    }));
    throw new Malformed(errors, `The folder has ${problems.length} errors; nothing was imported.`);
  }
  return contents;
}

const parcelOf = (key: string, { path }: UploadedFile): string => `folder-${key}-${path}`;
