import type { PlanningEvent } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { shareOf } from './share.rules.js';

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

export const scoreDecider: Decider<ScoreState, ScoreCommand, ScoreEvent> = {
  category: 'score',
  initial: [],
  decide,
  evolve,
  concerned,
};

function decide(command: ScoreCommand, state: ScoreState): readonly ScoreEvent[] {
  switch (command.do) {
    case 'record':
      return recorded(command.score, state);
    case 'retract':
      return state.some((score) => sameKey(score, command.score)) ? [retracted(command.score)] : [];
    case 'sync': {
      const { scores } = command;
      scores.forEach((score, index) => {
        if (scores.findIndex((other) => sameKey(other, score)) !== index)
          throw new Refused(
            'DUPLICATE_ROW',
            `${score.participant}: two scores for ${score.objective} in ${score.period}`,
          );
      });
      const gone = state.filter((score) => !scores.some((wanted) => sameKey(wanted, score)));
      return [...gone.map(retracted), ...scores.flatMap((score) => recorded(score, state))];
    }
  }
}

function recorded(score: Score, state: ScoreState): ScoreEvent[] {
  const share = shareOf(score.score, 'score');
  const known = state.find((other) => sameKey(other, score));
  return known !== undefined && shareOf(known.score, 'score').equals(share)
    ? []
    : [{ type: 'ScoreRecorded', data: { ...score } }];
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
