import type { EventOf, Statement, statementIssued } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { canonicalJson, sha256 } from '@attain/values';

export type StatementIssued = EventOf<typeof statementIssued>;
export interface IssueStatement {
  type: 'IssueStatement';
  statement: Statement;
}
export interface StatementState {
  /** Hash of what was issued. */
  issued: string | null;
}

export const statementHash = (statement: Statement): string => sha256(canonicalJson(statement));
export const statementId = (participant: string, period: string): string => `${participant}~${period}`;

/** Frozen for ever: the same statement again is nothing new, another one for the same period is refused. */
export const statementDecider: Decider<StatementState, IssueStatement, StatementIssued> = {
  category: 'statement',
  initial: { issued: null },
  decide({ statement }, { issued }) {
    const { participant, period } = statement;
    const hash = statementHash(statement);
    if (issued === hash) return [];
    if (issued !== null) {
      throw new Refused('STATEMENT_FROZEN', `the statement of ${participant} for ${period} was issued with the hash ${issued}`, { participant, period, issued, hash });
    }
    return [{ type: 'StatementIssued', data: { participant, period, statement, hash } }];
  },
  evolve: (_, { data }) => ({ issued: data.hash }),
};
