import type { ExampleResult, Problem } from '@attain/compensation';
import type { DocumentNode, DocumentProblem } from '@attain/contracts';
import type { PlacedExample, PlacedProblem } from './plans.answers.js';

/** The name that a message proposes: `… (did you mean "rate"?)`. */
const PROPOSED = /\(did you mean "((?:[^"\\]|\\.)+)"\?\)/;

export function placedProblem({ path, code, message, line, column }: DocumentProblem): PlacedProblem {
  return { path, code, message, line, column, proposal: proposalIn(message) };
}

/** Problems with their places in the text, from top to bottom; no place if the document has no text. */
export function placedProblems(node: DocumentNode, problems: readonly Problem[], hasLines: boolean): PlacedProblem[] {
  const placed = problems.map(({ path, code, message }) => {
    const place = hasLines ? node.locate(path, code === 'unknown-key' ? 'key' : 'value') : { line: null, column: null };
    return { path, code, message, ...place, proposal: proposalIn(message) };
  });
  return placed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** Results of examples with the lines of the document at which they begin and fail. */
export function placedExamples(
  node: DocumentNode,
  results: readonly ExampleResult[],
  hasLines: boolean,
): PlacedExample[] {
  const lineOf = (path: readonly (string | number)[]) => (hasLines ? node.locate(path).line : null);
  return results.map(({ name, passed, failures }, index) => ({
    name,
    passed,
    line: lineOf(['examples', index]),
    failures: failures.map((failure) => ({ ...failure, line: lineOf(failure.path) })),
  }));
}

function proposalIn(message: string): string | null {
  const proposed = PROPOSED.exec(message)?.[1];
  return proposed === undefined ? null : (JSON.parse(`"${proposed}"`) as string);
}
