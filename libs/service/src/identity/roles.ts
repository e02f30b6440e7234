/** Who may do what: the one place where roles meet permissions. */
export const roles = [
  'rep',
  'manager',
  'plan-author',
  'approver',
  'finance',
  'auditor',
  'integration',
  'admin',
] as const;
export type Role = (typeof roles)[number];

const readers = ['rep', 'manager', 'approver', 'finance', 'auditor'] as const;

/**
 * Permission → roles. `read` permissions change nothing, and are all that an auditor has; a platform admin has none that
 * shows deals or pay; an integration brings in what one source says and sees nothing.
 */
export const permissions = {
  'company:read': [...readers, 'plan-author', 'admin'],
  'company:write': ['finance'],
  'people:read': [...readers, 'plan-author'],
  'people:write': ['finance'],
  'quotas:read': [...readers, 'plan-author'],
  'quotas:write': ['manager', 'finance'],
  'rates:write': ['finance'],
  'deals:read': readers,
  'deals:write': ['finance'],
  // Items, invoices, payments and activities, for those who see everybody.
  'records:read': ['approver', 'finance', 'auditor'],
  'accounts:read': readers,
  'sources:read': ['finance', 'auditor'],
  'sources:write': ['finance'],
  'imports:read': ['finance', 'auditor', 'integration'],
  'imports:write': ['finance', 'integration'],
  'plans:read': [...readers, 'plan-author'],
  'plans:write': ['plan-author'],
  'adjustments:write': ['finance'],
  'adjustments:decide': ['approver', 'finance'],
  'late-changes:decide': ['approver', 'finance'],
  'releases:approve': ['approver', 'finance'],
  'statements:approve': ['approver', 'finance'],
  'plans:sign': ['rep', 'manager', 'approver', 'finance'],
  'statements:read': readers,
  'periods:read': readers,
  'periods:close': ['finance'],
  'attainment:read': readers,
  'leaderboards:read': readers,
  'sales:read': readers,
  'forecast:read': readers,
  'exports:read': ['finance', 'auditor'],
  'warnings:read': ['finance', 'auditor'],
  'audit:read': ['auditor'],
  'jobs:read': ['finance', 'auditor', 'integration'],
  'jobs:write': ['finance', 'integration'],
  'session:read': [...roles],
  'session:write': [...roles],
  'users:read': ['admin', 'auditor'],
  'users:write': ['admin'],
  // Of two admins neither decides about the own removal, and finance is the third who may object.
  'user-changes:read': ['admin', 'auditor', 'finance'],
  'user-changes:reject': ['admin', 'finance'],
  'platform:read': ['admin', 'auditor'],
  'platform:write': ['admin'],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof permissions;

export function allowed(held: readonly Role[], permission: Permission): boolean {
  const may: readonly Role[] = permissions[permission];
  return held.some((role) => may.includes(role));
}

/** How far a role sees rows: its own, those of everybody below it in the hierarchy too, everybody's, or none. */
export const reach: Readonly<Record<Role, 'nobody' | 'self' | 'below' | 'everyone'>> = {
  rep: 'self',
  manager: 'below',
  'plan-author': 'everyone',
  approver: 'everyone',
  finance: 'everyone',
  auditor: 'everyone',
  integration: 'nobody',
  admin: 'nobody',
};
