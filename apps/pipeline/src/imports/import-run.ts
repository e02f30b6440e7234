import type { SourceDocument } from '@attain/contracts';
import { Transient } from '@attain/eventsourcing';
import { Malformed } from '@attain/service';
import type { QuarantineDocument } from '../quarantine/quarantine.projection.js';
import { waitingRecord } from '../quarantine/waiting.rules.js';
import { WHOLE_LINE } from '../quarantine/whole-line.js';
import type { Reading } from '../reading/reading.js';
import type { Batch } from './batch.js';
import { fieldsOf, isRelated } from './fields.rules.js';
import { KeyTable } from './key-table.js';
import { type ImportFile, type Line, readLines } from './lines.js';
import { dealSourceOf, type Known } from './lookup.queries.js';
import { BadMapping, keyField, type Mapping, mapping } from './mapping.rules.js';
import { assembled } from './records.rules.js';

/** Bytes read so far, and bytes in all; each file is read twice. */
export interface ImportProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly rows: number;
  readonly quarantined: number;
}
export interface Watch {
  progress?(progress: ImportProgress): void;
  readonly signal?: AbortSignal;
}

/** The limit of lines of one record, or of contradicting rows, that are held until the last of them. */
const MOST_HELD = 500_000;

/**
 * Reads files twice: first only their keys, so that the second pass knows of each row whether other rows are of the same
 * record, and which is the last. It holds only the hashes of keys and incomplete records.
 */
export class ImportRun {
  private readonly table = new KeyTable();
  private readonly held = new Map<string, Line[]>();
  /** By header, because the files of one source may have different columns. */
  private readonly mappings = new Map<readonly string[], Mapping>();
  private heldLines = 0;
  private ordinal = 0;
  private unreadable = 0;
  private bytes = 0;
  private readonly lineByLine: boolean;
  private readonly deals: string;

  constructor(
    private readonly batch: Batch,
    private readonly files: readonly ImportFile[],
    private readonly document: SourceDocument,
    private readonly known: Known,
    private readonly watch: Watch,
    private readonly reading: Reading,
  ) {
    const { as } = batch.plan;
    this.lineByLine = as === 'accounts' || isRelated(as) || (as === 'deals' && document.group === undefined);
    this.deals = document.deal?.of ?? dealSourceOf(known, document.source);
  }

  async run(): Promise<void> {
    for (const file of this.files) await this.survey(file);
    this.ordinal = 0;
    for (const file of this.files) await this.carry(file);
    for (const [key, lines] of this.held) this.assemble(key, lines);
    this.held.clear();
    await this.batch.flush();
  }

  /** Rows without a readable key: each may be a record that seems to be gone. */
  get unreadableRows(): number {
    return this.unreadable;
  }

  has(key: string): boolean {
    return this.table.has(key);
  }

  private async survey(file: ImportFile): Promise<void> {
    let compiled: Mapping;
    await this.read(file, {
      header: (header) => (compiled = this.compile(file, header)),
      line: ({ cells }) => {
        const key = compiled.key(cells);
        if (key !== undefined) this.table.add(key, cells, compiled.columns, (this.ordinal += 1));
      },
      bad: () => undefined,
      chunk: () => undefined,
    });
  }

  private async carry(file: ImportFile): Promise<void> {
    const { batch } = this;
    let current: Mapping;
    await this.read(file, {
      header: (header) => this.mappings.set(header, (current = this.compile(file, header))),
      line: (line) => {
        batch.counts.rows += 1;
        this.reading.line(current, line);
        this.take(current, line);
      },
      bad: (record) => {
        batch.counts.rows += 1;
        this.unreadable += 1;
        batch.quarantine(waitingRecord(batch.plan, file.name, record));
      },
      chunk: () => (batch.isFull ? batch.flush() : undefined),
    });
  }

  private take(compiled: Mapping, line: Line): void {
    const key = compiled.key(line.cells);
    if (key === undefined) {
      this.unreadable += 1;
      this.batch.quarantineLines([line], {
        field: this.keyField(),
        expected: 'the fields that identify the record',
        found: null,
      });
      return;
    }
    this.ordinal += 1;
    const entry = this.table.entry(key);
    if (entry.last < this.ordinal) throw new Transient(`${line.file} changed while it was read; import it again`);
    if (!entry.many) this.assemble(key, [line]);
    else if (this.lineByLine && !entry.conflict) {
      if (this.table.take(entry)) this.assemble(key, [line]);
    } else this.hold(key, line, entry.last);
  }

