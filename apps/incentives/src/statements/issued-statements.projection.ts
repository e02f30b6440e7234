import type { Projection } from '@attain/eventsourcing';
import { type StatementIssued, statementId } from './statement.decider.js';

/** What a list shows of an issued statement; the whole of it stands in its event. */
export type IssuedStatement = {
  participant: string;
  period: string;
  currency: string;
  earned: string;
  payable: string;
  lines: number;
  exceptions: number;
  /** Late changes that wait for a review, and are in no sum. */
  waiting: number;
  hash: string;
  issued: string;
};

export const issuedStatements: Projection<IssuedStatement, StatementIssued> = {
  name: 'issued-statements',
  version: 2,
  indexes: [['period', 'participant'], ['participant']],
  categories: ['statement'],
  keys: ({ data }) => [statementId(data.participant, data.period)],
  evolve: (_, { data: { participant, period, statement, hash }, meta }) => ({
    participant,
    period,
    currency: statement.currency,
    earned: statement.earned,
    payable: statement.payable,
    lines: statement.lines.length,
    exceptions: statement.exceptions.length,
    waiting: statement.waiting?.length ?? 0,
    hash,
    issued: meta.recorded,
  }),
};
