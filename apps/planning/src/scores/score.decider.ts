import type { PlanningEvent } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { Exact } from '@attain/values';

export type ScoreEvent = Extract<PlanningEvent, { type: `Score${string}` }>;

/** How far a participant reached an objective in a period. */
export type Score = {
  readonly participant: string;
  readonly period: string;
  readonly objective: string;
  /** A share as it was written, such as 85% or 1/3. */
  readonly score: string;
};
export type ScoreKey = Omit<Score, 'score'>;
/** By period and objective. */
export type ScoreState = readonly Score[];
export type ScoreCommand =
  | { readonly do: 'record'; readonly score: Score }
  | { readonly do: 'retract'; readonly score: ScoreKey }
  /** All scores of a participant. */
  | { readonly do: 'sync'; readonly scores: readonly Score[] };

export const scoreDecider: Decider<ScoreState, ScoreCommand, ScoreEvent> = { category: 'score', initial: [], decide, evolve, concerned };

function decide(command: ScoreCommand, state: ScoreState): readonly ScoreEvent[] {
  switch (command.do) {
    case 'record':
      return recorded(command.score, state);
    case 'retract':
      return state.some((score) => sameKey(score, command.score)) ? [retracted(command.score)] : [];
    case 'sync': {
      const { scores } = command;
      scores.forEach((score, index) => {
        if (scores.findIndex((other) => sameKey(other, score)) !== index) throw new Refused('DUPLICATE_ROW', `${score.participant}: two scores for ${score.objective} in ${score.period}`);
      });
      const gone = state.filter((score) => !scores.some((wanted) => sameKey(wanted, score)));
      return [...gone.map(retracted), ...scores.flatMap((score) => recorded(score, state))];
    }
  }
}

function recorded(score: Score, state: ScoreState): ScoreEvent[] {
  if (shareOf(score.score).sign() < 0) throw new Refused('INVALID_FIELD', `score: expected a share from 0% on, found ${JSON.stringify(score.score)}`, { field: 'score' });
  const known = state.find((other) => sameKey(other, score));
  return known !== undefined && shareOf(known.score).equals(shareOf(score.score)) ? [] : [{ type: 'ScoreRecorded', data: { ...score } }];
}

function shareOf(text: string): Exact {
  if (!/^-?\d{1,12}(\.\d{1,12})?%$|^\d{1,12}\/0*[1-9]\d{0,11}$/.test(text)) throw new Refused('INVALID_FIELD', `score: expected a share such as 85%, found ${JSON.stringify(text)}`, { field: 'score' });
  return Exact.parse(text);
}

function retracted({ participant, period, objective }: ScoreKey): ScoreEvent {
  return { type: 'ScoreRetracted', data: { participant, period, objective } };
}

function sameKey(a: ScoreKey, b: ScoreKey): boolean {
  return a.period === b.period && a.objective === b.objective;
}

function evolve(state: ScoreState, event: ScoreEvent): ScoreState {
  const others = state.filter((score) => !sameKey(score, event.data));
  return event.type === 'ScoreRecorded' ? [...others, event.data] : others;
}

function concerned({ before, after }: { before: ScoreState; after: ScoreState }): string[] {
  return [...before, ...after].map(({ participant }) => participant);
}
