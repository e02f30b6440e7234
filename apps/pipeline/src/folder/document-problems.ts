import type { DocumentProblem } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { Malformed } from '@attain/service';
import { problemAt, type WrittenDocument } from './company-contents.js';

/** The problems that a command found in a document, each with its place; unexpected errors are thrown. */
export function documentProblems(
  error: unknown,
  written: WrittenDocument,
  inside: readonly (string | number)[] = [],
): DocumentProblem[] {
  const at = (path: readonly (string | number)[]) => ({ file: written.file, ...written.locate([...inside, ...path]) });
  if (error instanceof Malformed) {
    return error.errors.map(({ field, message, code }) => {
      const path = field.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
      return problemAt(at(path), `${field}: ${message}`, code);
    });
  }
  if (!(error instanceof Refused)) throw error;
  const { problems = [], examples = [] } = (error.detail ?? {}) as RefusedPlan;
  const failed = examples
    .filter(({ passed }) => !passed)
    .flatMap(({ name, failures }) => failures.map((failure) => ({ name, ...failure })));
  const found = [
    ...problems.map(({ path, code, message }) => problemAt(at(path), message, code)),
    ...failed.map(({ name, path, expected, actual }) =>
      problemAt(at(path), `the example “${name}” expects ${expected}, but ${actual} comes out`, 'example'),
    ),
  ];
  return found.length > 0 ? found : [problemAt(at([]), error.message, error.code)];
}

/** The details of PLAN_INVALID and PLAN_EXAMPLES of PlanCommands.publish. */
interface RefusedPlan {
  problems?: { path: (string | number)[]; code: string; message: string }[];
  examples?: {
    name: string;
    passed: boolean;
    failures: { path: (string | number)[]; expected: string; actual: string }[];
  }[];
}
