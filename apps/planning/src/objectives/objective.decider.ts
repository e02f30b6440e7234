import type { PlanningEvent } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';
import { shareOf } from '../scores/share.rules.js';

export type ObjectiveEvent = Extract<PlanningEvent, { type: `Objective${string}` }>;

/** An objective that a component with `objectives: assigned` pays. */
export type Objective = {
  /** A person, a team, a region or `company`. */
  readonly for: string;
  readonly component: string;
  readonly period: string;
  readonly name: string;
  /** A share of the target as it was written, such as 50% or 1/3. */
  readonly weight: string;
};
export type ObjectiveKey = Omit<Objective, 'weight'>;
export type ObjectiveState = readonly Objective[];
export type ObjectiveCommand =
  | { readonly do: 'assign'; readonly objective: Objective }
  | { readonly do: 'withdraw'; readonly which: ObjectiveKey }
  /** All objectives of a person, team or region, or of the company. */
  | { readonly do: 'sync'; readonly objectives: readonly Objective[] };

export const objectiveDecider: Decider<ObjectiveState, ObjectiveCommand, ObjectiveEvent> = {
  category: 'objective',
  initial: [],
  decide,
  evolve,
  concerned,
};

function decide(command: ObjectiveCommand, state: ObjectiveState): readonly ObjectiveEvent[] {
  switch (command.do) {
    case 'assign':
      return assigned(command.objective, state);
    case 'withdraw': {
      const { which } = command;
      if (!state.some((objective) => sameKey(objective, which))) {
        throw new Refused(
          'OBJECTIVE_UNKNOWN',
          `${which.for} has no objective ${JSON.stringify(which.name)} of ${JSON.stringify(which.component)} in ${which.period}`,
          { ...which },
        );
      }
      return [withdrawn(which)];
    }
    case 'sync': {
      const { objectives } = command;
      objectives.forEach((objective, index) => {
        if (objectives.findIndex((other) => sameKey(other, objective)) === index) return;
        throw new Refused(
          'DUPLICATE_ROW',
          `${objective.for}: two weights of ${JSON.stringify(objective.name)} of ${JSON.stringify(objective.component)} in ${objective.period}`,
          { period: objective.period },
        );
      });
      const gone = state.filter((objective) => !objectives.some((wanted) => sameKey(wanted, objective)));
      return [...gone.map(withdrawn), ...objectives.flatMap((objective) => assigned(objective, state))];
    }
  }
}

function assigned(objective: Objective, state: ObjectiveState): ObjectiveEvent[] {
  const weight = shareOf(objective.weight, 'weight');
  const known = state.find((other) => sameKey(other, objective));
  return known !== undefined && shareOf(known.weight, 'weight').equals(weight)
    ? []
    : [{ type: 'ObjectiveAssigned', data: { ...objective } }];
}

function withdrawn({ for: whose, component, period, name }: ObjectiveKey): ObjectiveEvent {
  return { type: 'ObjectiveWithdrawn', data: { for: whose, component, period, name } };
}

function sameKey(a: ObjectiveKey, b: ObjectiveKey): boolean {
  return a.component === b.component && a.period === b.period && a.name === b.name;
}

function evolve(state: ObjectiveState, event: ObjectiveEvent): ObjectiveState {
  const others = state.filter((objective) => !sameKey(objective, event.data));
  return event.type === 'ObjectiveAssigned' ? [...others, event.data] : others;
}

function concerned({ before, after }: { before: ObjectiveState; after: ObjectiveState }): string[] {
  return [...before, ...after].map((objective) => objective.for);
}
