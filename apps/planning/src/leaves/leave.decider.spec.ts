import { behaviour, refused } from '@attain/eventsourcing/testing';
import { describe, expect, it } from '@jest/globals';
import { type Leave, leaveDecider, type LeaveEvent } from './leave.decider.js';

const { given } = behaviour(leaveDecider);
const spring: Leave = { participant: 'ann', source: null, from: '2025-02-03', to: '2025-04-30' };
const recorded = (leave: Leave): LeaveEvent => ({ type: 'LeaveRecorded', data: leave });
const retracted = ({ participant, source, from }: Leave): LeaveEvent => ({
  type: 'LeaveRetracted',
  data: { participant, source, from },
});

describe('A leave', () => {
  it('is recorded, ended on another day, and not recorded twice', () => {
    given([])
      .when({ do: 'record', leave: spring })
      .then([recorded(spring)]);
    given([recorded(spring)])
      .when({ do: 'record', leave: spring })
      .then([]);
    given([recorded(spring)])
      .when({ do: 'record', leave: { ...spring, to: null } })
      .then([recorded({ ...spring, to: null })]);
  });
  it('is retracted once', () => {
    given([recorded(spring)])
      .when({ do: 'retract', leave: spring })
      .then([retracted(spring)]);
    given([]).when({ do: 'retract', leave: spring }).then([]);
  });
  it('needs days that exist, in their order', () => {
    given([])
      .when({ do: 'record', leave: { ...spring, from: '2025-02-30' } })
      .then(refused('INVALID_FIELD'));
    given([])
      .when({ do: 'record', leave: { ...spring, to: '2025-02-02' } })
      .then(refused('INVALID_FIELD'));
  });
  it('of an export replaces those of the same export, and no others', () => {
    const exported = { ...spring, source: 'hr' };
    const autumn = { ...exported, from: '2025-10-01', to: null };
    given([recorded(spring), recorded(exported)])
      .when({ do: 'sync', source: 'hr', leaves: [autumn] })
      .then([retracted(exported), recorded(autumn)]);
    given([])
      .when({ do: 'sync', source: 'hr', leaves: [exported, exported] })
      .then(refused('DUPLICATE_ROW'));
  });
  it('concerns the pay of the absent participant', () => {
    expect(leaveDecider.concerned?.({ before: [], after: [spring] } as never)).toEqual(['ann']);
  });
});
