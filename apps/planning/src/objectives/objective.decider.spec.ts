import { behaviour, refused } from '@attain/eventsourcing/testing';
import { describe, expect, it } from '@jest/globals';
import { type Objective, objectiveDecider, type ObjectiveEvent } from './objective.decider.js';

const { given } = behaviour(objectiveDecider);
const partners: Objective = {
  for: 'ann',
  component: 'Goals',
  period: '2025-Q1',
  name: 'Onboard two partners',
  weight: '50%',
};
const playbook: Objective = { ...partners, name: 'Playbook', weight: '1/3' };
const assigned = (objective: Objective): ObjectiveEvent => ({ type: 'ObjectiveAssigned', data: objective });
const withdrawn = ({ for: whose, component, period, name }: Objective): ObjectiveEvent => ({
  type: 'ObjectiveWithdrawn',
  data: { for: whose, component, period, name },
});

describe('An objective', () => {
  it('is assigned once, and again with another weight', () => {
    given([])
      .when({ do: 'assign', objective: partners })
      .then([assigned(partners)]);
    given([assigned(partners)])
      .when({ do: 'assign', objective: { ...partners, weight: '1/2' } })
      .then([]);
    given([assigned(partners)])
      .when({ do: 'assign', objective: { ...partners, weight: '60%' } })
      .then([assigned({ ...partners, weight: '60%' })]);
  });
  it('of another component, period or name is another one', () => {
    for (const other of [{ ...partners, component: 'More goals' }, { ...partners, period: '2025-Q2' }, playbook])
      given([assigned(partners)])
        .when({ do: 'assign', objective: other })
        .then([assigned(other)]);
  });
  it('is withdrawn where it was assigned', () => {
    given([assigned(partners)])
      .when({ do: 'withdraw', which: partners })
      .then([withdrawn(partners)]);
    given([assigned(partners)])
      .when({ do: 'withdraw', which: playbook })
      .then(refused('OBJECTIVE_UNKNOWN'));
    given([assigned(partners), withdrawn(partners)])
      .when({ do: 'withdraw', which: partners })
      .then(refused('OBJECTIVE_UNKNOWN'));
  });
  it('has a weight, a share from 0% on', () => {
    for (const weight of ['0.5', '-5%', '1/0', '', '50 %'])
      given([])
        .when({ do: 'assign', objective: { ...partners, weight } })
        .then(refused('INVALID_FIELD'));
  });
  it('of a file replaces all objectives of its person', () => {
    given([assigned(partners)])
      .when({ do: 'sync', objectives: [playbook] })
      .then([withdrawn(partners), assigned(playbook)]);
    given([assigned(partners)])
      .when({ do: 'sync', objectives: [partners, playbook] })
      .then([assigned(playbook)]);
    given([])
      .when({ do: 'sync', objectives: [partners, { ...partners, weight: '10%' }] })
      .then(refused('DUPLICATE_ROW'));
  });
  it('concerns the pay of its holder', () => {
    expect(objectiveDecider.concerned?.({ before: [partners], after: [] } as never)).toEqual(['ann']);
  });
});
