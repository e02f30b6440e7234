import { compareBytes, Exact } from '@attain/values';
import type { ObjectiveFact, ScoreFact, Stream } from './entries.js';
import { sees, type View } from './view.js';

/** An objective assigned for a component and a period. */
export interface Objective {
  readonly component: string;
  readonly period: string;
  readonly name: string;
  readonly weight: Exact;
  readonly event: string;
}
/** The score of an objective in a period. */
export interface Score {
  readonly score: Exact;
  readonly event: string;
}

/** The objectives of a person or team in force, by the objectives' names. */
export function objectivesOf(entries: Stream<ObjectiveFact>, view: View): readonly Objective[] {
  const objectives = new Map<string, Objective>();
  for (const { at, fact } of entries) {
    if (!sees(view, at)) continue;
    const { component, period, name } = fact.data;
    const key = JSON.stringify([component, period, name]);
    if (fact.type === 'ObjectiveWithdrawn') objectives.delete(key);
    else objectives.set(key, { component, period, name, weight: Exact.parse(fact.data.weight), event: fact.id });
  }
  return [...objectives.values()].sort((a, b) => compareBytes(a.name, b.name));
}

/** A participant's scores by `scoreKey`. */
export function scoresOf(entries: Stream<ScoreFact>, view: View): ReadonlyMap<string, Score> {
  const scores = new Map<string, Score>();
  for (const { at, fact } of entries) {
    if (!sees(view, at)) continue;
    const key = scoreKey(fact.data.period, fact.data.objective);
    if (fact.type === 'ScoreRetracted') scores.delete(key);
    else scores.set(key, { score: Exact.parse(fact.data.score), event: fact.id });
  }
  return scores;
}

export function scoreKey(period: string, objective: string): string {
  return JSON.stringify([period, objective]);
}
