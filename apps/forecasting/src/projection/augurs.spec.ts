import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { forecasterWith, NoModelFits } from './augurs.js';
import { backTest } from './back-test.fixture.js';
import { calibrated } from './back-test.rules.js';

describe('the models', () => {
  it('continue a trend', () => {
    const rising = Array.from({ length: 20 }, (_, i) => 100 + 10 * i + (i % 3));
    const { point, lower, upper } = forecasterWith([])(rising, 2, 0.8);
    expect(point[1]).toBeCloseTo(311, -1);
    expect(lower[1]! < point[1]! && point[1]! < upper[1]!).toBe(true);
  });

  it('repeat a season', () => {
    const yearly = Array.from({ length: 60 }, (_, i) => 100 + (i % 12 === 11 ? 80 : 0) + (i % 5));
    const { point } = forecasterWith([12])(yearly, 12, 0.8);
    expect(point.indexOf(Math.max(...point))).toBe(11);
    expect(point[11]).toBeCloseTo(180, -1);
  });

  it('refuse two values', () => {
    expect(() => forecasterWith([])([1, 2], 1, 0.8)).toThrow(NoModelFits);
  });

  it('give the same numbers twice', () => {
    const values = Array.from({ length: 30 }, (_, i) => 100 + ((i * 37) % 17));
    expect(forecasterWith([])(values, 5, 0.8)).toEqual(forecasterWith([])(values, 5, 0.8));
  });
});

const m3 = fileURLToPath(new URL('../../../../../shared/data/m3/', import.meta.url));
const itShared = existsSync(m3) ? it : it.skip;
const lines = <T>(file: string): T[] =>
  readFileSync(`${m3}${file}`, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);

describe('against the M3 competition (skipped without ../shared/data)', () => {
  itShared('calibrated 80 % intervals hold about 80 % of the outcomes of the quarterly series', () => {
    const outcomes = new Map(lines<{ id: string; xx: number[] }>('quarterly_test.jsonl').map(({ id, xx }) => [id, xx]));
    const series = lines<{ id: string; x: number[] }>('quarterly_train.jsonl').filter((_, i) => i % 12 === 0);
    const forecast = forecasterWith([4]);
    let [held, heldByModel, all, smape] = [0, 0, 0, 0];
    for (const { id, x } of series) {
      const predicted = forecast(x, 2, 0.8);
      const { calibration } = backTest(x, 2, 0.8, forecast);
      calibrated(x, predicted, calibration).steps.forEach(({ point, lower, upper }, i) => {
        const y = outcomes.get(id)![i]!;
        all += 1;
        held += lower <= y && y <= upper ? 1 : 0;
        heldByModel += predicted.lower[i]! <= y && y <= predicted.upper[i]! ? 1 : 0;
        smape += (200 * Math.abs(y - point)) / (Math.abs(y) + Math.abs(point));
      });
    }
    expect(all).toBe(126);
    expect(Math.abs(held / all - 0.8)).toBeLessThan(0.1);
    expect(Math.abs(held / all - 0.8)).toBeLessThanOrEqual(Math.abs(heldByModel / all - 0.8));
    expect(smape / all).toBeLessThan(9);
  });
});
