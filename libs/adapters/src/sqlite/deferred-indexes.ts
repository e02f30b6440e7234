import type { ModelDeclaration } from '@attain/eventsourcing';
import type { Step } from './model-thread.js';
import { alone, indexing, type ModelsDatabase, tableName } from './models-database.js';

/** The least number of documents of a commit for which indexes may be removed. */
const BULK = 1000;
/** Indexes are removed while a table has at most this many times the documents of the commit, so that building them again costs less than they save. */
const GROWS = 10;
/** The least number of documents of a batch after which another one is expected soon. */
const FLOWING = 200;
/** Milliseconds without such a batch after which the indexes are built. */
const QUIET = 2000;

/**
 * Removes the indexes of a model while it is filled in bulk, and builds them in one pass afterwards: entry by entry, a large commit changes
 * nearly every page of an index that is not ordered by key. A crash in between leaves them to the next start.
 */
export class DeferredIndexes {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly building = new Map<string, Promise<void>>();
  private readonly removed = new Map<string, ModelDeclaration>();
  private closed = false;

  constructor(private readonly database: ModelsDatabase) {}

  /** The steps that remove the indexes in a commit with so many documents; none if they stay. */
  removing({ name, version }: ModelDeclaration, documents: number): Step[] {
    const table = tableName(name, version);
    if (documents < BULK || this.removed.has(table) || this.building.has(table)) return [];
    const indexes = this.database.statements.indexes.all(`${name}@${version}`) as { name: string }[];
    if (indexes.length === 0 || this.database.rowsOf(table) > documents * GROWS) return [];
    return indexes.map((index) => alone(`DROP INDEX IF EXISTS "${index.name}"`));
  }

  /** After a commit with so many documents, which removed the indexes or not. */
  committed(declaration: ModelDeclaration, documents: number, removed: boolean): void {
    const table = tableName(declaration.name, declaration.version);
    if (removed) this.removed.set(table, declaration);
    if (!this.removed.has(table) || this.building.has(table)) return;
    if (documents >= FLOWING || !this.timers.has(table)) this.expectMore(table);
  }

  /** A large batch of these documents is in hand: its commit follows. */
  expected({ name, version }: ModelDeclaration, documents: number): void {
    if (documents >= FLOWING) this.stopTimer(tableName(name, version));
  }

  /** Resolves when the table has its indexes; a query would read every document without them. */
  async present(table: string): Promise<void> {
    // Without room for an index the query reads every document.
    if (this.removed.has(table)) await this.build(table).catch(() => this.expectMore(table));
    else await this.building.get(table);
  }

  /** Before the table is removed. */
  async forget(table: string): Promise<void> {
    this.stopTimer(table);
    this.removed.delete(table);
    await this.building.get(table);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    await Promise.allSettled(this.building.values());
  }

  private stopTimer(table: string): void {
    clearTimeout(this.timers.get(table));
    this.timers.delete(table);
  }

  private expectMore(table: string): void {
    this.stopTimer(table);
    if (this.closed) return;
    const timer = setTimeout(() => void this.build(table).catch(() => this.expectMore(table)), QUIET);
    timer.unref();
    this.timers.set(table, timer);
  }

  private build(table: string): Promise<void> {
    this.stopTimer(table);
    const known = this.building.get(table);
    if (known) return known;
    const building = this.buildEach(table).finally(() => this.building.delete(table));
    this.building.set(table, building);
    return building;
  }

  /** One transaction for each index, so that commits of other models wait for one of them at most. */
  private async buildEach(table: string): Promise<void> {
    const declaration = this.removed.get(table);
    if (!declaration) return;
    for (const step of indexing(this.database, declaration)) {
      if (this.closed) return;
      await this.database.commit([step]);
    }
    this.removed.delete(table);
  }
}
