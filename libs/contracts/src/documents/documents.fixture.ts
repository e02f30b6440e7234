import { expect } from '@jest/globals';
import {
  type DocumentKind,
  formatProblem,
  parseDocuments,
  validateCompany,
  validatePlan,
  validateScenario,
  validateSource,
} from '../index.js';

const validators = { plan: validatePlan, company: validateCompany, source: validateSource, scenario: validateScenario };

/** The document of a readable text. */
export function nodeOf(text: string) {
  const { documents, problems } = parseDocuments(text, 'f.yaml');
  expect(problems).toEqual([]);
  return documents[0]!;
}

/** The problems of a document, line by line. */
export function messages(kind: DocumentKind, text: string): string[] {
  return validators[kind](nodeOf(text)).problems.map(formatProblem);
}
