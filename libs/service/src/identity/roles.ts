/** Who may do what: the one place where roles meet permissions. */
export const roles = [
  'rep',
  'manager',
  'plan-author',
  'approver',
  'finance',
  'auditor',
  'reports',
  'integration',
  'admin',
] as const;
export type Role = (typeof roles)[number];

const readers = ['rep', 'manager', 'approver', 'finance', 'auditor'] as const;
/** Dashboards read sales and attainment besides, and nothing of pay. */
const viewers = [...readers, 'reports'] as const;

/**
 * Permission → roles. `read` permissions change nothing, and are all that an auditor has; a platform admin has none that
 * shows deals or pay; an integration brings in what one source says and sees nothing.
 */
export const permissions = {
  'company:read': [...viewers, 'plan-author', 'admin'],
  'company:write': ['finance'],
  'people:read': [...viewers, 'plan-author'],
  'people:write': ['finance'],
  'quotas:read': [...readers, 'plan-author'],
  'quotas:write': ['manager', 'finance'],
  'rates:write': ['finance'],
  'deals:read': viewers,
  'deals:write': ['finance'],
  // Items, invoices, payments and activities, for those who see everybody.
  'records:read': ['approver', 'finance', 'auditor'],
  'accounts:read': viewers,
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
  'periods:read': viewers,
  'periods:close': ['finance'],
  'attainment:read': viewers,
  'leaderboards:read': viewers,
  'sales:read': viewers,
  'forecast:read': viewers,
  'attainment:export': ['finance', 'auditor', 'reports'],
  'exports:read': ['finance', 'auditor'],
  'warnings:read': ['finance', 'auditor'],
  'audit:read': ['auditor'],
  'jobs:read': ['finance', 'auditor', 'integration'],
  'jobs:write': ['finance', 'integration'],
  'session:read': [...roles],
  'session:write': [...roles],
  'keys:read': [...roles],
  'keys:write': [...roles],
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
  reports: 'everyone',
  integration: 'nobody',
  admin: 'nobody',
};

/** A key has no say in who may do what: people decide about users, sessions and keys. */
const ofPeopleAlone: readonly Permission[] = ['users:write', 'user-changes:reject', 'session:write', 'keys:write'];

/** What an API key of these roles may do; null narrows nothing. */
export function permissionsOfKeys(held: readonly Role[], narrowed: readonly string[] | null): Permission[] {
  const all = Object.keys(permissions) as Permission[];
  return all.filter(
    (permission) =>
      allowed(held, permission) &&
      !ofPeopleAlone.includes(permission) &&
      (narrowed === null || narrowed.includes(permission)),
  );
}

/** Who may give a key the role `reports` without having it: it shows sales and attainment of everybody, and no pay. */
export function isReportsIssuer(held: readonly Role[]): boolean {
  return held.some((role) => role === 'admin' || role === 'finance' || role === 'auditor' || role === 'reports');
}
