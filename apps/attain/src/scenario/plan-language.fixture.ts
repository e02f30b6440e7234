import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { root } from '../journeys/booted.fixture.js';

export const pagesFolder = join(root, 'docs/plan-language');
export const examplesFolder = join(pagesFolder, 'examples');
const schemasFolder = join(root, 'libs/contracts/schemas/documents');

/** A section of a page: the keys that its heading names, its text, and its excerpts with the example that each is from. */
export interface Section {
  page: string;
  heading: string;
  keys: string[];
  text: string;
  excerpts: { lines: string[]; example: string | undefined }[];
}

export function sections(): Section[] {
  const pages = readdirSync(pagesFolder).filter((file) => file.endsWith('.md') && file !== 'README.md');
  return pages.sort().flatMap((page) => {
    const [, ...parts] = readFileSync(join(pagesFolder, page), 'utf8')
      .split(/^(?=#+ )/m)
      .map((part) => part.trimEnd());
    return parts.map((part) => sectionOf(page, part));
  });
}

function sectionOf(page: string, part: string): Section {
  const [heading = '', ...rest] = part.split('\n');
  const keys = [...heading.matchAll(/`([^`]+)`/g)].map(([, key]) => key!);
  const text = rest.join('\n');
  const excerpts = [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((found) => ({
    lines: found[1]!.trimEnd().split('\n'),
    example: /\(examples\/([^)]+)\)/.exec(text.slice(found.index + found[0].length))?.[1],
  }));
  return { page, heading, keys, text, excerpts };
}

export interface Key {
  /** As a page names it: `cap.amount` is that of a plan and of a component. */
  name: string;
  /** `plan`, `component`, `company` or `history`, each with the sentence that its JSON Schema shows. */
  places: Map<string, string>;
}

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  properties?: Record<string, Schema>;
  /** Of a mapping whose keys are names. */
  additionalProperties?: Schema | boolean;
  description?: string;
  items?: Schema;
  anyOf?: Schema[];
}
const schemaOf = (kind: string) =>
  JSON.parse(readFileSync(join(schemasFolder, `${kind}.v1.schema.json`), 'utf8')) as Schema;

/** Every key of a plan and of company.yaml by their JSON Schemas, and every kind of step of a history. */
export function planKeys(): ReadonlyMap<string, Key> {
  const keys = new Map<string, Key>();
  const add = (name: string, place: string, description = '') => {
    const key = keys.get(name) ?? { name, places: new Map<string, string>() };
    key.places.set(place, description);
    keys.set(name, key);
  };
  const documents = { plan: schemaOf('plan'), company: schemaOf('company') };
  const walk = (schema: Schema, path: readonly string[], place: string): void => {
    const { $defs } = documents[place === 'company' ? 'company' : 'plan'];
    if (schema.$ref !== undefined) walk($defs![schema.$ref.split('/').at(-1)!]!, path, place);
    for (const [key, value] of Object.entries(schema.properties ?? {})) {
      add([...path, key].join('.'), place, value.description);
      if (path.length === 0 && key === 'components') walk(value, [], 'component');
      else if (key !== 'history') walk(value, [...path, key], place);
    }
    const named = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
    for (const branch of [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items]), ...named])
      walk(branch, path, place);
  };
  walk(documents.plan, [], 'plan');
  walk(documents.company, ['company'], 'company');
  for (const [id, { properties = {} }] of Object.entries(schemaOf('scenario').$defs ?? {})) {
    const step = /^step-(.*)$/.exec(id)?.[1];
    if (step !== undefined && step !== 'plan') add(`history.${step}`, 'history', properties[step]?.description);
  }
  return keys;
}

/** Mappings whose keys are names. */
const ofNames = new Set(['company.measures', 'company.ramp', 'company.fields']);

/** The keys of an example's documents, with their places: `plan draw.amount`, `component tiers.from`, `history history.won`. */
export function keysUsedIn(example: string): ReadonlySet<string> {
  const used = new Set<string>();
  const walk = (value: unknown, path: readonly string[], place: string): void => {
    if (ofNames.has(path.join('.')))
      for (const member of Object.values(value as object)) walk(member, [...path, ''], place);
    else if (Array.isArray(value)) for (const member of value) walk(member, path, place);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inside] of Object.entries(value)) {
        used.add(`${place} ${[...path, key].filter((part) => part !== '').join('.')}`);
        if (place === 'plan' && path.length === 0 && key === 'components') walk(inside, [], 'component');
        else walk(inside, [...path, key], place);
      }
    }
  };
  for (const document of parseAllDocuments(readFileSync(join(examplesFolder, example), 'utf8'))) {
    const { company, history } = document.toJS() as {
      company: { plans?: unknown };
      history: Record<string, unknown>[];
    };
    const { plans, ...settings } = company;
    walk(plans, [], 'plan');
    walk(settings, ['company'], 'company');
    for (const step of history) for (const key of Object.keys(step)) used.add(`history history.${key}`);
  }
  return used;
}
