import { decodeEvent } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { addDays } from '@attain/values';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ParticipantCommand, participantDecider } from './participant.decider.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);
const day = fc.integer({ min: 0, max: 60 }).map((days) => addDays('2025-01-01', days));
const row = fc.record({
  from: day,
  to: fc.option(day, { nil: null }),
  role: fc.constantFrom('AE', 'SDR'),
  manager: fc.constantFrom('mo', null),
});
const command: fc.Arbitrary<ParticipantCommand> = fc.oneof(
  row.map((one): ParticipantCommand => ({ do: 'assign', participant: 'ann', row: one })),
  fc
    .record({ from: day, role: fc.constantFrom('AE', 'SDR') })
    .map((change): ParticipantCommand => ({ do: 'change', participant: 'ann', change })),
  day.map((from): ParticipantCommand => ({ do: 'retract', participant: 'ann', from })),
  fc
    .array(row, { maxLength: 3 })
    .map((rows): ParticipantCommand => ({ do: 'sync', participant: 'ann', name: 'Ann', rows })),
);

describe('Any rows of a person', () => {
  it('no two rows are in force on one day, every event can be stored, and an assignment recorded twice changes nothing', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
        let state = participantDecider.initial;
        for (const given of commands) {
          let events;
          try {
            events = participantDecider.decide(given, state);
          } catch (error) {
            if (error instanceof Refused) continue;
            throw error;
          }
          for (const { type, data } of events) decodeEvent(type, 1, data);
          state = events.reduce(participantDecider.evolve, state);
          state.rows.forEach(({ from, to }, index) => {
            const next = state.rows[index + 1];
            expect(to === null || to >= from).toBe(true);
            if (next) expect(to !== null && to < next.from).toBe(true);
          });
          if (given.do === 'assign' || given.do === 'sync') expect(participantDecider.decide(given, state)).toEqual([]);
        }
      }),
      { numRuns },
    );
  });
});
