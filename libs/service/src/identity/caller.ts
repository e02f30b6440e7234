import type { Role } from './roles.js';

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
}

/** An integration has one source, whatever other roles it has; everybody else has all. */
export function maySpeakFor({ roles, source }: Caller, of: string): boolean {
  return !roles.includes('integration') || source === of;
}
