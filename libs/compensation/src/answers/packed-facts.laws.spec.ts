import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { packedFacts } from '../facts/fact-columns.js';
import { resultOf } from '../facts/steps.js';
import { StoredFacts } from '../facts/stored-facts.js';
import { randomHistory } from '../testing/random-history.js';
import { randomStory } from '../testing/random-story.js';
import { Story } from '../testing/story.js';
import type { Fact, History } from './api.js';
import { createHistory } from './history.js';

const numRuns = Math.ceil(Number(process.env['LAWS_RUNS'] ?? 200) / 20);
const seed = process.env['LAWS_SEED'];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
jest.setTimeout(7_200_000);

const months = ['2025-01', '2025-02', '2025-03', '2025-04'];
/** All answers of a history, as text. */
const answers = (history: History) =>
  JSON.stringify([
    months.map((period) => history.statements(period)),
    months.map((period) => history.runHash(period)),
    history.closed(),
    history.rows('2025-12-31'),
    history.attainmentRows('2025-12-31'),
    history.exceptions(),
    history.people(),
    history.warnings(),
  ]);
const stored = (facts: readonly Fact[], shared?: Map<string, string>) =>
  [...new StoredFacts(resultOf(packedFacts(facts)), shared).entries()].flat();
const historyOf = (facts: Iterable<Fact>): History => {
  const history = createHistory();
  history.append(facts);
  return history;
};

describe('packed facts', () => {
  it('are the same facts, and a history that takes them up to any position and then the rest answers the same bytes', () => {
    fc.assert(
      fc.property(randomHistory(), fc.nat(), fc.integer({ min: 1, max: 40 }), (random, cut, size) => {
        const { facts } = randomStory(random);
        const whole = historyOf(facts);
        const kept = historyOf(facts.slice(0, cut % (facts.length + 1)));
        const restored = createHistory();
        while (restored.head < kept.head) {
          const part = kept.factsBetween(restored.head, restored.head + BigInt(size));
          const entries = stored(part);
          expect(entries.map((entry) => entry.read())).toEqual(part);
          restored.load(entries);
        }
        restored.append(facts.slice(Number(restored.head)));
        expect(answers(restored)).toBe(answers(whole));
      }),
      { numRuns },
    );
  });

  it('keep every text, key and order of keys', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '\u0000', '\ud800', 'é', '😀', '\ufeffx', '__proto__', 'text', 'json'),
    );
    const json = fc
      .jsonValue({ noUnicodeString: false, maxDepth: 3 })
      .filter((value) => !JSON.stringify(value).includes('-0'));
    const value = fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: json });
    const fields = fc.dictionary(fc.oneof(text, fc.constantFrom('owner', 'amount', '1', 'a\u0000b')), value, {
      maxKeys: 5,
    });
    const data = fc.oneof(fc.record({ source: text, id: text, fields }), fields);
    const facts = fc.array(
      fc.record({
        type: fc.constantFrom('DealOpened', 'DealWon', 'PlanPublished'),
        data,
        id: text,
        stream: text,
        recorded: text,
      }),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(facts, (drawn) => {
        const written = drawn.map(
          (fact, index) =>
            ({
              ...fact,
              data: JSON.parse(JSON.stringify(fact.data)),
              position: BigInt(index + 1) * 3n,
            }) as unknown as Fact,
        );
        const positions = (list: readonly Fact[]) => list.map(({ position, ...fact }) => [String(position), fact]);
        const read = stored(written).map((entry) => entry.read());
        expect(JSON.stringify(positions(read))).toBe(
          JSON.stringify(
            positions(
              written.map(
                ({ type, data: content, id, position, stream, recorded }) =>
                  ({ type, data: content, id, position, stream, recorded }) as Fact,
              ),
            ),
          ),
        );
      }),
      { numRuns: numRuns * 4 },
    );
  });

  it('take the place of facts in memory, whatever was asked before, and change no answer', () => {
    fc.assert(
      fc.property(randomHistory(), fc.nat(), fc.boolean(), (random, cut, isAsked) => {
        const { facts } = randomStory(random);
        const [whole, settled] = [historyOf(facts), historyOf(facts)];
        if (isAsked) answers(settled);
        const [after, upTo] = [BigInt(cut % facts.length), BigInt(facts.length)];
        settled.settle(after, new StoredFacts(resultOf(packedFacts(settled.factsBetween(after, upTo)))));
        expect(answers(settled)).toBe(answers(whole));
        expect(settled.factsBetween(0n, upTo)).toEqual(whole.factsBetween(0n, upTo));
      }),
      { numRuns },
    );
  });

  it('are the same facts in whichever order they are read', () => {
    fc.assert(
      fc.property(
        randomHistory(),
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.nat(), { minLength: 20 }),
        (random, times, rows) => {
          const story = randomStory(random).facts;
          // Repeated, because only long parts have marks in between.
          const facts = Array.from({ length: times }, () => story)
            .flat()
            .map((fact, index) => ({ ...fact, position: BigInt(index + 1) }));
          const entries = stored(facts);
          for (const row of rows) {
            const nth = row % facts.length;
            expect(entries[nth]!.read()).toEqual(facts[nth]);
          }
        },
      ),
      { numRuns },
    );
  });

  it('keep the instants of knowledge after a clock stepped back and was accepted', () => {
    const instants = ['2025-03-01', '2025-02-01', '2030-01-01', '2025-04-01', '2025-03-15'].map(
      (day) => `${day}T00:00:00.000Z`,
    );
    const story = new Story();
    for (const [n, instant] of instants.entries()) {
      story.at(instant);
      if (n === 3)
        story.record('clock-main', { type: 'ClockAccepted', data: { before: instants[2]!, after: instant } });
      story.person(`p${n}`, 'AE', '2025-01-01');
    }
    const [whole, restored] = [historyOf(story.facts), createHistory()];
    restored.load(stored(whole.factsBetween(0n, 5n)));
    restored.append(story.facts.slice(5));
    const known = (history: History) =>
      [...instants, '2025-02-15', '2031-01-01'].map((instant) =>
        history.people({ known: instant }).map(({ participant }) => participant),
      );
    expect(known(restored)).toEqual(known(whole));
    expect(new Set(known(whole).map(String)).size).toBeGreaterThan(2);
    expect(restored.lastKnown()).toBe(whole.lastKnown());
  });

  it('share one text among the parts in which it repeats', () => {
    const { facts } = randomStory({ actions: [], components: [], reversals: 'undone', prorate: 'no', within: null });
    const shared = new Map<string, string>();
    stored(facts, shared);
    expect(shared.has(facts[0]!.recorded)).toBe(true);
    const size = shared.size;
    stored(facts, shared);
    expect(shared.size).toBe(size);
  });

  it('are rejected if `packedFacts` did not write the bytes', () => {
    expect(() => new StoredFacts(new Uint8Array(64))).toThrow();
  });
});
