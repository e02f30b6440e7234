import { stringify } from 'yaml';

/** A document as a file of a company folder has it; each value stays on one line. */
export function yamlOf(document: Readonly<Record<string, unknown>>): string {
  return stringify(document, { lineWidth: 0 });
}
