import { stringify } from 'yaml';

/** A document in the form of a file of a company folder; each value stays on one line. */
export function yamlOf(document: Readonly<Record<string, unknown>>): string {
  return stringify(document, { lineWidth: 0 });
}
