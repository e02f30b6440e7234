import {
  type Context,
  type Decider,
  type Executor,
  type Outcome,
  type ReadModel,
  Refused,
} from '@attain/eventsourcing';
import { type AccountCommand, accountDecider } from '../accounts/account.decider.js';
import { type DealCommand, dealDecider } from '../deals/deal.decider.js';
import { type DealDocument, isUnchanged } from '../deals/deals.projection.js';
import type { BearingQueries } from '../related/bearing.queries.js';
import { type RelatedCommand, relatedDecider, type RelatedKind } from '../related/related.decider.js';
import { type QuarantineCommand, quarantineDecider, type WaitingRow } from '../quarantine/quarantine.decider.js';
import { waitingKey, waitingLine } from '../quarantine/waiting.rules.js';
import { type EnteredRecords, keepingRecords, type KeptRecord } from './entered-deals.js';
import type { As } from './fields.rules.js';
import { type ImportCounts, importDecider } from './import.decider.js';
import type { Line } from './lines.js';
import type { CellProblem } from './cells.rules.js';
import type { Assembled } from './records.rules.js';

/** Rows that may wait before an import stops, because more indicate a wrong mapping. */
const MOST_WAITING = 10_000;
const BATCH = 1000;

export interface BatchParts {
  readonly executor: Executor;
  readonly bearing: BearingQueries;
}
export interface RunPlan {
  readonly import: string;
  readonly source: string;
  readonly as: As;
  /** As people see them. */
  readonly files: readonly string[];
  readonly complete: boolean;
}
interface Entry {
  readonly record: Assembled;
  readonly lines: readonly Line[];
}

/** Executes the commands of rows, thousands at a time, and counts the results. */
export class Batch {
  readonly counts = { rows: 0, opened: 0, changed: 0, unchanged: 0, retracted: 0, quarantined: 0 };
  /** Rows that wait now, from this run or earlier ones. */
  readonly waiting = new Set<string>();
  /** Records that a complete export no longer has, and that the caller may not retract. */
  own = 0;
  /**
   * Records that somebody entered by hand and that differ from the export, by id; none if the export overwrites them.
   */
  readonly kept = new Map<string, KeptRecord>();
  position = 0n;
  private entries: Entry[] = [];
  private rows: WaitingRow[] = [];
  private started = false;
  /** Of the records in hand. */
  private places: ReadonlyMap<string, { file: string; row: number }> = new Map();

  constructor(
    private readonly parts: BatchParts,
    readonly plan: RunPlan,
    readonly context: Context,
    /** Present deals, if the model is known to have them all. */
    private readonly known: ReadModel<DealDocument> | undefined,
    private readonly entered: EnteredRecords | undefined = undefined,
  ) {}

  add(record: Assembled, lines: readonly Line[]): void {
    this.entries.push({ record, lines });
  }

  get isFull(): boolean {
    return this.entries.length >= BATCH || this.rows.length >= BATCH;
  }

  quarantine(row: WaitingRow): void {
    if (this.waiting.has(row.quarantine)) return;
    if (this.waiting.size >= MOST_WAITING) {
      throw new Refused(
        'TOO_MANY_BAD_ROWS',
        `${MOST_WAITING} rows could not be read, the last ${row.file} row ${row.row}: ${row.field ?? 'row'}: expected ${row.expected}; correct the mapping and import again`,
      );
    }
    this.waiting.add(row.quarantine);
    this.counts.quarantined += 1;
    this.rows.push(row);
  }

  /** All lines of a record wait, also those without the problem. */
  quarantineLines(lines: readonly Line[], problem: CellProblem, bad = lines[0]!): void {
    for (const line of lines) {
      const stated =
        line === bad
          ? problem
          : { field: problem.field, expected: `row ${bad.row} of the same record to be readable`, found: null };
      this.quarantine(waitingLine(this.plan, line, stated));
    }
  }

  async flush(): Promise<void> {
    const entries = this.entries;
    this.entries = [];
    if (entries.length > 0) await this.carryOut(this.known ? await this.news(entries, this.known) : entries);
    const rows = this.rows;
    this.rows = [];
    if (rows.length === 0) return;
    await this.recordWaiting(
      rows.map((row) => ({ id: waitingKey(this.plan.as, row), command: { do: 'quarantine' as const, row } })),
    );
  }

  async release(rows: readonly { source: string; quarantine: string }[]): Promise<void> {
    for (let from = 0; from < rows.length; from += BATCH) {
      const part = rows.slice(from, from + BATCH);
      await this.recordWaiting(
        part.map(({ source, quarantine }) => ({
          id: waitingKey(this.plan.as, { source, quarantine }),
          command: { do: 'release' as const, quarantine, source },
        })),
      );
    }
  }

  /** The commands for records that a complete export no longer has. */
  async retract(records: readonly Assembled[]): Promise<void> {
    this.places = new Map();
    const outcomes = await this.executed(records);
    for (const outcome of outcomes) {
      if (outcome instanceof Refused && outcome.code === 'OWN_PAY') this.own += 1;
      else if (outcome instanceof Error) throw outcome;
      else if (outcome.events > 0) this.counts.retracted += 1;
    }
    await this.effect(outcomes);
  }

  /** Another service recorded events for the import up to this position; '0': none. */
  async took(position: string): Promise<void> {
    await this.begin(position);
  }

