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

/** A line with its trace, or with the reason why it has none. */
export type ExplainedLine = Omit<StatementLine, 'trace'> & {
  id: string;
  trace: StatementLine['trace'] | null;
  differs: LineDifference | null;
};

/**
 * The lines of a statement, or one of them, with ids and traces. A trace is the stored one, or that of the same line in `again`, the
 * statement computed at the same cut. A different line gives no trace, because its trace would not sum to the issued line.
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

/** The differences between an issued line and the same line computed today; null: none. */
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
