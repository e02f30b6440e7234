import { compareBytes } from '@attain/values';
import {
  type Aggregate,
  type Document,
  type Filter,
  type Find,
  type ModelDeclaration,
  type ModelWriter,
  type ParkedEvent,
  type Placed,
  type ReadModel,
  type ReadModels,
  type Scalar,
} from '../ports.js';
import { checkAggregate, checkFilter, checkFind, compareScalars, matches, scalarAt } from '../query.rules.js';

interface Version {
  version: number;
  position: bigint;
  seal?: string;
  documents: Map<string, Placed>;
}
interface Model {
  serving: Version | undefined;
  versions: Map<number, Version>;
}

/** The reference implementation of the read models, as short as possible; its documents end with the process. */
export function createMemoryReadModels(): ReadModels {
  const models = new Map<string, Model>();
  const parked = new Map<string, ParkedEvent>();

  function modelOf(name: string): Model {
    const model = models.get(name) ?? { serving: undefined, versions: new Map<number, Version>() };
    models.set(name, model);
    return model;
  }
  function versionOf({ name, version }: ModelDeclaration): Version {
    const { versions } = modelOf(name);
    const found = versions.get(version) ?? { version, position: 0n, documents: new Map<string, Placed>() };
    versions.set(version, found);
    return found;
  }
  function serving(name: string): Version | undefined {
    const model = models.get(name);
    return model && (model.serving ?? [...model.versions.values()].sort((a, b) => b.version - a.version)[0]);
  }

  return {
    model: <D extends Document>(name: string) => readModel<D>(() => serving(name)),
    async writer<D extends Document>(declaration: ModelDeclaration) {
      return writerOf<D>(declaration, versionOf(declaration), parked);
    },
    async serve(declaration) {
      const model = modelOf(declaration.name);
      const version = versionOf(declaration);
      model.serving = version;
      for (const older of [...model.versions.keys()]) if (older < version.version) model.versions.delete(older);
    },
    async forget({ name, version }) {
      const model = modelOf(name);
      model.versions.delete(version);
      if (model.serving?.version === version) model.serving = undefined;
      for (const [key, event] of parked) if (event.group === `${name}@${version}`) parked.delete(key);
    },
    async parked(group) {
      const events = [...parked.values()].filter((event) => group === undefined || event.group === group);
      return events
        .sort(
          (a, b) =>
            compareBytes(a.group, b.group) || Number(a.position - b.position) || compareBytes(a.key ?? '', b.key ?? ''),
        )
        .map((event) => ({ ...event }));
    },
    async close() {},
  };
}

function writerOf<D extends Document>(
  declaration: ModelDeclaration,
  version: Version,
  parked: Map<string, ParkedEvent>,
): ModelWriter<D> {
  return {
    async position() {
      return version.position;
    },
    async seal() {
      return version.seal;
    },
    async getMany(keys) {
      return new Map(
        keys.flatMap((key) =>
          version.documents.has(key) ? [[key, structuredClone(version.documents.get(key)) as Placed<D>] as const] : [],
        ),
      );
    },
    async commit({ after, position, seal, documents, park = [], redriven = [] }) {
      if (after !== version.position)
        throw new Error(`${declaration.name}@${declaration.version} is at ${version.position}, not at ${after}`);
      for (const [key, placed] of documents) version.documents.set(key, structuredClone(placed));
      for (const event of redriven) parked.delete(parkedKey(event));
      for (const event of park) parked.set(parkedKey(event), { ...event });
      if (seal !== undefined || position !== after) version.seal = seal;
      version.position = position;
    },
  };
}

function readModel<D extends Document>(version: () => Version | undefined): ReadModel<D> {
  function all(filter: Filter | undefined): [string, D][] {
    const documents = [...(version()?.documents ?? [])].flatMap(([key, { document }]) =>
      document ? [[key, document as D] as [string, D]] : [],
    );
    return documents.filter(([, document]) => matches(document, filter)).sort(([a], [b]) => compareBytes(a, b));
  }
  return {
    async get(key) {
      return structuredClone(version()?.documents.get(key)?.document as D | undefined);
    },
    async getMany(keys) {
      const documents = version()?.documents;
      return new Map(
        keys.flatMap((key) =>
          documents?.get(key)?.document ? [[key, structuredClone(documents.get(key)?.document) as D] as const] : [],
        ),
      );
    },
    async find(find: Find = {}) {
      checkFind(find);
      const { filter, sort = [], limit = Infinity, offset = 0 } = find;
      const found = all(filter).sort(([, a], [, b]) => {
        for (const { field, order } of sort) {
          const difference = compareScalars(scalarAt(a, field) ?? null, scalarAt(b, field) ?? null);
          if (difference !== 0) return order === 'ascending' ? difference : -difference;
        }
        return 0;
      });
      return found.slice(offset, offset + limit).map(([, document]) => structuredClone(document));
    },
    async count(filter) {
      checkFilter(filter);
      return all(filter).length;
    },
    async aggregate(aggregate) {
      checkAggregate(aggregate);
      return aggregated(
        aggregate,
        all(aggregate.filter).map(([, document]) => document),
      );
    },
    async position() {
      return version()?.position ?? 0n;
    },
  };
}

function aggregated({ groupBy, measures }: Aggregate, documents: readonly Document[]): Record<string, Scalar>[] {
  const groups = new Map<string, { values: Scalar[]; documents: Document[] }>();
  for (const document of documents) {
    const values = groupBy.map((field) => scalarAt(document, field) ?? null);
    const group = groups.get(JSON.stringify(values)) ?? { values, documents: [] };
    group.documents.push(document);
    groups.set(JSON.stringify(values), group);
  }
  const ordered = [...groups.values()].sort((a, b) => {
    for (const [n, value] of a.values.entries()) {
      const difference = compareScalars(value, b.values[n] as Scalar);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return ordered.map((group) => {
    const row: Record<string, Scalar> = {};
    groupBy.forEach((field, n) => (row[field] = group.values[n] as Scalar));
    for (const [name, measure] of Object.entries(measures)) row[name] = measured(measure, group.documents);
    return row;
  });
}

function measured(measure: Aggregate['measures'][string], documents: readonly Document[]): number | null {
  if ('count' in measure) return documents.length;
  const field = Object.values(measure)[0] as string;
  const numbers = documents.map((document) => document[field]).filter((value) => typeof value === 'number');
  const sum = numbers.reduce((total, value) => total + value, 0);
  if ('sum' in measure) return sum;
  if (numbers.length === 0) return null;
  if ('average' in measure) return sum / numbers.length;
  return numbers.reduce((a, b) => ('min' in measure ? Math.min(a, b) : Math.max(a, b)));
}

function parkedKey({ group, position, key }: ParkedEvent): string {
  return JSON.stringify([group, String(position), key]);
}
