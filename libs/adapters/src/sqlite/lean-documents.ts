import type { Document, ModelDeclaration } from '@attain/eventsourcing';

/** Documents as texts, without the members that are as the model's `blank` has them, because most documents have many of these. */
export interface LeanDocuments {
  textOf(document: Document): string;
  documentOf(text: string): Document;
}

const whole: LeanDocuments = {
  textOf: (document) => JSON.stringify(document),
  documentOf: (text) => JSON.parse(text) as Document,
};

export function leanDocuments(blank: ModelDeclaration['blank']): LeanDocuments {
  if (!blank) return whole;
  const fields = Object.keys(blank);
  const blanks = new Set(fields);
  for (const value of Object.values(blank)) Object.freeze(value);
  return {
    textOf(document) {
      const lean: Record<string, unknown> = {};
      // Always in this order, because a document that was read has these members first.
      for (const field of fields) if (!isBlank(document[field])) lean[field] = document[field];
      for (const field in document) if (!blanks.has(field)) lean[field] = document[field];
      return JSON.stringify(lean);
    },
    documentOf: (text) => ({ ...blank, ...(JSON.parse(text) as Document) }),
  };
}

function isBlank(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== 'object') return false;
  for (const _ in value) return false;
  return true;
}
