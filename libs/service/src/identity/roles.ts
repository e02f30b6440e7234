/** Who may do what: the only place that maps roles to permissions. */
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
/** Dashboards also read sales and attainment, and no pay. */
const viewers = [...readers, 'reports'] as const;

/**
 * Permission → roles. Permissions to `read` change nothing and are all that an auditor has. An admin has none that
 * shows deals or pay. An integration imports one source and sees nothing.
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
  // A plan author sees rounded sums that reveal nobody's pay.
  'plan-costs:read': ['plan-author', 'approver', 'finance', 'auditor'],
  'plan-costs-of-each:read': ['approver', 'finance', 'auditor'],
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
  // An admin sees the changes of users and keys alone.
  'changes:read': ['finance', 'auditor', 'admin'],
  // Beside finance and auditors, everybody follows only their own jobs.
  'jobs:read': ['finance', 'auditor', 'integration', 'plan-author', 'approver'],
  'jobs:write': ['finance', 'integration', 'plan-author', 'approver'],
  'session:read': [...roles],
  'session:write': [...roles],
  'keys:read': [...roles],
  'keys:write': [...roles],
  'users:read': ['admin', 'auditor'],
  'users:write': ['admin'],
  // Neither of two admins decides about their own removal; finance is the third party that may object.
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

/** The rows that a role sees: its own, those of everybody below it too, everybody's, or none. */
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

/** An API key has no permission about access: people decide about users, sessions and keys. */
const ofPeopleAlone: readonly Permission[] = ['users:write', 'user-changes:reject', 'session:write', 'keys:write'];

/** The permissions of an API key with these roles; null removes none. */
export function permissionsOfKeys(held: readonly Role[], narrowed: readonly string[] | null): Permission[] {
  const all = Object.keys(permissions) as Permission[];
  return all.filter(
    (permission) =>
      allowed(held, permission) &&
      !ofPeopleAlone.includes(permission) &&
      (narrowed === null || narrowed.includes(permission)),
  );
}

/**
 * Who may give a key the role `reports` without having it: the role shows sales and attainment of everybody, and no
 * pay.
 */
export function isReportsIssuer(held: readonly Role[]): boolean {
  return held.some((role) => role === 'admin' || role === 'finance' || role === 'auditor' || role === 'reports');
}
