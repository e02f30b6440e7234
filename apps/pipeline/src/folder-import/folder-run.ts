import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { Refused } from '@attain/eventsourcing';
import {
  type CompanyAnswer,
  type CompanyOrder,
  FOLDER_COMPANY,
  FOLDER_PLANS,
  FOLDER_ROWS,
  type FolderKind,
  fromProblem,
  type Handovers,
  Malformed,
  type Permission,
  type PlansAnswer,
  type PlansOrder,
  type RowsAnswer,
  type RowsOrder,
} from '@attain/service';
import { uuidOf } from '@attain/values';
import {
  type CompanyContents,
  inImportOrder,
  type Place,
  problemAt,
  type Written,
  type WrittenDocument,
  type WrittenSource,
} from '../folder/company-contents.js';
import { documentProblems } from '../folder/document-problems.js';
import type { As } from '../imports/fields.rules.js';
import type { Imports } from '../imports/imports.js';
import type { SourceCommands } from '../sources/source.commands.js';
import type { FolderAsked, FolderWatch } from './folder-asked.js';
import type { FolderPart, FolderTally } from './folder-result.js';
import { keptDocument, keptRecord, keptRows } from './kept.js';

interface Services {
  readonly handovers: Handovers;
  readonly imports: Imports;
  readonly sources: SourceCommands;
}
interface Step {
  readonly part: string;
  readonly service: FolderPart['service'];
  readonly files: readonly string[];
  readonly permission: Permission;
  /** Bytes, as a measure of its share of the whole. */
  readonly size: number;
}
type Counts = Partial<Pick<FolderPart, 'changed' | 'unchanged' | 'retracted' | 'quarantined' | 'notRetracted'>>;
type Advance = { readonly signal: AbortSignal; readonly name: string; progress(done: number, total: number): void };

const DOCUMENT = 1024;
const nothing = {
  state: 'done' as const,
  why: null,
  changed: 0,
  unchanged: 0,
  retracted: 0,
  quarantined: 0,
  notRetracted: null,
};

/**
 * Records a folder at one instant, part by part: planning and incentives are handed over what they own, exports are imported here.
 * A refused part stops only the parts that depend on it.
 */
export class FolderRun {
  private done = 0;
  private total = 0;
  private readonly start: Place;

  constructor(
    private readonly services: Services,
    private readonly directory: string,
    private readonly contents: CompanyContents,
    private readonly asked: FolderAsked,
    private readonly tally: FolderTally,
    private readonly before: ReadonlySet<string>,
    private readonly watch: FolderWatch,
  ) {
    this.start = { file: contents.company.file, line: 1, column: 1 };
  }

  async run(): Promise<void> {
    const { contents } = this;
    const { tables, people, relations, rates, quotas, objectives, sources } = contents;
    const sizes = new Map(
      await Promise.all(sources.map(async (source) => [source, await this.sizeOf(source)] as const)),
    );
    const rows = [tables, people, relations, rates, quotas, objectives].reduce((sum, of) => sum + this.weight(of), 0);
    this.total = rows + DOCUMENT * (2 + sources.length) + [...sizes.values()].reduce((sum, size) => sum + size, 0);
    // A source may bring in the same kind of record, so the file is not complete.
    const all = (kind: 'people' | 'quotas') => !sources.some(({ as }) => as === kind);

    await this.rows(
      'tables',
      'company:write',
      tables,
      true,
      contents.tables.map(({ at }) => this.shown(at.file)),
    );
    await this.company();
    await this.rows('people', 'people:write', people, all('people'));
    await this.rows('relations', 'people:write', relations, true);
    await this.rows('rates', 'rates:write', rates, true);
    if (this.tally.isRefused('company')) {
      this.tally.part({
        part: 'plans, quotas, objectives and exports',
        service: 'planning',
        files: [],
        ...nothing,
        state: 'refused',
        why: 'the company document was refused, and they depend on it',
      });
      return;
    }
    await this.plans();
    await this.rows('quotas', 'company:write', quotas, all('quotas'));
    await this.rows('objectives', 'company:write', objectives, true);
    for (const source of sources) await this.source(source);
    for (const source of inImportOrder(contents)) await this.exports(source, sizes.get(source) ?? 0);
  }

