import type { Projection } from '@attain/eventsourcing';
import { statementId } from './statement.decider.js';
import type { StatementEvent } from './statement-parts.rules.js';

/** The listed fields of an issued statement; its events contain the whole. */
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
  /** The engine that computed it; null: one that did not name itself. */
  engine: string | null;
  /** When its last part was stored. */
  issued: string;
  parts: number;
  /** Parts that are not stored yet: above 0 the statement is not issued. */
  missing: number;
};

/** Statements whose parts are all stored. */
export const WHOLE = { missing: 0 } as const;

export const issuedStatementsProjection: Projection<IssuedStatement, StatementEvent> = {
  name: 'issued-statements',
  version: 3,
  indexes: [['period', 'participant'], ['participant']],
  categories: ['statement'],
  keys: ({ data }) => [statementId(data.participant, data.period)],
  evolve(document, event) {
    const issued = event.meta.recorded;
    if (event.type === 'StatementContinued') {
      const { part, hash, statement } = event.data;
      if (document === undefined || document.hash !== hash || document.missing !== document.parts - part + 1)
        throw new Error(`part ${part} of a statement does not follow the parts before it`);
      const { lines = [], exceptions = [], waiting = [] } = statement;
      return {
        ...document,
        lines: document.lines + lines.length,
        exceptions: document.exceptions + exceptions.length,
        waiting: document.waiting + waiting.length,
        issued,
        missing: document.missing - 1,
      };
    }
    const { participant, period, statement, hash, engine, parts } = event.data;
    const { currency, earned, payable, lines, exceptions, waiting = [] } = statement;
    return {
      participant,
      period,
      currency,
      earned,
      payable,
      lines: lines.length,
      exceptions: exceptions.length,
      waiting: waiting.length,
      hash,
      engine,
      issued,
      parts,
      missing: parts - 1,
    };
  },
};
