import { expect, it, jest } from '@jest/globals';
import { Exact } from '@attain/values';
import fc from 'fast-check';
import type { Explanation, History } from './api.js';
import { createHistory } from './history.js';
import { leaves, nodes } from '../explained/explanation.js';
import { randomHistory } from '../testing/random-history.js';
import { randomStory } from '../testing/random-story.js';

// Each history has some hundred lines, each with an explanation tree.
const numRuns = Math.ceil(Number(process.env['LAWS_RUNS'] ?? 200) / 10);
const seed = process.env['LAWS_SEED'];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
jest.setTimeout(7_200_000);

const people = ['ann', 'bob', 'cid', 'mo', 'vic'];
const months = ['2025-01', '2025-02', '2025-03', '2025-04'];
const sum = (parts: readonly Explanation[]) =>
  parts.reduce((total, { amount }) => total.plus(Exact.parse(amount)), Exact.zero);
/** Rounding never changes a number by more; the cents of a total may be spread over its lines. */
const MOST_ROUNDED = Exact.parse('0.01');

/** The contradictions in an explanation tree, as text. */
function wrongIn(root: Explanation, history: History): string[] {
  const found: string[] = [];
  if (!sum(leaves(root)).equals(Exact.parse(root.amount)))
    found.push(`the leaves sum to ${sum(leaves(root))} and not to ${root.amount}`);
  for (const { kind, sentence, amount, currency, parts, inputs = [] } of nodes(root)) {
    if (sentence === '') found.push(`${kind} ${amount} has no sentence`);
    if (parts.length > 0 && !sum(parts).equals(Exact.parse(amount)))
      found.push(`the parts of ${kind} sum to ${sum(parts)} and not to ${amount}`);
    if (parts.some((part) => part.currency !== currency)) found.push(`a part of ${kind} is in another currency`);
    for (const part of parts) {
      if (part.kind !== 'rounding') continue;
      if (kind === 'difference') found.push(`a difference is rounded by ${part.amount}`);
      if (Exact.parse(part.amount).abs().compare(MOST_ROUNDED) > 0)
        found.push(`${kind} ${amount} is rounded by ${part.amount}`);
    }
    for (const { event } of inputs) if (history.fact(event) === undefined) found.push(`${kind}: ${event} is no fact`);
  }
  return found;
}

it('every line of every kind has a tree that names its facts, and whose leaves sum to the line', () => {
  fc.assert(
    fc.property(randomHistory(), (random) => {
      const history = createHistory();
      history.append(randomStory(random).facts);
      const wrong: string[] = [];
      for (const participant of people) {
        for (const period of months) {
          const { statement, explain } = history.explained({ participant, period });
          statement.lines.forEach((line, index) => {
            const root = explain(index);
            const found = wrongIn(root, history);
            if (root.kind !== line.kind || root.amount !== line.payable || root.currency !== line.payableCurrency)
              found.push(
                `${root.kind} ${root.amount} ${root.currency} explains ${line.kind} ${line.payable} ${line.payableCurrency}`,
              );
            wrong.push(
              ...found.map((text) => `${participant} ${period} ${line.component} ${line.record?.id ?? ''}: ${text}`),
            );
          });
        }
      }
      expect(wrong).toEqual([]);
    }),
    { numRuns },
  );
});
