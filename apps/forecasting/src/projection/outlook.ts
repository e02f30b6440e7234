import { inTurns, type Turns } from '@attain/service';
import { forecasterWith, modelName, NoModelFits } from './augurs.js';
import { type BackTest, backTest, calibrated, type Interval } from './back-test.rules.js';
import { type Every, seasonOf, seasons } from './series.rules.js';

/** The forecast of a series, and the error that this way of forecasting had in the past. */
export interface Outlook {
  model: string;
  steps: Interval[];
  total: Interval;
  test: BackTest;
}
export interface OutlookAsked {
  every: Every;
  horizon: number;
  level: number;
}

/** The number of cached outlooks: enough for a page of people with a few parameters. */
const KEPT = 1000;

/** Outlooks by series. An outlook depends only on its series, so it is cached until the series changes. */
export class Outlooks {
  private readonly known = new Map<string, Outlook | NoModelFits>();

  /** Throws NoModelFits. */
  async of(values: readonly number[], asked: OutlookAsked, turns: Turns): Promise<Outlook> {
    const key = JSON.stringify([asked.every, asked.horizon, asked.level, values]);
    const known = this.known.get(key) ?? (await inTurns(reckoned(values, asked), turns));
    // The latest requested outlook is removed last.
    this.known.delete(key);
    if (this.known.size >= KEPT) this.known.delete(this.known.keys().next().value!);
    this.known.set(key, known);
    if (known instanceof NoModelFits) throw known;
    return known;
  }
}

function* reckoned(
  values: readonly number[],
  { every, horizon, level }: OutlookAsked,
): Generator<undefined, Outlook | NoModelFits> {
  try {
    const forecaster = forecasterWith(seasons[every]);
    const { test, calibration } = yield* backTest(values, horizon, level, forecaster);
    const { steps, total } = calibrated(values, forecaster(values, horizon, level), calibration);
    return { model: modelName(seasonOf(values, seasons[every])), steps, total, test };
  } catch (error) {
    if (error instanceof NoModelFits) return error;
    throw error;
  }
}
