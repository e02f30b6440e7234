import type { BackTest } from './projection.answers.js';

export type { BackTest } from './projection.answers.js';
/** Point forecasts and the model's own interval, a number a step. */
export interface Predicted {
  point: readonly number[];
  lower: readonly number[];
  upper: readonly number[];
}
/** The whole procedure, choice of the model included, from the values known at an origin. Throws when no model fits. */
export type Forecaster = (values: readonly number[], horizon: number, level: number) => Predicted;

export interface Interval {
  point: number;
  lower: number;
  upper: number;
}
/** The result of the back-test: a factor on the half width of the model's interval. */
export interface Calibration {
  step: number;
  total: number;
}

const shortestTraining = 10;
/** Full-horizon origins below which an interval of the total would be a guess. */
const fewestOrigins = 5;
const mostOrigins = 40;

/** How many values a forecast of this horizon and level needs. */
export function historyNeeded(horizon: number, level: number): number {
  return shortestTraining + horizon + Math.max(fewestOrigins, fewestScores(level)) - 1;
}

interface Trial {
  origin: number;
  last: number;
  scale: number;
  actual: readonly number[];
  predicted: Predicted;
}
interface Score {
  /** Index of the value from which on the outcome is known. */
  known: number;
  origin: number;
  score: number;
}

/**
 * Rolling origin: forecasts from every origin after the shortest training (the latest 40 of them), compares with the outcomes,
 * and finds the factor by which the model's interval must be widened, or may be narrowed, to hold `level` of the outcomes
 * (split conformal: the ⌈(n + 1) · level⌉-th smallest of |y − f| ÷ half width). Each forecast is a step.
 */
export function* backTest(
  values: readonly number[],
  horizon: number,
  level: number,
  forecast: Forecaster,
): Generator<undefined, { test: BackTest; calibration: Calibration }> {
  const trials: Trial[] = [];
  for (let origin = Math.max(shortestTraining, values.length - mostOrigins); origin < values.length; origin += 1) {
    const known = values.slice(0, origin);
    const actual = values.slice(origin, origin + horizon);
    trials.push({
      origin,
      last: values[origin - 1]!,
      scale: meanStep(known),
      actual,
      predicted: forecast(known, actual.length, level),
    });
    yield;
  }
  const full = trials.filter(({ actual }) => actual.length === horizon);
  const steps = trials.flatMap((trial) => trial.actual.map((_, i) => stepOf(trial, i)));
  const stepScores = trials.flatMap((trial) =>
    trial.actual.map((_, i): Score => ({ ...trial, known: trial.origin + i + 1, score: scoreOf(stepOf(trial, i)) })),
  );
  const totals = full.map((trial) => totalOf(trial));
  const totalScores = full.map((trial, i): Score => ({
    ...trial,
    known: trial.origin + horizon,
    score: scoreOf(totals[i]!),
  }));

  const scaled = trials.flatMap(({ scale, actual, predicted }) =>
    scale > 0 ? actual.map((y, i) => Math.abs(y - predicted.point[i]!) / scale) : [],
  );
  const asLastTime = mean(trials.flatMap(({ last, actual }) => actual.map((y) => Math.abs(y - last))));
  const test: BackTest = {
    origins: trials.length,
    mase: scaled.length > 0 ? mean(scaled) : null,
    relative: asLastTime > 0 ? mean(steps.map(({ actual, point }) => Math.abs(actual - point))) / asLastTime : null,
    smape: mean(
      steps.map(({ actual: y, point: f }) => (y === f ? 0 : (200 * Math.abs(y - f)) / (Math.abs(y) + Math.abs(f)))),
    ),
    mape: absolutePercentage(steps),
    bias: mean(steps.map(({ actual, point }) => point - actual)),
    coverage: { promised: level, model: covered(stepScores), calibrated: coveredByEarlier(stepScores, level) },
    total: {
      origins: full.length,
      mape: absolutePercentage(totals),
      coverage: { model: covered(totalScores), calibrated: coveredByEarlier(totalScores, level) },
    },
  };
  return {
    test,
    calibration: {
      step: quantile(
        stepScores.map(({ score }) => score),
        level,
      ),
      total: quantile(
        totalScores.map(({ score }) => score),
        level,
      ),
    },
  };
}

/** The forecast with calibrated intervals, step by step and in total; a series that never fell below 0 is not forecast below it. */
export function calibrated(
  values: readonly number[],
  predicted: Predicted,
  calibration: Calibration,
): { steps: Interval[]; total: Interval } {
  const floor = values.every((value) => value >= 0) ? 0 : -Infinity;
  const around = (point: number, half: number): Interval => ({
    point: Math.max(floor, point),
    lower: Math.max(floor, point - half),
    upper: Math.max(floor, point + half),
  });
  return {
    steps: predicted.point.map((point, i) => around(point, calibration.step * halfWidth(predicted, i))),
    total: around(
      predicted.point.reduce((sum, point) => sum + Math.max(floor, point), 0),
      calibration.total * totalHalfWidth(predicted),
    ),
  };
}

function stepOf({ actual, predicted }: Trial, i: number): Outcome {
  return { actual: actual[i]!, point: predicted.point[i]!, half: halfWidth(predicted, i) };
}

function totalOf({ actual, predicted }: Trial): Outcome {
  return { actual: sum(actual), point: sum(predicted.point), half: totalHalfWidth(predicted) };
}

interface Outcome {
  actual: number;
  point: number;
  half: number;
}

function scoreOf({ actual, point, half }: Outcome): number {
  const error = Math.abs(actual - point);
  return error === 0 ? 0 : error / half;
}

function halfWidth({ lower, upper }: Predicted, i: number): number {
  return (upper[i]! - lower[i]!) / 2;
}

// As if the errors of the steps were independent; the calibration corrects the difference.
function totalHalfWidth(predicted: Predicted): number {
  return Math.sqrt(sum(predicted.point.map((_, i) => halfWidth(predicted, i) ** 2)));
}

function covered(scores: readonly Score[]): number {
  return mean(scores.map(({ score }) => (score <= 1 ? 1 : 0)));
}

/** Calibrates at each origin on the outcomes known by then, so that no outcome calibrates itself. */
function coveredByEarlier(scores: readonly Score[], level: number): number | null {
  const hits: number[] = [];
  for (const { origin, score } of scores) {
    const earlier = scores.filter(({ known }) => known <= origin).map((other) => other.score);
    if (earlier.length >= fewestScores(level)) hits.push(score <= quantile(earlier, level) ? 1 : 0);
  }
  return hits.length > 0 ? mean(hits) : null;
}

function fewestScores(level: number): number {
  return Math.ceil(level / (1 - level) - 1e-9);
}

function quantile(scores: readonly number[], level: number): number {
  const sorted = [...scores].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length, Math.ceil((sorted.length + 1) * level - 1e-9)) - 1]!;
}

function absolutePercentage(outcomes: readonly Outcome[]): number | null {
  if (outcomes.some(({ actual }) => actual === 0)) return null;
  return mean(outcomes.map(({ actual, point }) => (100 * Math.abs(actual - point)) / Math.abs(actual)));
}

function meanStep(values: readonly number[]): number {
  return mean(values.slice(1).map((value, i) => Math.abs(value - values[i]!)));
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
