import { allowed, type Permission, type Role } from './roles.js';

/** The authenticated caller. */
export interface Caller {
  /** The name in events and logs: `user:<name>`, `demo:<role>` or `oidc:<subject>`. */
  readonly actor: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** The participant who the caller is, if any. */
  readonly participant?: string;
  /** The only source that an integration may import. */
  readonly source?: string;
  /** Somebody else knows the password, so the caller must choose a new one first. */
  readonly passwordDue?: true;
  /** Id of the API key of the request. */
  readonly key?: string;
  /** The permissions of an API key; absent if it has all those of its roles. */
  readonly permissions?: readonly Permission[];
}

export function may({ roles, permissions }: Pick<Caller, 'roles' | 'permissions'>, permission: Permission): boolean {
  return allowed(roles, permission) && (permissions === undefined || permissions.includes(permission));
}

/** An integration has one source, even with other roles; all other callers have every source. */
export function maySpeakFor({ roles, source }: Caller, of: string): boolean {
  return !roles.includes('integration') || source === of;
}
