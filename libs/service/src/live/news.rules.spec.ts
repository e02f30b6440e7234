import { describe, expect, it } from '@jest/globals';
import { historyCategories } from '../history-feed.js';
import type { Fact } from '@attain/compensation';
import type { Role } from '../identity/roles.js';
import { newsOf, topicsFor, topicsOf } from './news.rules.js';

const fact = (stream: string, data: object = {}): Fact =>
  ({ id: `event of ${stream}`, stream, data, position: 1n, recorded: '', type: 'DealWon' }) as unknown as Fact;
const sellers: Record<string, string[]> = { 'event of deal-crm:D1': ['bob', 'eve'] };
const caller = (role: Role) => ({ actor: 'user:x', name: 'X', roles: [role] });
const heard = (facts: Fact[], role: Role, ...participants: string[]) =>
  topicsFor(
    newsOf(facts, (event) => sellers[event] ?? null),
    caller(role),
    {
      everyone: role === 'finance',
      participants: new Set(participants),
    },
  );

describe('News', () => {
  it('of a deal reach only its sellers, their managers and callers who see everybody', () => {
    const won = [fact('deal-crm:D1')];
    expect(heard(won, 'rep', 'bob')).toEqual(['deals', 'pay', 'attainment', 'sales', 'forecast']);
    expect(heard(won, 'manager', 'max', 'eve')).toContain('pay');
    expect(heard(won, 'finance')).toContain('imports');
    expect(heard(won, 'rep', 'ann')).toEqual([]);
    expect(heard([fact('deal-crm:D2')], 'rep', 'ann')).toEqual([]);
  });

  it('of an adjustment reach its person, of a period or the company everybody who may ask', () => {
    expect(heard([fact('adjustment-7', { participant: 'bob' })], 'rep', 'ann')).toEqual([]);
    expect(heard([fact('adjustment-7', { participant: 'bob' })], 'rep', 'bob')).toEqual(['pay', 'attainment']);
    expect(heard([fact('period-2025-01')], 'rep', 'ann')).toEqual(['periods', 'pay']);
    expect(heard([fact('company-main')], 'admin')).toEqual(['company']);
  });

  it('of one person do not hide those of everybody, nor the other way round', () => {
    const own = fact('score-bob', { participant: 'bob' });
    for (const facts of [
      [own, fact('period-2025-01')],
      [fact('period-2025-01'), own],
    ])
      expect(heard(facts, 'rep', 'ann')).toContain('pay');
  });

  it('of every category that affects pay name pay, except of the clock and of the mapping of a source', () => {
    const silent = historyCategories.filter((category) => !topicsOf(category).includes('pay'));
    expect(silent.toSorted()).toEqual(['clock', 'reading', 'source']);
  });
});
