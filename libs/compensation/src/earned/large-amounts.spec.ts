import { describe, expect, it } from '@jest/globals';
import { minorToDecimal } from '@attain/values';
import { FactHistory } from '../answers/history.js';
import { OPEN } from '../facts/view.js';
import { Story } from '../testing/story.js';
import { computeLines } from './components.js';

/** A rate that is evaluated for each record, although it is the same for all. */
const eachAt = (rate: string) => `if(type = "New", ${rate}, ${rate})`;
const reached = (from: string, below: string, above: string, more: object = {}) => [
  { from: '0', rate: below },
  { from, rate: above, ...more },
];

interface Case {
  readonly component: object;
  /** In cents. */
  readonly deals: readonly bigint[];
  readonly quota?: string;
  /** In cents: the earnings of each deal, followed by the other lines. */
  readonly earned: readonly bigint[];
}

/**
 * A float holds whole numbers up to 2^53, which is 9,007,199,254,740,992. In each case another number than the amounts
 * exceeds it: a product, a sum or a place on the axis. Half a cent is rounded up; less is rounded down.
 */
const cases: Readonly<Record<string, Case>> = {
  'a rate of 97.5 %': {
    component: { rate: '97.5%' },
    deals: [318_622_499_750_341n],
    earned: [310_656_937_256_582n],
  },
  'a rate of each deal': {
    component: { rate: eachAt('97.5%') },
    deals: [271_572_496_462_421n],
    earned: [264_783_184_050_860n],
  },
  'a slice above a bound': {
    component: { per: 'month', tiers: reached('50000', '5%', '97.5%') },
    deals: [238_541_589_298_541n],
    earned: [232_578_044_941_077n],
  },
  'a small deal far below a bound that nobody reaches': {
    component: { per: 'month', tiers: reached('8000000000001', '97.5%', '100%') },
    deals: [16_061n],
    earned: [15_659n],
  },
  'a retroactive tier': {
    component: { per: 'month', tiers: reached('50000', '5%', '97.5%', { retroactive: 'yes' }) },
    deals: [147_521_778_145_367n, 248_422_160_434_261n],
    earned: [143_833_733_691_733n, 242_211_606_423_404n],
  },
  'many deals above a retroactive tier': {
    component: { per: 'month', tiers: reached('50000', '5%', '97.5%', { retroactive: 'yes' }) },
    deals: [58_599_259_621_743n, 33_473_773_323_158n, 48_365_180_773_205n, 52_897_109_393_965n, 42_326_759_578_460n],
    earned: [57_134_278_131_199n, 32_636_928_990_079n, 47_156_051_253_875n, 51_574_681_659_116n, 41_268_590_588_999n],
  },
  'a retroactive tier by the number of deals': {
    component: { by: 'deals', per: 'month', tiers: reached('2', '5%', '97.5%', { retroactive: 'yes' }) },
    deals: [142_285_588_733_293n, 241_329_537_418_461n],
    earned: [7_114_279_436_665n, 235_296_298_982_999n, 131_614_169_578_296n],
  },
  'slices on both sides of a bound at a fraction of a cent': {
    component: {
      per: 'month',
      tiers: [
        { from: '0%', rate: eachAt('5%') },
        { from: '35.136%', rate: eachAt('97.5%') },
      ],
    },
    quota: '1000000000.01',
    // The bound is at 35,136,000,000.35136 cents, so 162,499,200,006.499992 are earned.
    deals: [200_000_000_007n],
    earned: [162_499_200_006n],
  },
  'tiers by the number of units': {
    component: { by: 'units', per: 'month', tiers: reached('700', '5%', '97.5%') },
    // 1,000 units: 0.7 of the deal at 5 %, and 0.3 at 97.5 %.
    deals: [60_088_062_774_200n],
    earned: [19_678_840_558_551n],
  },
  'deals that are paid at the higher tier': {
    component: { per: 'month', crossing: 'higher', tiers: reached('50000', '5%', '97.5%') },
    deals: [285_940_024_292_257n, 363_690_524_063_301n],
    earned: [278_791_523_684_951n, 354_598_260_961_718n],
  },
  'deals far behind a bound at a fraction of a cent': {
    component: {
      per: 'month',
      tiers: [
        { from: '0%', rate: eachAt('100%') },
        { from: '49.984%', rate: eachAt('50%') },
      ],
    },
    quota: '1000000000.01',
    deals: [700_000_000_001n, 700_000_000_003n, 700_000_000_005n, 700_000_000_007n, 700_000_000_009n],
    // The bound is at 49,984,000,000.49984 cents.
    earned: [374_992_000_001n, 350_000_000_002n, 350_000_000_003n, 350_000_000_004n, 350_000_000_005n],
  },
  'a curve that goes on behind its last point': {
    component: {
      per: 'month',
      curve: [
        { at: '0', earns: '0' },
        { at: '30000000000', earns: '3300000000.33' },
      ],
      beyond: 'continue',
    },
    deals: [130_872_670_842_190n],
    earned: [14_395_993_794_080n],
  },
  'a deal far behind a jump at a fraction of a cent': {
    component: {
      per: 'month',
      curve: [
        { at: '0%', earns: '0' },
        { at: '49.984%', earns: '0' },
        { at: '49.984%', earns: '700' },
        { at: '200%', earns: '700' },
        { at: '300%', earns: '500000700.005' },
      ],
      beyond: 'continue',
    },
    quota: '1000000000.01',
    // 700 and half of the amount above 2,000,000,000.02.
    deals: [276_217_859_328_071n],
    earned: [138_008_929_734_035n],
  },
  'a multiplier': {
    component: { per: 'month', rate: '100%', multiplier: '197.5%' },
    deals: [232_504_923_177_461n],
    earned: [232_504_923_177_461n, 226_692_300_098_024n],
  },
  'three times what was sold': {
    component: { rate: eachAt('300%') },
    deals: [1_306_756_855_406_972n, 1_032_596_549_180_597n, 999_929_795_196_746n],
    earned: [3_920_270_566_220_916n, 3_097_789_647_541_791n, 2_999_789_385_590_238n],
  },
};

describe('Large amounts', () => {
  it.each(Object.entries(cases))('of %s are paid to the cent, and so is their sum', (_, of) => {
    const { component, deals, quota, earned } = of;
    const measures = {
      revenue: { counts: 'amount', of: 'deals' },
      deals: { counts: '1', of: 'deals' },
      units: { counts: '1000', of: 'deals' },
    };
    const story = new Story({ measures })
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { components: [{ name: 'C', measure: 'revenue', ...component }] });
    if (quota !== undefined) story.quota('ann', 'revenue', '2025-01', quota);
    for (const [index, cents] of deals.entries())
      story.sold('ann', `D${index + 1}`, minorToDecimal(cents, 'USD'), `2025-01-0${index + 1}`, { type: 'New' });
    const history = new FactHistory();
    history.append(story.facts);
    const world = history.world({ effective: OPEN, position: Number(history.head) });
    const lines = computeLines(world, 'ann', world.plans()[0]!, 'C');
    expect(lines.between().map(({ amount }) => amount)).toEqual(earned);
    expect(lines.total()).toBe(earned.reduce((sum, amount) => sum + amount));
  });
});
