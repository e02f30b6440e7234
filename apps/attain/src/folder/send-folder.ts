import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { DocumentProblem } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { type CompanyContents, type ImportResult, inOrder, type KeptRecord, type Place, problemAt, type ReadRows, type Written, type WrittenDocument, type WrittenSource } from '@attain/pipeline';
import type { FolderKind, FolderRowsResult, Kept } from '@attain/planning';
import { type JobView, Malformed } from '@attain/service';
import { canonicalJson } from '@attain/values';
import type { Api } from '../cli/api.js';
import { Answered } from '../cli/terminal.js';
import { documentProblems, inImportOrder } from './record-contents.js';

/** One part of a folder on its way to the service that owns it. */
export interface SentPart {
  readonly part: string;
  /** `refused`: nothing of it was recorded, because of `why`. */
  readonly state: 'done' | 'refused';
  readonly why: string | null;
  readonly changed: number;
  readonly unchanged: number;
  readonly retracted: number;
  readonly quarantined: number;
  readonly notRetracted: string | null;
}
/** What somebody entered by hand and the folder says otherwise. */
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
export interface SentFolder {
  readonly import: string;
  readonly reason: string;
  readonly parts: readonly SentPart[];
  readonly problems: readonly DocumentProblem[];
  readonly kept: readonly KeptEntry[];
  /** What is legal in the exports and probably a mistake. */
  readonly warnings: readonly (ImportResult['warnings'][number] & { readonly part: string })[];
}
export interface Sending {
  readonly name: string;
  readonly reason?: string | undefined;
  readonly overwrite?: boolean | undefined;
  progress?(done: number, total: number, note: string): void;
}

/**
 * Sends a company folder to a running server, part by part to the service that owns it: only what changed is recorded, so that an
 * import that broke off is begun again and goes on. A part that the server refuses stops no other. Rejects with Answered where the
 * server no longer lets the caller in.
 */
export async function sendFolder(api: Api, contents: CompanyContents, sending: Sending): Promise<SentFolder> {
  return new FolderSender(api, contents, sending).send();
}

const DOCUMENT = 1024;
const nothing = { why: null, changed: 0, unchanged: 0, retracted: 0, quarantined: 0, notRetracted: null };

class FolderSender {
  private readonly id = randomUUID();
  private readonly reason: string;
  private readonly parts: SentPart[] = [];
  private readonly problems: DocumentProblem[] = [];
  private readonly kept: KeptEntry[] = [];
  private readonly warnings: SentFolder['warnings'][number][] = [];
  private done = 0;
  private total = 0;

  constructor(
    private readonly api: Api,
    private readonly contents: CompanyContents,
    private readonly sending: Sending,
  ) {
    this.reason = sending.reason ?? `folder import ${sending.name}`;
  }

  async send(): Promise<SentFolder> {
    const { contents } = this;
    const { tables, people, relations, rates, quotas, plans, sources } = contents;
    const exports = inImportOrder(contents);
    const rows = { tables, people, relations, rates, quotas };
    const bodies = Object.fromEntries(Object.entries(rows).map(([kind, written]) => [kind, written.map(({ value }) => `${JSON.stringify(value)}\n`).join('')])) as Record<keyof typeof rows, string>;
    const sizes = await Promise.all(exports.flatMap(({ files }) => files.map(async (file) => (await stat(file)).size)));
    this.total = DOCUMENT * (1 + plans.length + sources.length) + [...Object.values(bodies).map(({ length }) => length), ...sizes].reduce((sum, size) => sum + size, 0);

    await this.rows('tables', tables, bodies.tables, true);
    const configured = await this.document('company', contents.company, '/company', { document: contents.company.value });
    await this.rows('people', people, bodies.people, !sources.some(({ as }) => as === 'people'));
    await this.rows('relations', relations, bodies.relations, true);
    await this.rows('rates', rates, bodies.rates, true);
    if (configured) {
      await this.plans();
      await this.rows('quotas', quotas, bodies.quotas, !sources.some(({ as }) => as === 'quotas'));
      const mapped = await this.sources();
      for (const source of exports.filter((one) => mapped.has(one))) await this.exports(source);
    } else this.refused('plans, quotas and exports', 'the company document was refused, and they depend on it');
    return { import: this.id, reason: this.reason, parts: this.parts, problems: inOrder(this.problems), kept: this.kept, warnings: this.warnings };
  }

  /** Whether the caller may go on with what depends on the part; anything but a refusal goes on up. */
  private async attempt(part: string, work: () => Promise<Partial<SentPart>>, size: number): Promise<boolean> {
    const from = this.done;
    try {
      this.parts.push({ part, state: 'done', ...nothing, ...(await work()) });
      return true;
    } catch (error) {
      if (!(error instanceof Answered) || error.status === 401 || error.status >= 500) throw error;
      this.refused(part, error.message);
      return false;
    } finally {
      this.done = from + size;
      this.sending.progress?.(this.done, this.total, part);
    }
  }