  /** A finished step is not repeated; errors other than refusals are thrown. */
  private async step(
    { part, service, files, permission, size }: Step,
    work: (advance: Advance) => Promise<Counts>,
  ): Promise<void> {
    const { watch, tally } = this;
    const from = this.done;
    this.done += size;
    if (this.before.has(part)) return;
    watch.signal.throwIfAborted();
    const progress = (done: number, total: number) =>
      watch.progress(from + (total > 0 ? (size * Math.min(done, total)) / total : 0), this.total, part);
    progress(0, size);
    const entry = { part, service, files, ...nothing };
    try {
      if (!this.asked.permissions.includes(permission))
        throw new Refused('FORBIDDEN', `This needs the permission ${permission}.`);
      tally.part({
        ...entry,
        ...(await work({ signal: watch.signal, name: `${this.asked.import}-${part}`, progress })),
      });
    } catch (error) {
      watch.signal.throwIfAborted();
      if (!(error instanceof Refused || error instanceof Malformed)) throw error;
      tally.part({ ...entry, state: 'refused', why: sentence(error) });
    }
    watch.progress(this.done, this.total, part);
    await watch.done(part);
  }

  private async rows<T>(
    kind: FolderKind,
    permission: Permission,
    written: readonly Written<T>[],
    complete: boolean,
    files = [`${kind}.csv`],
  ): Promise<void> {
    const step: Step = {
      part: kind,
      service: 'planning',
      files: written.length > 0 ? files : [],
      permission,
      size: this.weight(written),
    };
    await this.step(step, async (advance) => {
      const order: RowsOrder = {
        kind,
        rows: written.map(({ value }) => value),
        texts: false,
        complete,
        keepEntered: !this.asked.overwrite,
        context: this.asked.context,
      };
      const { refused, kept, changed, unchanged, retracted } = await this.services.handovers.give<RowsAnswer>(
        FOLDER_ROWS,
        order,
        advance,
      );
      this.tally.problem(
        ...refused.map(({ at, problem }) => problemAt(written[at]?.at ?? this.start, problem.detail, problem.code)),
      );
      this.tally.keep(keptRows(kind, written, kept, this.start));
      return { changed, unchanged, retracted };
    });
  }

  private async company(): Promise<void> {
    const { company, plans, sources } = this.contents;
    const { overwrite, context, permissions } = this.asked;
    await this.step(this.documentStep('company', 'planning', company, 'company:write'), async (advance) => {
      const named = plans.map(({ value }) => ({ plan: String(value['plan']), version: String(value['version']) }));
      // Records that the same import withdraws are no uses.
      const replacing = {
        quotas: !sources.some(({ as }) => as === 'quotas'),
        plans: permissions.includes('plans:write') ? named : null,
      };
      const order: CompanyOrder = { document: company.value, keepEntered: !overwrite, replacing, context };
      return this.document(
        'company',
        company,
        async () => (await this.services.handovers.give<CompanyAnswer>(FOLDER_COMPANY, order, advance)).changed,
      );
    });
  }

  private async plans(): Promise<void> {
    const { plans } = this.contents;
    const { overwrite, context, permissions } = this.asked;
    const step: Step = {
      part: 'plans',
      service: 'incentives',
      files: plans.map(({ file }) => this.shown(file)),
      permission: 'company:write',
      size: DOCUMENT,
    };
    await this.step(step, async (advance) => {
      const order: PlansOrder = {
        plans: plans.map(({ value }) => value),
        keepEntered: !overwrite,
        mayPublish: permissions.includes('plans:write'),
        context,
      };
      const answer = await this.services.handovers.give<PlansAnswer>(FOLDER_PLANS, order, advance);
      const states = [...answer.plans, ...answer.gone].map(({ state }) => state);
      if (states.includes('forbidden')) throw new Refused('FORBIDDEN', 'This needs the permission plans:write.');
      answer.plans.forEach(
        ({ problem }, index) => problem && this.tally.problem(...documentProblems(fromProblem(problem), plans[index]!)),
      );
      for (const { plan, version, state, problem } of answer.gone) {
        if (state === 'kept') this.tally.keep([keptDocument(this.contents.company, problem!, 'plans')]);
        else if (problem)
          this.tally.problem(
            problemAt(
              this.start,
              `version ${version} of ${plan} is no longer in the folder, but: ${problem.detail}`,
              problem.code,
            ),
          );
      }
      const count = (of: string) => states.filter((state) => state === of).length;
      return { changed: count('published'), unchanged: count('unchanged'), retracted: count('retracted') };
    });
  }

