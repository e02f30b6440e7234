import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeEvent } from '../events/index.js';
import type { StoredStatement } from './statement.js';
import { type HashRule, statementHash } from './statement-hash.js';

const golden = (version: number) =>
  decodeEvent(
    'StatementIssued',
    version,
    JSON.parse(readFileSync(new URL(`../../golden/StatementIssued.v${version}.json`, import.meta.url), 'utf8')),
  ).data as { statement: StoredStatement; hashRule: HashRule };
/** Independent of the code under test: keys in order, nothing else. */
const sorted = (value: unknown): unknown =>
  value === null || typeof value !== 'object'
    ? value
    : Array.isArray(value)
      ? value.map(sorted)
      : Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, of]) => [key, sorted(of)]),
        );
const sha256 = (value: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');

describe('the hash of a statement', () => {
  it('covers the traces of what an engine issued before version 5, and no trace since', () => {
    const { statement, hashRule } = golden(4);
    expect([hashRule, golden(5).hashRule]).toEqual([1, 2]);
    expect(statementHash(statement, hashRule)).toBe(sha256(statement));
    const bare = { ...statement, lines: statement.lines.map(({ trace: _, ...line }) => line) };
    expect(statementHash(statement)).toBe(sha256(bare));
    const [first, ...rest] = statement.lines;
    const otherWords = {
      ...statement,
      lines: [{ ...first!, trace: { ...first!.trace!, rule: 'in other words' } }, ...rest],
    };
    expect(statementHash(otherWords)).toBe(statementHash(statement));
    expect(statementHash(otherWords, 1)).not.toBe(statementHash(statement, 1));
  });

  it('does not depend on the order of keys, but on every amount and on the order of lines', () => {
    const { statement } = golden(4);
    const { participant, ...rest } = statement;
    expect(statementHash({ ...rest, participant })).toBe(statementHash(statement));
    expect(statementHash({ ...statement, earned: '9000.01' })).not.toBe(statementHash(statement));
    expect(statementHash({ ...statement, lines: [...statement.lines].reverse() })).not.toBe(statementHash(statement));
  });

  it('is the hash of the joined statement that the parts of a golden one contain', () => {
    const first = golden(5) as unknown as { hash: string; statement: StoredStatement };
    const next = JSON.parse(
      readFileSync(new URL('../../golden/StatementContinued.v1.json', import.meta.url), 'utf8'),
    ) as { hash: string; statement: StoredStatement };
    const whole = { ...first.statement };
    for (const name of ['lines', 'exceptions', 'waiting'] as const)
      Object.assign(whole, { [name]: [...(first.statement[name] ?? []), ...(next.statement[name] ?? [])] });
    expect([first.hash, next.hash]).toEqual([statementHash(whole), statementHash(whole)]);
    expect(statementHash(whole)).toBe(statementHash(golden(4).statement));
  });
});