  private hold(key: string, line: Line, last: number): void {
    const lines = this.held.get(key);
    if (lines) lines.push(line);
    else this.held.set(key, [line]);
    this.heldLines += 1;
    if (this.heldLines > MOST_HELD) {
      throw new Malformed([
        {
          field: 'files',
          message: `${line.file}: row ${line.row}: the rows of one record lie too far apart: sort the export by its ${this.keyField()}`,
        },
      ]);
    }
    if (this.ordinal !== last) return;
    const all = this.held.get(key)!;
    this.held.delete(key);
    this.heldLines -= all.length;
    this.assemble(key, all);
  }

  private assemble(key: string, lines: readonly Line[]): void {
    if (this.lineByLine && lines.length > 1 && this.contradict(key, lines)) return;
    const record = assembled(
      (line) => this.mappings.get(line.header)!,
      key,
      this.lineByLine ? lines.slice(0, 1) : lines,
      this.deals,
    );
    if ('line' in record) this.batch.quarantineLines(lines, record, record.line);
    else this.batch.add(record, lines);
  }

  private contradict(key: string, lines: readonly Line[]): boolean {
    const body = ({ header, cells }: Line) =>
      this.mappings
        .get(header)!
        .columns.map((column) => cells[column])
        .join('\u0000');
    if (new Set(lines.map(body)).size === 1) return false;
    const several = new Set(lines.map(({ file }) => file)).size > 1;
    const rows = lines.map(({ file, row }) => (several ? `${file} row ${row}` : `row ${row}`)).join(' and ');
    for (const line of lines) {
      this.batch.quarantineLines([line], {
        field: this.keyField(),
        expected: `rows of one record that say the same, but ${rows} differ`,
        found: key,
      });
    }
    return true;
  }

  private keyField(): string {
    const { as } = this.batch.plan;
    return keyField(
      as,
      this.document.deal ? { ...this.document.columns, deal: this.document.deal } : this.document.columns,
    );
  }

  private compile(file: ImportFile, header: readonly string[]): Mapping {
    return compiled(this.document, this.batch.plan.as, header, this.known, file.name);
  }

  private async read(file: ImportFile, sink: Parameters<typeof readLines>[2]): Promise<void> {
    const { progress, signal } = this.watch;
    const totalBytes = 2 * this.files.reduce((all, { bytes }) => all + bytes, 0);
    const chunk = async (bytes: number) => {
      this.bytes += bytes;
      await sink.chunk(bytes);
      progress?.({
        bytes: this.bytes,
        totalBytes,
        rows: this.batch.counts.rows,
        quarantined: this.batch.counts.quarantined,
      });
    };
    await readLines(file, this.document, { ...sink, chunk }, signal);
  }
}

/** A mapping for one header; Malformed with every error, each naming the file. */
export function compiled(
  document: SourceDocument,
  as: Mapping['as'],
  header: readonly string[],
  known: Known,
  file: string,
): Mapping {
  try {
    return mapping(document, as, header, fieldsOf(as, known.company), known.lookups);
  } catch (error) {
    if (!(error instanceof BadMapping)) throw error;
    throw new Malformed(
      error.problems.map(({ path, message }) => ({ field: path.join('.'), message: `${file}: ${message}` })),
    );
  }
}

/** Waiting rows that the import settles: their record was read now, or a complete export no longer has them. */
export function settledRows(
  run: ImportRun,
  batch: Batch,
  waiting: readonly QuarantineDocument[],
  document: SourceDocument,
  known: Known,
): QuarantineDocument[] {
  return waiting.filter((row) => {
    if (batch.waiting.has(row.quarantine)) return false;
    if (batch.plan.complete) return true;
    const header = Object.keys(row.raw);
    if (header[0] === WHOLE_LINE && header.length === 1) return false;
    try {
      const key = mapping(document, batch.plan.as, header, fieldsOf(batch.plan.as, known.company), known.lookups).key(
        header.map((name) => row.raw[name]!),
      );
      return key !== undefined && run.has(key);
    } catch (error) {
      if (error instanceof BadMapping) return false;
      throw error;
    }
  });
}