  private refused(part: string, why: string): void {
    this.parts.push({ part, state: 'refused', ...nothing, why });
  }

  private get marks(): { import: string; overwrite: 'yes' | 'no'; reason: string } {
    return { import: this.id, overwrite: this.sending.overwrite ? 'yes' : 'no', reason: this.reason };
  }

  private async rows<T>(kind: FolderKind, written: readonly Written<T>[], body: string, complete: boolean, part: string = kind): Promise<boolean> {
    return this.attempt(part, async () => this.told(part, written, await this.sendRows(kind, body, complete, part)), body.length);
  }

  private async sendRows(kind: FolderKind, body: string, complete: boolean, part: string, source?: string): Promise<FolderRowsResult> {
    const query = { ...this.marks, complete: complete ? 'yes' : 'no', source };
    const { job } = await this.api.send<{ job: JobView }>(`/folder-imports/${kind}`, body, query, { 'Content-Type': 'application/x-ndjson' });
    return this.api.follow<FolderRowsResult>(job.id, this.bar(part, body.length));
  }

  private told<T>(part: string, written: readonly Written<T>[], { refused, kept, changed, unchanged, retracted }: FolderRowsResult): Partial<SentPart> {
    const start = { file: this.contents.company.file, line: 1, column: 1 };
    for (const { at, code, message } of refused) this.problems.push(problemAt(written[at]?.at ?? start, message, code));
    for (const one of kept) {
      const place = placeOf(written, one) ?? start;
      this.kept.push({ part, file: place.file, line: place.line, what: `${one.id} ${one.key}`, by: one.by, since: one.since, reason: one.reason, instead: one.instead });
    }
    return { changed, unchanged, retracted };
  }

  /** Whether what depends on the document can go on: also where the server keeps its own, or lets somebody else change it. */
  private async document(part: string, written: WrittenDocument, path: string, body: Readonly<Record<string, unknown>>): Promise<boolean> {
    let sound = true;
    await this.attempt(part, async () => {
      try {
        const { changed } = await this.api.send<{ changed: boolean }>(path, { ...body, reason: this.reason, import: this.id, ...(path !== '/plans' && { overwrite: this.sending.overwrite ?? false }) });
        return changed ? { changed: 1 } : { unchanged: 1 };
      } catch (error) {
        if (!(error instanceof Answered) || error.status === 403 || error.status === 401 || error.status >= 500) throw error;
        if (error.problem.code === 'ENTERED_BY_HAND') this.keep(part, written, error);
        else {
          sound = false;
          this.problems.push(...documentProblems(errorIn(error), written));
        }
        return {};
      }
    }, DOCUMENT);
    return sound;
  }

  private keep(part: string, written: WrittenDocument, { problem }: Answered): void {
    const { by, since, reason } = problem.about as unknown as { by: string; since: string; reason: string | null };
    this.kept.push({ part, file: written.file, line: written.locate([]).line, what: problem.detail ?? part, by, since, reason, instead: written.file });
  }

  private async plans(): Promise<void> {
    const { plans } = this.contents;
    for (const [index, plan] of plans.entries()) {
      if (await this.isPublished(plan)) {
        await this.attempt(`plan ${String(plan.value['plan'])}`, async () => ({ unchanged: 1 }), DOCUMENT);
        continue;
      }
      await this.document(`plan ${String(plan.value['plan'])}`, plan, '/plans', { document: plan.value });
      // Who may not publish one may not publish another, and each would only repeat that.
      if (this.parts.at(-1)?.state !== 'refused') continue;
      this.parts.push({ ...this.parts.pop()!, part: index === 0 ? 'plans' : `plans from ${String(plan.value['plan'])} on` });
      this.done += DOCUMENT * (plans.length - index - 1);
      return;
    }
    const named = new Set(plans.map(({ value }) => `${String(value['plan'])} ${String(value['version'])}`));
    const { rows } = await this.api.get<{ rows: { plan: string; version: string }[] }>('/plans');
    const gone = rows.filter(({ plan, version }) => !named.has(`${plan} ${version}`));
    if (gone.length > 0) await this.attempt('plans no longer in the folder', () => this.retractPlans(gone), 0);
  }

  /** Whether the server has this version just so, which then needs no right to publish. */
  private async isPublished({ value }: WrittenDocument): Promise<boolean> {
    const [plan, version] = [String(value['plan']), String(value['version'])];
    try {
      const found = await this.api.get<{ document: unknown }>(`/plans/${encodeURIComponent(plan)}/versions/${encodeURIComponent(version)}`);
      return canonicalJson(found.document) === canonicalJson(value);
    } catch (error) {
      if (error instanceof Answered && error.status !== 401 && error.status < 500) return false;
      throw error;
    }
  }