  private async source({ document, source, as }: WrittenSource): Promise<void> {
    const part = `source ${source} ${as}`;
    const { overwrite, context } = this.asked;
    await this.step(this.documentStep(part, 'pipeline', document, 'sources:write'), () =>
      this.document(
        part,
        document,
        async () => (await this.services.sources.map(document.value, context, { keepEntered: !overwrite })).events > 0,
      ),
    );
  }

  private async exports({ source, as, files }: WrittenSource, size: number): Promise<void> {
    const part = `${as} of ${source}`;
    const { overwrite, context } = this.asked;
    await this.step(
      {
        part,
        service: 'pipeline',
        files: files.map((file) => relative(this.directory, file)),
        permission: 'imports:write',
        size,
      },
      async ({ signal, progress }) => {
        const complete = !((as === 'people' || as === 'quotas') && this.contents[as].length > 0);
        const watch = {
          signal,
          progress: ({ bytes, totalBytes }: { bytes: number; totalBytes: number }) => progress(bytes, totalBytes),
        };
        // A restarted step continues the same import.
        const id = uuidOf('import', this.asked.import, source, as);
        const result = await this.services.imports.run(
          { source, as: as as As, files, complete, keepEntered: !overwrite },
          context,
          watch,
          id,
        );
        this.tally.warn(part, result.warnings);
        this.tally.keep(
          result.kept.map((one) =>
            keptRecord(part, one, this.contents, (path) => `${this.asked.name}/${relative(this.directory, path)}`),
          ),
          result.keptInAll,
        );
        return {
          changed: result.opened + result.changed,
          unchanged: result.unchanged,
          retracted: result.retracted,
          quarantined: result.quarantined,
          notRetracted: result.notRetracted,
        };
      },
    );
  }

  private documentStep(
    part: string,
    service: FolderPart['service'],
    { file }: WrittenDocument,
    permission: Permission,
  ): Step {
    return { part, service, files: [this.shown(file)], permission, size: DOCUMENT };
  }

  private async document(part: string, written: WrittenDocument, command: () => Promise<boolean>): Promise<Counts> {
    try {
      return (await command()) ? { changed: 1 } : { unchanged: 1 };
    } catch (error) {
      if (error instanceof Refused && error.code === 'ENTERED_BY_HAND') {
        this.tally.keep([
          keptDocument(written, { code: error.code, detail: error.message, about: error.detail ?? {} }, part),
        ]);
        return {};
      }
      this.tally.problem(...documentProblems(error, written));
      throw error;
    }
  }

  /** A file as the folder has it: without the folder's name. */
  private shown(file: string): string {
    return relative(this.asked.name, file);
  }

  private weight(rows: readonly unknown[]): number {
    return DOCUMENT + rows.length * 64;
  }

  private async sizeOf({ files }: WrittenSource): Promise<number> {
    return (await Promise.all(files.map((file) => stat(file)))).reduce((sum, { size }) => sum + size, 0);
  }
}

function sentence(error: Refused | Malformed): string {
  if (!(error instanceof Malformed)) return error.message;
  const [first] = error.errors;
  const more = error.errors.length > 1 ? `; and ${error.errors.length - 1} more` : '';
  return `${error.message.replace(/\.$/, '')}${first ? `: ${first.field}: ${first.message}` : ''}${more}`;
}
