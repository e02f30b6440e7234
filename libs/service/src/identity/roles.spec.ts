import { describe, expect, it } from '@jest/globals';
import { allowed, type Permission, permissions, reach } from './roles.js';

const all = Object.keys(permissions) as Permission[];
const writes = all.filter(
  (permission) =>
    !permission.endsWith(':read') &&
    permission !== 'attainment:export' &&
    permission !== 'session:write' &&
    permission !== 'keys:write',
);

describe('who may do what', () => {
  it('an auditor reads everything and writes nothing', () => {
    expect(writes.filter((permission) => allowed(['auditor'], permission))).toEqual([]);
    expect(all.filter((permission) => permission.endsWith(':read') && !allowed(['auditor'], permission))).toEqual([]);
    expect(reach.auditor).toBe('everyone');
  });

  it('a platform admin sees no deals and no pay', () => {
    const seen = all.filter((permission) => allowed(['admin'], permission));
    expect(
      seen.filter((permission) =>
        /deals|records|statements|attainment|forecast|sales|exports|quotas|leaderboards|accounts/.test(permission),
      ),
    ).toEqual([]);
    expect(reach.admin).toBe('nobody');
  });

  it('an integration brings data in and sees nobody', () => {
    expect(
      all.filter(
        (permission) => allowed(['integration'], permission) && !/^(imports|jobs|session|keys):/.test(permission),
      ),
    ).toEqual([]);
    expect(reach.integration).toBe('nobody');
  });

  it('a dashboard reads sales, attainment and forecasts, and neither pay nor the plans and rates behind it', () => {
    expect(
      all.filter(
        (permission) =>
          allowed(['reports'], permission) &&
          !permission.endsWith(':read') &&
          permission !== 'attainment:export' &&
          permission !== 'session:write' &&
          permission !== 'keys:write',
      ),
    ).toEqual([]);
    for (const permission of [
      'statements:read',
      'plans:read',
      'rates:write',
      'exports:read',
      'records:read',
      'warnings:read',
      'audit:read',
      'quotas:read',
    ] as const)
      expect(allowed(['reports'], permission)).toBe(false);
    for (const permission of [
      'sales:read',
      'attainment:read',
      'attainment:export',
      'forecast:read',
      'deals:read',
    ] as const)
      expect(allowed(['reports'], permission)).toBe(true);
  });

  it('a rep changes nothing but the own session and keys, and signs the own plans', () => {
    expect(writes.filter((permission) => allowed(['rep'], permission))).toEqual(['plans:sign']);
  });

  it('an author of plans doesn’t close periods, and the other way round', () => {
    expect(allowed(['plan-author'], 'periods:close')).toBe(false);
    expect(allowed(['finance'], 'plans:write')).toBe(false);
  });

  it('an approver decides what finance prepares, looks up the records for it, and closes nothing', () => {
    for (const permission of [
      'adjustments:decide',
      'late-changes:decide',
      'releases:approve',
      'statements:approve',
      'records:read',
    ] as const)
      expect(allowed(['approver'], permission)).toBe(true);
    for (const permission of ['periods:close', 'deals:write', 'adjustments:write'] as const)
      expect(allowed(['approver'], permission)).toBe(false);
  });

  it('several roles add up', () => {
    expect(allowed(['rep', 'plan-author'], 'plans:write')).toBe(true);
    expect(allowed([], 'deals:read')).toBe(false);
  });
});
