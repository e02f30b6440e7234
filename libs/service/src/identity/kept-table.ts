import type { Document, Find, ModelDeclaration, ModelWriter, ReadModels } from '@attain/eventsourcing';

const ATTEMPTS = 20;

/**
 * Documents that no event rebuilds, beside the read models: who may sign in is no fact of the business. The table's position
 * counts its changes, so that two writers, of one process or of several, can't overwrite each other.
 */
export class KeptTable<D extends Document> {
  readonly #declaration: ModelDeclaration;
  #writer: Promise<ModelWriter<D>> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly models: ReadModels,
    name: string,
  ) {
    this.#declaration = { name, version: 1, indexes: [], durable: true };
  }

  async get(key: string): Promise<D | undefined> {
    await this.#opened();
    return this.models.model<D>(this.#declaration.name).get(key);
  }

  async find(find?: Find): Promise<D[]> {
    await this.#opened();
    return this.models.model<D>(this.#declaration.name).find(find);
  }

  /** Writes what each key's document becomes, undefined where it goes; the same object leaves it as it is. */
  async change(keys: readonly string[], change: (known: D | undefined, key: string) => D | undefined): Promise<void> {
    const work = this.#last.then(() => this.#attempt(keys, change, 1));
    this.#last = work.catch(() => undefined);
    await work;
  }

  async #attempt(
    keys: readonly string[],
    change: (known: D | undefined, key: string) => D | undefined,
    attempt: number,
  ): Promise<void> {
    const table = await this.#opened();
    const after = await table.position();
    const position = after + 1n;
    const known = await table.getMany(keys);
    const changed = keys.flatMap((key) => {
      const before = known.get(key)?.document;
      const document = change(before, key);
      return document === before ? [] : [[key, { document, position }] as const];
    });
    if (changed.length === 0) return;
    try {
      await table.commit({ after, position, documents: new Map(changed) });
    } catch (error) {
      if (attempt === ATTEMPTS || (await table.position()) === after) throw error;
      await this.#attempt(keys, change, attempt + 1);
    }
  }

  #opened(): Promise<ModelWriter<D>> {
    this.#writer ??= this.models.writer<D>(this.#declaration).then(async (writer) => {
      await this.models.serve(this.#declaration);
      return writer;
    });
    return this.#writer;
  }
}
