import { canonicalJson } from '@attain/values';
import { createMemoryReadModels } from './memory/read-models.js';
import type { Document, ModelDeclaration, ModelWriter, ReadModel, ReadModels, Write } from './ports.js';
import type { Projection } from './projection.js';
import { createProjector, type ProjectorParts } from './projector.js';

export interface ModelDifference {
  /** DIFFERS: the log gives another document. MISSING: the model lacks the log's document. EXTRA: the log gives no such document. */
  code: 'DIFFERS' | 'MISSING' | 'EXTRA';
  /** Null for a document that the log does not give. */
  key: string | null;
  /** The fields that differ. */
  fields: string[];
}
export interface ModelComparison {
  /** `name@version`. */
  model: string;
  position: string;
  /** Documents that the log gives up to this position. */
  documents: number;
  differences: ModelDifference[];
}

export interface Comparing {
  /** Awaited between the steps, so that others have their turn; ends the comparison by throwing. */
  turn?: () => Promise<void>;
  /** Receives the share of the log that is folded, 0 to 1. */
  progress?: (share: number) => void;
}

const AT_ONCE = 100;
const PAGE = 40;
const MOST_DIFFERENCES = 1000;
const ATTEMPTS = 4;

/** Folds the log again up to the position of the serving model, and compares every field of every document. Events that arrive meanwhile are folded too. */
export async function compareModel<D extends Document, E extends { type: string; data: unknown }>(
  projection: Projection<D, E>,
  parts: ProjectorParts,
  { turn = async () => undefined, progress = () => undefined }: Comparing = {},
): Promise<ModelComparison> {
  const served = parts.models.model<D>(projection.name);
  for (let attempt = 1; ; attempt += 1) {
    const position = await served.position();
    const folded = await foldedAnew(projection, parts, position, { turn, progress });
    const differences = await differencesOf(folded, served, turn);
    const moved = (await served.position()) !== position;
    if (differences.length === 0 || !moved || attempt === ATTEMPTS)
      return {
        model: `${projection.name}@${projection.version}`,
        position: String(position),
        documents: folded.size,
        differences,
      };
  }
}

async function foldedAnew<D extends Document, E extends { type: string; data: unknown }>(
  projection: Projection<D, E>,
  parts: ProjectorParts,
  position: bigint,
  { turn, progress }: Required<Comparing>,
): Promise<Map<string, D>> {
  const keys = new Set<string>();
  const models = createMemoryReadModels();
  const noting: ReadModels = {
    ...models,
    async writer<T extends Document>(declaration: ModelDeclaration): Promise<ModelWriter<T>> {
      const writer = await models.writer<T>(declaration);
      return {
        ...writer,
        commit(write: Write<T>) {
          for (const key of write.documents.keys()) keys.add(key);
          return writer.commit(write);
        },
      };
    },
  };
  const projector = await createProjector(projection, { ...parts, models: noting });
  let after = 0n;
  for await (const page of parts.events.readAll({ categories: projection.categories, upTo: position, page: PAGE })) {
    const through = page.at(-1)?.position ?? position;
    await projector.handle(page, { after, through });
    after = through;
    progress(Number(after) / Number(position));
    await turn();
  }
  return allOf(models.model<D>(projection.name), [...keys], turn);
}

async function allOf<D extends Document>(
  model: ReadModel<D>,
  keys: readonly string[],
  turn: Required<Comparing>['turn'],
): Promise<Map<string, D>> {
  const all = new Map<string, D>();
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    for (const [key, document] of await model.getMany(keys.slice(at, at + AT_ONCE))) all.set(key, document);
    await turn();
  }
  return all;
}

async function differencesOf<D extends Document>(
  folded: ReadonlyMap<string, D>,
  served: ReadModel<D>,
  turn: Required<Comparing>['turn'],
): Promise<ModelDifference[]> {
  const differences: ModelDifference[] = [];
  const report = (difference: ModelDifference): void =>
    void (differences.length < MOST_DIFFERENCES && differences.push(difference));
  const keys = [...folded.keys()];
  let present = 0;
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const slice = keys.slice(at, at + AT_ONCE);
    const found = await served.getMany(slice);
    for (const key of slice) {
      await turn();
      const is = found.get(key);
      if (is === undefined) report({ code: 'MISSING', key, fields: [] });
      else {
        present += 1;
        const fields = fieldsThatDiffer(plain(folded.get(key) as D), plain(is));
        if (fields.length > 0) report({ code: 'DIFFERS', key, fields });
      }
    }
  }
  for (let extra = (await served.count()) - present; extra > 0 && differences.length < MOST_DIFFERENCES; extra -= 1)
    report({ code: 'EXTRA', key: null, fields: [] });
  return differences;
}

function fieldsThatDiffer(a: Document, b: Document): string[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.filter(
    (name) => canonicalJson(a[name] ?? null) !== canonicalJson(b[name] ?? null) || name in a !== name in b,
  );
}

/** The document in the form that a store returns. */
function plain(document: Document): Document {
  return JSON.parse(JSON.stringify(document)) as Document;
}
