import { describe, expect, it } from '@jest/globals';
import { Exact } from '@attain/values';
import { published, tellAmounts, wholePercent } from './published.rules.js';

const amounts = (...texts: string[]) => texts.map((text) => Exact.parse(text));

describe('published standings', () => {
  it('hold whole percents, and ranks that follow from them', () => {
    const standings = [
      { name: 'zoe', attained: Exact.parse('0.7812') },
      { name: 'ann', attained: Exact.parse('0.7799') },
      { name: 'bob', attained: Exact.parse('0.7749') },
    ];
    expect(
      published(standings, () => true).map(({ rank, name, attained }) => [rank, name, attained?.toString()]),
    ).toEqual([
      [1, 'ann', '0.78'],
      [1, 'zoe', '0.78'],
      [3, 'bob', '0.77'],
    ]);
  });

  it('contain only the rank if the company chooses so', () => {
    const standings = [
      { name: 'North', attained: Exact.parse('1.2') },
      { name: 'South', attained: Exact.parse('0.5') },
    ];
    expect(
      published(standings, (name) => name === 'South').map(({ rank, attained }) => [
        rank,
        attained?.toString() ?? null,
      ]),
    ).toEqual([
      [1, null],
      [2, '0.5'],
    ]);
  });

  it('round half up', () => {
    expect(['0.005', '0.0049', '1.995', '-0.004'].map((text) => wholePercent(Exact.parse(text)).toString())).toEqual([
      '0.01',
      '0',
      '2',
      '0',
    ]);
  });
});

describe('percents', () => {
  it('disclose amounts if many have about the same quota', () => {
    expect(tellAmounts(amounts('100000', '100000', '100000', '300000'))).toBe(true);
    expect(tellAmounts(amounts('100', '110', '300', '900'))).toBe(false);
    expect(tellAmounts(amounts('100', '110', '120', '900'))).toBe(true);
  });

  it('disclose amounts if two roles have a quota each', () => {
    expect(tellAmounts(amounts('100000', '100000', '100000', '60000', '60000', '60000'))).toBe(true);
  });

  it('disclose none if quotas differ, or for a single person', () => {
    expect(tellAmounts(amounts('10000', '20000', '40000', '80000', '160000'))).toBe(false);
    expect(tellAmounts(amounts('10000'))).toBe(false);
    expect(tellAmounts([])).toBe(false);
  });
});
