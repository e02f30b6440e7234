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

/** Outlooks that are remembered: of a page of people, asked in a few ways. */
const KEPT = 1000;

/** Outlooks by series. An outlook follows from its series alone, so it is remembered until other sales make another series. */
export class Outlooks {
  private readonly known = new Map<string, Outlook | NoModelFits>();

  /** Throws NoModelFits. */
  async of(values: readonly number[], asked: OutlookAsked, turns: Turns): Promise<Outlook> {
    const key = JSON.stringify([asked.every, asked.horizon, asked.level, values]);
    const known = this.known.get(key) ?? (await inTurns(reckoned(values, asked), turns));
    // What was asked for last is forgotten last.
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
