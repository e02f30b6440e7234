import { type HashRule, type Statement, statementHash } from '@attain/contracts';
import type { PeriodClosed } from '../periods/period.decider.js';
import type { Discrepancy } from './verify.answers.js';

export type { Discrepancy } from './verify.answers.js';

/** An issued statement of the log: the hash that it was issued with, and the hash of its content. */
export interface IssuedHere {
  participant: string;
  period: string;
  hash: string;
  content: string;
  /** The hash of the pay: of the statement without traces. */
  pays: string;
  /** The rule of `hash` and `content`. */
  hashRule: HashRule;
  /** The engine that issued it; null: one that did not name itself. */
  engine: string | null;
}
/** A statement whose traces an older engine worded differently: it pays the same. */
export interface OtherWords {
  code: 'WORDS';
  period: string;
  participant: string;
}
/** Compares the issued statements of a closed period with statements computed from the facts at its cut, one in each step. */
export function* compareInSteps(
  { period, runHash }: Pick<PeriodClosed['data'], 'period' | 'runHash'>,
  now: { recomputed: ReadonlyMap<string, Statement>; runHash: string },
  issued: ReadonlyMap<string, IssuedHere>,
): Generator<void, (Discrepancy | OtherWords)[]> {
  const found: (Discrepancy | OtherWords)[] = [];
  if (now.runHash !== runHash)
    found.push({ code: 'RUN_HASH', period, participant: null, issued: runHash, recomputed: now.runHash, engine: null });
  for (const [id, statement] of now.recomputed) {
    const { participant } = statement;
    const was = issued.get(id);
    // A hash is recomputed by its original rule.
    const recomputed = statementHash(statement, was?.hashRule);
    if (!was) found.push({ code: 'MISSING', period, participant, issued: null, recomputed, engine: null });
    else if (was.content !== was.hash)
      found.push({ code: 'HASH', period, participant, issued: was.hash, recomputed: was.content, engine: was.engine });
    else if (was.hash !== recomputed && was.pays === statementHash(statement))
      found.push({ code: 'WORDS', period, participant });
    else if (was.hash !== recomputed)
      found.push({ code: 'DIFFERS', period, participant, issued: was.hash, recomputed, engine: was.engine });
    yield;
  }
  for (const [id, was] of issued) {
    if (was.period === period && !now.recomputed.has(id))
      found.push({
        code: 'EXTRA',
        period,
        participant: was.participant,
        issued: was.hash,
        recomputed: null,
        engine: was.engine,
      });
  }
  return found;
}
