import { allowed, type Permission, type Role } from './roles.js';

/** Who asks, as authentication found it out. */
export interface Caller {
  /** What events and logs name: `user:<name>`, `demo:<role>` or `oidc:<subject>`. */
  readonly actor: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** The participant that the caller is, where the caller is one. */
  readonly participant?: string;
  /** The only source that an integration may bring in. */
  readonly source?: string;
  /** Somebody else knows the password: first the caller chooses one. */
  readonly passwordDue?: true;
  /** Id of the API key that asks. */
  readonly key?: string;
  /** All that an API key may do; absent, whatever its roles may. */
  readonly permissions?: readonly Permission[];
}

export function may({ roles, permissions }: Pick<Caller, 'roles' | 'permissions'>, permission: Permission): boolean {
  return allowed(roles, permission) && (permissions === undefined || permissions.includes(permission));
}

/** An integration has one source, whatever other roles it has; everybody else has all. */
export function maySpeakFor({ roles, source }: Caller, of: string): boolean {
  return !roles.includes('integration') || source === of;
}
