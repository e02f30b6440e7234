import { describe, expect, it } from '@jest/globals';
import {
  type Statement,
  type StatementLine,
  statementContinued,
  statementHash,
  statementIssued,
  type StoredStatement,
  withoutTraces,
} from '@attain/contracts';
import fc from 'fast-check';
import {
  isWhole,
  joined,
  LARGEST_PART,
  type Parts,
  partsOf,
  type StatementEvent,
  withPart,
} from './statement-parts.rules.js';

const runs = { numRuns: Math.ceil(Number(process.env['LAWS_RUNS'] ?? 200) / 5) };
const name = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.constantFrom('Ünsal & Söhne', '株式会社', '🧾'.repeat(20)),
);
const trace: StatementLine['trace'] = {
  planHash: '',
  rule: '',
  inputs: [],
  slices: [],
  arithmetic: '',
  unrounded: '1',
  rounding: '',
};
const first: StatementLine = {
  kind: 'earning',
  plan: 'AE',
  version: '1',
  component: 'Commission',
  period: '2025-01',
  for: null,
  record: { source: 'crm', id: 'D1' },
  date: '2025-01-15',
  causedBy: null,
  credited: '10',
  rate: '10%',
  earned: '1.00',
  earnedCurrency: 'USD',
  payable: '1.00',
  payableCurrency: 'USD',
  cause: null,
  trace,
};
const line = name.map((component): StatementLine => ({
  ...first,
  component,
  record: { source: 'crm', id: component },
}));
const some = <Entry>(entry: fc.Arbitrary<Entry>) => fc.array(entry, { maxLength: 12 });
const optional = <Entry>(entry: fc.Arbitrary<Entry>) => fc.option(some(entry), { nil: undefined });
const waiting = name.map((component) => ({
  plan: 'AE',
  component,
  for: '2024-12',
  record: null,
  known: '2025-01-03',
  cause: { kind: 'quota' as const, event: 'e' },
  earned: '1',
  earnedCurrency: 'USD',
  payable: '1',
  payableCurrency: 'USD',
}));
const statement = fc
  .record({
    components: some(name.map((component) => ({ plan: 'AE', component, earned: '1.00', payable: '1.00', lines: 1 }))),
    lines: some(line),
    exceptions: some(
      name.map((detail) => ({
        code: 'NO_RATE' as const,
        plan: 'AE',
        component: 'Commission',
        participant: 'ann',
        record: null,
        detail,
      })),
    ),
    balances: optional(name.map((plan) => ({ plan, currency: 'USD', draw: '1.00', carried: '0.00' }))),
    held: optional(name.map((plan) => ({ plan, currency: 'USD', amount: '1.00' }))),
    waiting: optional(waiting),
  })
  .map(({ balances, held, waiting: late, ...lists }): Statement => ({
    participant: 'ann',
    period: '2025-01',
    cut: { effective: '2025-01-31', known: '2025-02-01T05:59:59.999Z' },
    currency: 'USD',
    earned: '9000.00',
    payable: '9000.00',
    ...lists,
    ...(balances && { balances }),
    ...(held && { held }),
    ...(late && { waiting: late }),
  }));

const folded = (events: readonly StatementEvent[]): Parts => events.reduce(withPart, []);
const read = (parts: Parts): StoredStatement | undefined => (isWhole(parts) ? joined(parts) : undefined);
const bytes = ({ data }: StatementEvent) => Buffer.byteLength(JSON.stringify(data));

describe('the parts of a statement', () => {
  it('make the same statement together, wherever it was cut, and its hash covers the whole', () => {
    fc.assert(
      fc.property(statement, fc.integer({ min: 1, max: 6000 }), (whole, largest) => {
        const events = partsOf(whole, '1', largest);
        expect(read(folded(events))).toEqual(withoutTraces(whole));
        expect(new Set(events.map(({ data }) => data.hash))).toEqual(new Set([statementHash(whole)]));
        for (const event of events) {
          const { success } = (
            event.type === 'StatementIssued' ? statementIssued : statementContinued
          ).schema.safeParse(event.data);
          expect(success).toBe(true);
        }
      }),
      runs,
    );
  });

  it('are not larger than asked for, in bytes, while no entry is larger by itself', () => {
    fc.assert(
      fc.property(statement, fc.integer({ min: 3000, max: 9000 }), (whole, largest) =>
        expect(Math.max(...partsOf(whole, '1', largest).map(bytes))).toBeLessThanOrEqual(largest),
      ),
      runs,
    );
  });

  it('are not shown as a statement before the last of them is stored', () => {
    fc.assert(
      fc.property(statement, fc.integer({ min: 1, max: 3000 }), (whole, largest) => {
        const events = partsOf(whole, '1', largest);
        events.forEach((_, at) => expect(isWhole(folded(events.slice(0, at + 1)))).toBe(at === events.length - 1));
      }),
      runs,
    );
  });
});

const thousands = (count: number, text: string): Statement => {
  const lines = Array.from({ length: count }, (_, at) => ({
    ...first,
    component: text,
    record: { source: text, id: `${text.slice(0, 390)}${at}` },
  }));
  const empty = {
    participant: 'ann',
    period: '2025-01',
    cut: { effective: '2025-01-31', known: '2025-02-01T05:59:59.999Z' },
    currency: 'USD',
    earned: '9000.00',
    payable: '9000.00',
    components: [],
    exceptions: [],
  };
  return { ...empty, lines };
};

describe('a statement of 5,000 lines', () => {
  it.each([
    ['short names', 'Commission'],
    ['the longest names there may be, of three bytes a letter', '株'.repeat(400)],
  ])('with %s has no event above 256 KiB, its metadata included', (_, text) => {
    const whole = thousands(5000, text);
    const events = partsOf(whole, '1');
    expect(events.length).toBeGreaterThan(5);
    expect(Math.max(...events.map(bytes))).toBeLessThanOrEqual(LARGEST_PART);
    expect(LARGEST_PART).toBeLessThanOrEqual(256 * 1024 - 8 * 1024);
    expect(read(folded(events))).toEqual(withoutTraces(whole));
  });
});

describe('parts that do not follow one another', () => {
  const events = partsOf(thousands(10, 'Commission'), '1', 1000);

  it('are refused: a part too many, one that is missing before it, and one of another statement', () => {
    expect(events.length).toBeGreaterThan(3);
    expect(() => folded([...events, events.at(-1)!])).toThrow('does not follow');
    expect(() => folded([events[0]!, events[2]!])).toThrow(
      'part 3 of the statement of ann for 2025-01 does not follow the 1 parts before it',
    );
    expect(() => folded([events[1]!])).toThrow('does not follow the 0 parts');
    const other = partsOf({ ...thousands(10, 'Commission'), payable: '1.00' }, '1', 1000);
    expect(() => folded([events[0]!, other[1]!])).toThrow('does not follow');
  });

  it('are discarded when a statement is started again', () => {
    expect(isWhole(folded([...events.slice(0, 2), ...events]))).toBe(true);
  });
});
