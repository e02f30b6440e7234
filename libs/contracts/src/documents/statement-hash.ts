import { canonicalJson, sha256 } from '@attain/values';
import { lineSchema, type StatementLine, type StoredLine, type StoredStatement } from './statement.js';

/**
 * The scope of a statement's hash. 1: the statement with the trace of each line. 2: the statement without traces, so that new
 * words in an explanation do not change the hash.
 */
export const hashRules = [1, 2] as const;
export type HashRule = (typeof hashRules)[number];
/** The rule for new statements. */
export const HASH_RULE: HashRule = 2;

const kept = Object.keys(lineSchema.shape).filter((key) => key !== 'trace') as Exclude<keyof StatementLine, 'trace'>[];

/**
 * SHA-256, in hexadecimal, over the UTF-8 bytes of the whole statement as canonical JSON (RFC 8785): keys in order, absent keys left out,
 * each list in the order of the statement, all parts joined. The hash covers neither the engine nor the division into parts.
 */
export function statementHash(statement: StoredStatement, rule: HashRule = HASH_RULE): string {
  return sha256(canonicalJson(rule === 1 ? statement : withoutTraces(statement)));
}

export function withoutTraces(statement: StoredStatement): StoredStatement {
  return { ...statement, lines: statement.lines.map(withoutTrace) };
}

/** Copies key by key, because the trace of a line may be computed on access. */
export function withoutTrace(line: StoredLine): Omit<StoredLine, 'trace'> {
  if (!('trace' in line)) return line;
  const bare: Record<string, unknown> = {};
  for (const key of kept) if (key in line) bare[key] = line[key];
  return bare as Omit<StoredLine, 'trace'>;
}