  private async retractPlans(gone: readonly { plan: string; version: string }[]): Promise<Partial<SentPart>> {
    let retracted = 0;
    for (const { plan, version } of gone) {
      const path = `/plans/${encodeURIComponent(plan)}/versions/${encodeURIComponent(version)}/retract`;
      try {
        await this.api.send(path, { reason: this.reason, import: this.id, overwrite: this.sending.overwrite ?? false });
        retracted += 1;
      } catch (error) {
        if (!(error instanceof Answered) || error.problem.code !== 'ENTERED_BY_HAND') throw error;
        this.keep('plans', this.contents.company, error);
      }
    }
    return { retracted };
  }

  private async sources(): Promise<Set<WrittenSource>> {
    const mapped = new Set<WrittenSource>();
    for (const source of this.contents.sources) {
      const { document } = source;
      if (await this.document(`source ${source.source} ${source.as}`, document, '/sources', { document: document.value })) mapped.add(source);
    }
    return mapped;
  }

  private async exports({ source, as, files }: WrittenSource): Promise<void> {
    const several = files.length > 1 ? 'each of several files says only a part' : null;
    for (const file of files) {
      const part = `${as} of ${source}: ${basename(file)}`;
      const { size } = await stat(file);
      if (as === 'people' || as === 'quotas' || as === 'leaves') await this.attempt(part, () => this.planningExport(part, source, as, file, files.length === 1 && (as === 'leaves' || this.contents[as].length === 0)), size);
      else await this.attempt(part, () => this.export(part, source, as, file, several), size);
    }
  }

  private async export(part: string, source: string, as: string, file: string, several: string | null): Promise<Partial<SentPart>> {
    const { size } = await stat(file);
    const { overwrite, reason } = this.marks;
    const query = { as, name: basename(file), complete: several ? 'no' : 'yes', overwrite, reason };
    const { job } = await uploaded<{ job: JobView }>(this.api, `/imports/${encodeURIComponent(source)}`, file, query);
    const { kept, warnings, opened, changed, unchanged, retracted, quarantined, notRetracted } = await this.api.follow<ImportResult>(job.id, this.bar(part, size));
    this.warnings.push(...warnings.map((warning) => ({ ...warning, part })));
    this.kept.push(...kept.map((one: KeptRecord) => ({ part, file, line: 1, what: one.id, by: one.by, since: one.since, reason: one.reason, instead: one.instead })));
    return { changed: opened + changed, unchanged, retracted, quarantined, notRetracted: several ?? notRetracted };
  }

  /** Planning owns people, quotas and leaves: pipeline says what the export says, and planning records it. */
  private async planningExport(part: string, source: string, as: 'people' | 'quotas' | 'leaves', file: string, complete: boolean): Promise<Partial<SentPart>> {
    const read = await uploaded<ReadRows>(this.api, `/imports/${encodeURIComponent(source)}/rows`, file, { as, name: basename(file) });
    for (const { row, field, expected, found } of read.unreadable) {
      this.problems.push(problemAt({ file, line: row, column: 1 }, `${field ?? 'row'}: expected ${expected}${found === null ? '' : `, found ${JSON.stringify(found)}`}`));
    }
    const written = read.rows.map(({ row, fields }) => ({ value: fields, at: { file, line: row, column: 1 } }));
    const body = written.map(({ value }) => `${JSON.stringify(value)}\n`).join('');
    return this.told(part, written, await this.sendRows(as, body, complete && read.unreadable.length === 0, part, as === 'leaves' ? source : undefined));
  }

  /** A part's own progress as a share of the whole. */
  private bar(part: string, size: number): { update(done: number, total: number): void; stop(): void } {
    const from = this.done;
    return {
      update: (done, total) => this.sending.progress?.(from + (total > 0 ? (size * Math.min(done, total)) / total : 0), this.total, part),
      stop: () => undefined,
    };
  }
}

/** Sends a file as it is. */
export async function uploaded<T>(api: Api, path: string, file: string, query: Readonly<Record<string, string | undefined>>): Promise<T> {
  const { size } = await stat(file);
  return api.send<T>(path, Readable.toWeb(createReadStream(file)), query, { 'Content-Type': 'text/csv', 'Content-Length': String(size) });
}

/** A problem document as the error that it was where it arose. */
function errorIn({ problem, message }: Answered): Error {
  const { code = '', detail = message, errors, about } = problem;
  const inside = (field: string) => field.replace(/^document\./, '');
  return errors && errors.length > 0 ? new Malformed(errors.map(({ field, ...error }) => ({ ...error, field: inside(field) }))) : new Refused(code, detail, about);
}

/** The row that speaks of what was kept, or the first of its stream; undefined where the folder no longer names it. */
function placeOf<T>(written: readonly Written<T>[], { at, key }: Kept): Place | undefined {
  const values = (row: Written<T>) => Object.values(row.value as Record<string, unknown>);
  const first = written[at];
  if (!first) return undefined;
  const of = new Set(values(first));
  return (written.find((row) => values(row).includes(key) && of.has(values(row)[0])) ?? first).at;
}