  async finish(): Promise<ImportCounts> {
    const { import: id, source } = this.plan;
    if (this.started) {
      const outcome = await this.parts.executor.execute(
        importDecider,
        id,
        { do: 'finish', import: id, source, counts: { ...this.counts } },
        this.context,
      );
      await this.effect([outcome]);
    }
    return this.counts;
  }

  private async news(entries: readonly Entry[], known: ReadModel<DealDocument>): Promise<Entry[]> {
    const documents = await known.getMany(entries.map(({ record }) => record.id));
    return entries.filter(({ record }) => {
      const document = documents.get(record.id);
      const { command } = record;
      const same =
        document &&
        command.do === 'sync' &&
        isUnchanged(document, command.status, command.fields as Record<string, string>);
      if (same) this.counts.unchanged += 1;
      return !same;
    });
  }

  private async carryOut(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    this.places = new Map(
      this.entered ? entries.map(({ record, lines: [line] }) => [record.id, { file: line!.file, row: line!.row }]) : [],
    );
    const outcomes = await this.executed(entries.map(({ record }) => record));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome instanceof Error) {
        if (!(outcome instanceof Refused)) throw outcome;
        this.quarantineLines(entries[index]!.lines, problemOf(outcome, entries[index]!.record.id));
      } else {
        if (outcome.events === 0) this.counts.unchanged += 1;
        else if (outcome.revision === outcome.events - 1) this.counts.opened += 1;
        else this.counts.changed += 1;
      }
    }
    await this.effect(outcomes);
  }

  private async executed(records: readonly Assembled[]): Promise<(Outcome | Error)[]> {
    const { executor } = this.parts;
    if (this.entered && this.entered.size > 0) return this.executedKeeping(records, this.entered);
    // All records of a mapping are of one kind.
    const of = records[0]?.of;
    if (of !== undefined)
      return executor.executeMany(
        await this.related(of, records),
        records as readonly { id: string; command: RelatedCommand }[],
        this.context,
      );
    if (this.plan.as === 'accounts')
      return executor.executeMany(
        accountDecider,
        records as readonly { id: string; command: AccountCommand }[],
        this.context,
      );
    return executor.executeMany(dealDecider, records as readonly { id: string; command: DealCommand }[], this.context);
  }

  private async related(of: RelatedKind, records: readonly Assembled[]) {
    return relatedDecider(
      of,
      await this.parts.bearing.ofCommands(
        of,
        records as readonly { id: string; command: RelatedCommand }[],
        this.context,
      ),
    );
  }

  private async executedKeeping(records: readonly Assembled[], entered: EnteredRecords): Promise<(Outcome | Error)[]> {
    const commands = records.map(({ id, command }) => ({ id, command: { id, command } }));
    const report = (kept: KeptRecord): void => void this.kept.set(kept.id, { ...kept, ...this.places.get(kept.id) });
    const carry = <S, C, E extends { type: string; data: unknown }>(decider: Decider<S, C, E>) =>
      this.parts.executor.executeMany(
        keepingRecords(decider, entered, report),
        commands as unknown as readonly { id: string; command: { id: string; command: C } }[],
        this.context,
      );
    const of = records[0]?.of;
    if (of !== undefined) return carry(await this.related(of, records));
    return this.plan.as === 'accounts' ? carry(accountDecider) : carry(dealDecider);
  }

  private async recordWaiting(commands: readonly { id: string; command: QuarantineCommand }[]): Promise<void> {
    const outcomes = await this.parts.executor.executeMany(quarantineDecider, commands, this.context);
    for (const outcome of outcomes) {
      if (!(outcome instanceof Error)) continue;
      // The record of a row that a person has corrected is stored already.
      if (!(outcome instanceof Refused) || outcome.code !== 'CORRECTED') throw outcome;
      this.counts.quarantined -= 1;
      this.counts.unchanged += 1;
    }
    await this.effect(outcomes);
  }

  private async effect(outcomes: readonly (Outcome | Error)[]): Promise<void> {
    let last = '0';
    for (const outcome of outcomes)
      if (!(outcome instanceof Error) && outcome.events > 0 && outcome.position !== last)
        last = this.furthest(outcome.position);
    await this.begin(last);
  }

  private async begin(position: string): Promise<void> {
    if (position === '0') return;
    this.furthest(position);
    if (this.started) return;
    this.started = true;
    const { import: id, source, files, complete } = this.plan;
    await this.parts.executor.execute(
      importDecider,
      id,
      { do: 'start', import: id, source, files, complete },
      this.context,
    );
  }

  private furthest(text: string): string {
    const position = BigInt(text);
    if (position > this.position) this.position = position;
    return text;
  }
}

/** Why a record was refused, as an error of the quarantine. */
function problemOf({ code, message, detail }: Refused, record: string): CellProblem {
  if (code === 'INVOICE_UNKNOWN') {
    const [source = '', ...id] = record.split(':');
    return { field: 'invoice', expected: `an invoice that exists in source ${source}`, found: id.join(':') };
  }
  if (code === 'DEAL_UNKNOWN') {
    const [source = '', ...id] = record.split(':');
    return { field: 'deal', expected: `a deal that exists in source ${source}`, found: id.join(':') };
  }
  const field = detail?.['field'];
  return {
    field: typeof field === 'string' ? field : null,
    expected: `a valid record, but it was rejected: ${message}`,
    found: null,
  };
}
