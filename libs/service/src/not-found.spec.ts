import { describe, expect, it } from '@jest/globals';
import { notFound } from './not-found.js';

const missing = { kind: 'participant', name: 'ana-snelling', known: ['anna-snelling', 'zane-levy'] };

describe('A name that does not exist', () => {
  it.each(['finance', 'auditor', 'plan-author', 'approver'] as const)(
    'comes with the nearest name for the role %s',
    (role) => {
      expect(notFound({ roles: ['rep', role] }, missing).message).toBe(
        'participant "ana-snelling" does not exist (did you mean "anna-snelling"?)',
      );
    },
  );

  it.each(['rep', 'manager', 'admin', 'integration'] as const)('looks like a hidden name to the role %s', (role) => {
    expect(notFound({ roles: [role] }, missing).message).toBe('Not found, or no access.');
  });

  it('states the place, and suggests no name where none is near', () => {
    expect(
      notFound({ everyone: true }, { kind: 'deal', name: '9999', in: 'source pipedrive', known: ['A-1'] }).message,
    ).toBe('deal "9999" does not exist in source pipedrive');
  });
});
