import { HASH_RULE, statementHash } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { canonicalJson } from '@attain/values';
import {
  isWhole,
  joined,
  type Parts,
  PARTS_AT_ONCE,
  type StatementEvent,
  type StatementIssued,
  withPart,
} from './statement-parts.rules.js';

/** Issues the next parts of a statement, as many as one append takes; called again, it continues. */
export interface IssueStatement {
  do: 'issue';
  /** All parts of the statement. */
  parts: readonly [StatementIssued, ...StatementEvent[]];
}
export interface StatementState {
  parts: Parts;
}

export const statementId = (participant: string, period: string): string => `${participant}~${period}`;

/** Frozen when all parts are stored: the same statement again changes nothing, and another statement for the same period is refused. */
export const statementDecider: Decider<StatementState, IssueStatement, StatementEvent> = {
  category: 'statement',
  initial: { parts: [] },
  decide({ parts }, { parts: stored }) {
    const { participant, period, hash } = parts[0].data;
    if (isWhole(stored)) {
      const { hash: issued, hashRule } = stored[0].data;
      const content = hashRule === HASH_RULE ? issued : statementHash(joined(stored));
      if (content === hash) return [];
      throw new Refused(
        'STATEMENT_FROZEN',
        `the statement of ${participant} for ${period} was issued with the hash ${issued}`,
        { participant, period, issued, hash },
      );
    }
    // An incomplete statement of another engine was never issued.
    const goesOn = stored.every((part, at) => canonicalJson(part) === canonicalJson(parts[at]));
    const begun = goesOn ? stored.length : 0;
    return parts.slice(begun, begun + PARTS_AT_ONCE);
  },
  evolve: ({ parts }, event) => ({ parts: withPart(parts, event) }),
};
