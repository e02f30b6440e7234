import { canonicalJson, compareBytes } from '@attain/values';
import type { Change } from './plans.answers.js';

export type { Change } from './plans.answers.js';

/**
 * The changes from one document to another, at the deepest place. Members of a list with names are compared by name, so
 * an inserted component is one addition; a changed order of named members is not reported.
 */
export function changesBetween(from: unknown, to: unknown, path: readonly (string | number)[] = []): Change[] {
  if (canonical(from) === canonical(to)) return [];
  const [before, after] = [membersOf(from), membersOf(to)];
  if (!before || !after)
    return [{ path: [...path], ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
  const keys = [...before.keys(), ...[...after.keys()].filter((key) => !before.has(key))];
  return keys.flatMap((key) => changesBetween(before.get(key), after.get(key), [...path, key]));
}

function canonical(value: unknown): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

function membersOf(value: unknown): Map<string | number, unknown> | undefined {
  if (Array.isArray(value)) {
    const names = value.map(nameOf);
    const named = names.every((name) => name !== undefined) && new Set(names).size === names.length;
    return new Map(value.map((member, index) => [named ? names[index]! : index, member]));
  }
  // A store may give back the keys of an object in another order.
  return typeof value === 'object' && value !== null
    ? new Map(Object.entries(value).sort(([a], [b]) => compareBytes(a, b)))
    : undefined;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('name' in value)) return undefined;
  return typeof value.name === 'string' ? value.name : undefined;
}
