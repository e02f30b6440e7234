import { describe, expect, it } from '@jest/globals';
import { backTest } from './back-test.fixture.js';
import { calibrated, type Forecaster, historyNeeded } from './back-test.rules.js';

/** As last time, plus or minus 10. */
const naive: Forecaster = (values, horizon) => {
  const last = values.at(-1)!;
  const steps = Array.from({ length: horizon }, () => last);
  return { point: steps, lower: steps.map((y) => y - 10), upper: steps.map((y) => y + 10) };
};
const upAndDown = (size: number) => Array.from({ length: 30 }, (_, i) => 100 + (i % 2 === 0 ? size : -size));

describe('a back-test', () => {
  it('measures the errors of a series that jumps by 40, forecast one step as last time', () => {
    const { test } = backTest(upAndDown(20), 1, 0.8, naive);
    expect(test).toMatchObject({
      origins: 20,
      mase: 1,
      relative: 1,
      bias: 0,
      coverage: { promised: 0.8, model: 0, calibrated: 1 },
    });
    expect(test.smape).toBeCloseTo((200 * 40) / 200, 9);
    expect(test.mape).toBeCloseTo((100 * 40) / 120 / 2 + (100 * 40) / 80 / 2, 9);
  });

  it('compares with "as last time" from the same origins over the same steps', () => {
    const rising = Array.from({ length: 30 }, (_, i) => 10 * i);
    const halfway: Forecaster = (values, horizon) => {
      const point = Array.from({ length: horizon }, (_, i) => values.at(-1)! + 5 * (i + 1));
      return { point, lower: point, upper: point };
    };
    expect(backTest(rising, 4, 0.8, halfway).test.relative).toBe(0.5);
  });

  it('has a bias with its sign', () => {
    const rising = Array.from({ length: 30 }, (_, i) => 10 * i + 10);
    expect(backTest(rising, 1, 0.8, naive).test.bias).toBe(-10);
  });

  it('widens a narrow interval exactly as far as the outcomes require', () => {
    const { calibration } = backTest(upAndDown(20), 1, 0.8, naive);
    expect(calibration.step).toBe(4);
    const { steps } = calibrated(upAndDown(20), naive(upAndDown(20), 1, 0.8), calibration);
    expect(steps).toEqual([{ point: 80, lower: 40, upper: 120 }]);
  });

  it('narrows an interval that was too wide', () => {
    expect(backTest(upAndDown(1), 1, 0.8, naive).calibration.step).toBe(0.2);
  });

  it('sees at each origin only what came before it', () => {
    const values = upAndDown(3);
    backTest(values, 4, 0.8, (known, horizon, level) => {
      expect(known).toEqual(values.slice(0, known.length));
      return naive(known, horizon, level);
    });
    expect.assertions(20);
  });

  it('judges the total of the horizon apart, on whole horizons alone', () => {
    const { test } = backTest(upAndDown(20), 2, 0.8, naive);
    expect(test.total).toEqual({ origins: 19, mape: 20, coverage: { model: 0, calibrated: 1 } });
  });

  it('has no percentage error against a month without sales, and reports it', () => {
    const values = upAndDown(20).map((value, i) => (i === 25 ? 0 : value));
    expect(backTest(values, 1, 0.8, naive).test.mape).toBeNull();
  });

  it('counts a sale of nothing, forecast as nothing, as no error', () => {
    const { test } = backTest(
      Array.from({ length: 30 }, () => 0),
      1,
      0.8,
      naive,
    );
    expect(test).toMatchObject({ smape: 0, mase: null, relative: null, coverage: { model: 1, calibrated: 1 } });
  });

  it('asks for more history the longer the horizon and the surer the interval', () => {
    expect(historyNeeded(3, 0.8)).toBe(17);
    expect(historyNeeded(13, 0.8)).toBe(27);
    expect(historyNeeded(3, 0.95)).toBe(31);
  });
});

describe('a calibrated forecast', () => {
  it('does not fall below nothing sold', () => {
    const values = upAndDown(20);
    const { steps, total } = calibrated(
      values,
      { point: [5, -2], lower: [-5, -12], upper: [15, 8] },
      { step: 2, total: 2 },
    );
    expect(steps).toEqual([
      { point: 5, lower: 0, upper: 25 },
      { point: 0, lower: 0, upper: 18 },
    ]);
    expect(total.point).toBe(5);
    expect(total.lower).toBe(0);
  });

  it('may fall below 0 where the series has', () => {
    expect(calibrated([-5, 3], { point: [-2], lower: [-4], upper: [0] }, { step: 1, total: 1 }).steps).toEqual([
      { point: -2, lower: -4, upper: 0 },
    ]);
  });
});
