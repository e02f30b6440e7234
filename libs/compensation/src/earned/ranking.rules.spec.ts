import { Exact } from '@attain/values';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Entrant, places, poolShares, prizesWon } from './ranking.rules.js';

const cents = { mode: 'half-up', step: Exact.one, perTotal: false } as const;
const entrant = (participant: string, value: number | null, meets: Entrant['meets'] = () => true): Entrant => ({
  participant,
  value: value === null ? null : Exact.of(value),
  meets,
});
const prizes = [1000, 500, 250];
const prizeOf = (place: number) => Exact.of(prizes[place - 1] ?? 0);
const won = (entrants: readonly Entrant[], ties: 'share' | 'all' = 'share') =>
  Object.fromEntries(
    prizesWon(entrants, prizeOf, ties, cents).map(({ participant, amount }) => [participant, Number(amount)]),
  );

describe('Prizes by rank', () => {
  it('go to the highest, in any order of the input', () => {
    expect(won([entrant('cid', 10), entrant('ann', 30), entrant('bob', 20), entrant('dora', 5)])).toEqual({
      ann: 1000,
      bob: 500,
      cid: 250,
      dora: 0,
    });
  });
  it('are shared over the places that a tie covers, with the odd cent to the first by name', () => {
    expect(won([entrant('ann', 30), entrant('bob', 20), entrant('cid', 20)])).toEqual({
      ann: 1000,
      bob: 375,
      cid: 375,
    });
    expect(won([entrant('ann', 9), entrant('bob', 9), entrant('cid', 9)])).toEqual({ ann: 584, bob: 583, cid: 583 });
    expect(won([entrant('ann', 3), entrant('bob', 2), entrant('cid', 1), entrant('dora', 1)])).toEqual({
      ann: 1000,
      bob: 500,
      cid: 125,
      dora: 125,
    });
  });
  it('go to everybody tied where the plan says all, and the places behind stay behind', () => {
    expect(won([entrant('ann', 9), entrant('bob', 9), entrant('cid', 1)], 'all')).toEqual({
      ann: 1000,
      bob: 1000,
      cid: 250,
    });
  });
  it('lapse where the condition of a place is not met, and the others stay as they are', () => {
    const three = (place: number) => place !== 1;
    expect(won([entrant('ann', 30, three), entrant('bob', 20), entrant('cid', 10)])).toEqual({
      ann: 0,
      bob: 500,
      cid: 250,
    });
    expect(won([entrant('ann', 9, three), entrant('bob', 9, three)])).toEqual({ ann: 250, bob: 250 });
  });
  it('go to nobody who has nothing, less than nothing or an undefined rank', () => {
    expect(won([entrant('ann', 0), entrant('bob', -5), entrant('cid', null)])).toEqual({ ann: 0, bob: 0, cid: 0 });
    expect(places([entrant('ann', 0), entrant('bob', 1)])).toMatchObject([
      { first: 1, tied: [{ participant: 'bob' }] },
    ]);
  });
  it('never exceed the pot, and use all of it if all places are taken', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 8 }), (values) => {
        const total = prizesWon(
          values.map((value, index) => entrant(`p${index}`, value)),
          prizeOf,
          'share',
          cents,
        ).reduce((sum, { amount }) => sum + amount, 0n);
        const taken = Math.min(values.filter((value) => value > 0).length, prizes.length);
        expect(total).toBe(BigInt(prizes.slice(0, taken).reduce((sum, prize) => sum + prize, 0)));
      }),
    );
  });
});

describe('A pool', () => {
  const shares = (entrants: readonly Entrant[], by: 'equally' | 'value', pot = 1000) =>
    Object.fromEntries(
      poolShares(entrants, Exact.of(pot), by, cents).map(({ participant, amount }) => [participant, Number(amount)]),
    );
  it('is divided equally, the odd cents to the first by name', () => {
    expect(shares([entrant('cid', 1), entrant('ann', 1), entrant('bob', 1)], 'equally')).toEqual({
      ann: 334,
      bob: 333,
      cid: 333,
    });
  });
  it('is divided by a measure among those who have any of it', () => {
    expect(shares([entrant('ann', 30), entrant('bob', 10), entrant('cid', -5), entrant('dora', 0)], 'value')).toEqual({
      ann: 750,
      bob: 250,
      cid: 0,
      dora: 0,
    });
    expect(shares([entrant('ann', 0)], 'value')).toEqual({ ann: 0 });
  });
  it('is divided among those who meet its condition', () => {
    expect(shares([entrant('ann', 1), entrant('bob', 1, () => false)], 'equally')).toEqual({ ann: 1000, bob: 0 });
  });
});
