import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Fact, History } from './api.js';
import { createHistory } from './history.js';
import { resultOf } from '../facts/steps.js';
import { type Asked, randomAsked, randomHistory } from '../testing/random-history.js';
import { randomStory } from '../testing/random-story.js';

const numRuns = Math.ceil(Number(process.env['LAWS_RUNS'] ?? 200) / 10);
const seed = process.env['LAWS_SEED'];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
jest.setTimeout(7_200_000);

const historyOf = (facts: readonly Fact[]): History => {
  const history = createHistory();
  history.append(facts);
  return history;
};
const pay = (history: History, { people, months }: Asked) =>
  JSON.stringify(
    months.map((period) =>
      history.statements(period, undefined, new Set(people)).map(({ participant, payable, lines }) => ({
        participant,
        payable,
        lines: lines.map(({ kind, component, record, payable: amount }) => ({ kind, component, record, amount })),
      })),
    ),
  );

describe('A deal that is supposed to be won', () => {
  it('pays the same as after it is really won, and leaves the history unchanged', () => {
    fc.assert(
      fc.property(randomHistory(), fc.nat(100), randomAsked, (random, nth, asked) => {
        const { facts } = randomStory(random);
        const won = facts.flatMap((fact, index) => (fact.type === 'DealWon' && index > 0 ? [{ fact, index }] : []));
        if (won.length === 0) return;
        const { fact, index } = won[nth % won.length]!;
        const before = facts.slice(0, index);
        const history = historyOf(before);
        const [source = '', id = ''] = fact.stream.slice('deal-'.length).split(':');
        if (history.deal({ source, id })?.status !== 'open') return;
        const now = pay(history, asked);
        const { closed } = fact.data as { closed: string };
        const copy = resultOf(history.supposing([{ source, id, closed, fields: {} }], fact.recorded));
        expect(pay(copy, asked)).toBe(pay(historyOf([...before, fact]), asked));
        expect(pay(history, asked)).toBe(now);
        expect(history.head).toBe(before.at(-1)!.position);
      }),
      { numRuns },
    );
  });
});
