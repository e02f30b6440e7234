import {
  type Statement,
  type StatementLine,
  type StoredLine,
  type StoredStatement,
  withoutTrace,
} from '@attain/contracts';
import { canonicalJson } from '@attain/values';
import { lineIds } from './line-id.rules.js';
import type { LineDifference } from './statements.answers.js';

export type { LineDifference } from './statements.answers.js';

/** A line with its trace, or with what keeps it from having one. */
export type ExplainedLine = Omit<StatementLine, 'trace'> & {
  id: string;
  trace: StatementLine['trace'] | null;
  differs: LineDifference | null;
};

/**
 * The lines of a statement, or one of them, each with its id and its trace: as it was stored with the line, or of the line that `again`,
 * the statement computed at the same cut, has in its place. The trace of a line that says something else would not sum to the issued one.
 */
export function explainedLines(statement: StoredStatement, again: () => Statement, only?: string): ExplainedLine[] {
  const ids = lineIds(statement);
  let computed: Map<string, StatementLine> | undefined;
  return statement.lines.flatMap((line, at) => {
    const id = ids[at]!;
    if (only !== undefined && id !== only) return [];
    const { trace } = line;
    if (trace !== undefined) return [{ id, ...withoutTrace(line), trace, differs: null }];
    computed ??= byId(again());
    return [{ id, ...withoutTrace(line), ...explained(line, computed.get(id)) }];
  });
}

/** How the line that is computed in the place of an issued one differs from it; null: it is the same line. */
export function differenceOf(issued: StoredLine, computed: StatementLine | undefined): LineDifference | null {
  if (computed === undefined) return { keys: [], computed: null };
  const [was, now] = [withoutTrace(issued), withoutTrace(computed)];
  const keys = (Object.keys(was) as (keyof typeof was)[]).filter(
    (key) => canonicalJson(was[key]) !== canonicalJson(now[key]),
  );
  return keys.length === 0 ? null : { keys, computed: now };
}

function explained(issued: StoredLine, computed: StatementLine | undefined): Pick<ExplainedLine, 'trace' | 'differs'> {
  const differs = differenceOf(issued, computed);
  return { trace: differs === null && computed !== undefined ? computed.trace : null, differs };
}

function byId(statement: Statement): Map<string, StatementLine> {
  const ids = lineIds(statement);
  return new Map(statement.lines.map((line, at) => [ids[at]!, line]));
}
