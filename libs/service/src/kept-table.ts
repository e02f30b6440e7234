import {
  type Document,
  type Find,
  type ModelDeclaration,
  type ModelWriter,
  type ReadModels,
  StoreFull,
} from '@attain/eventsourcing';

const ATTEMPTS = 20;

/**
 * Documents beside the read models that no event rebuilds, such as sessions, which are not facts of the business. The
 * table's position counts its changes, so that two writers, of one process or of several, cannot overwrite each other.
 */
export class KeptTable<D extends Document> {
  private readonly declaration: ModelDeclaration;
  private writer: Promise<ModelWriter<D>> | undefined;
  private last: Promise<unknown> = Promise.resolve();
  /** Changes that a full disk prevented; stored with the next change that succeeds. */
  private readonly unwritten = new Map<string, D | undefined>();

  constructor(
    private readonly models: ReadModels,
    name: string,
    /** Whether a change is kept in memory if the disk is full, so that reads continue; a restart may lose it. */
    private readonly fleeting = false,
  ) {
    this.declaration = { name, version: 1, indexes: [], durable: true };
  }

  async get(key: string): Promise<D | undefined> {
    if (this.unwritten.has(key)) return this.unwritten.get(key);
    await this.reading();
    return this.models.model<D>(this.declaration.name).get(key);
  }

  async find(find?: Find): Promise<D[]> {
    await this.reading();
    const found = await this.models.model<D>(this.declaration.name).find(find);
    if (this.unwritten.size === 0) return found;
    const fits = (document: D) =>
      Object.entries(find?.filter ?? {}).every(([field, value]) => document[field] === value);
    return [
      ...found.filter(({ key }) => !this.unwritten.has(String(key))),
      ...[...this.unwritten.values()].filter((document) => document !== undefined && fits(document)),
    ] as D[];
  }

  /** Stores the new document of each key; undefined removes it, and the same object leaves it unchanged. */
  async change(keys: readonly string[], change: (known: D | undefined, key: string) => D | undefined): Promise<void> {
    const work = this.last
      .then(() => this.attempt(keys, change, 1))
      .catch((error: unknown) => {
        if (!this.fleeting || !(error instanceof StoreFull)) throw error;
        return this.hold(keys, change);
      });
    this.last = work.catch(() => undefined);
    await work;
  }

  private async attempt(
    keys: readonly string[],
    change: (known: D | undefined, key: string) => D | undefined,
    attempt: number,
  ): Promise<void> {
    const table = await this.opened();
    const after = await table.position();
    const position = after + 1n;
    const known = await table.getMany(keys);
    const changed = keys.flatMap((key) => {
      const before = this.unwritten.has(key) ? this.unwritten.get(key) : known.get(key)?.document;
      const document = change(before, key);
      return document === before ? [] : [[key, { document, position }] as const];
    });
    if (changed.length === 0) return;
    const held = [...this.unwritten].map(([key, document]) => [key, { document, position }] as const);
    try {
      await table.commit({ after, position, documents: new Map([...held, ...changed]) });
      for (const [key] of held) this.unwritten.delete(key);
    } catch (error) {
      if (attempt === ATTEMPTS || (await table.position()) === after) throw error;
      await this.attempt(keys, change, attempt + 1);
    }
  }

  private async hold(
    keys: readonly string[],
    change: (known: D | undefined, key: string) => D | undefined,
  ): Promise<void> {
    for (const key of keys) this.unwritten.set(key, change(await this.get(key), key));
  }

  /** A table that does not fit on a full disk counts as empty. */
  private async reading(): Promise<void> {
    await this.opened().catch((error: unknown) => {
      if (!this.fleeting || !(error instanceof StoreFull)) throw error;
    });
  }

  private async opened(): Promise<ModelWriter<D>> {
    this.writer ??= this.models.writer<D>(this.declaration).then(async (writer) => {
      await this.models.serve(this.declaration);
      return writer;
    });
    try {
      return await this.writer;
    } catch (error) {
      this.writer = undefined;
      throw error;
    }
  }
}
