import { didYouMean } from '@attain/contracts';
import type { Caller } from './identity/caller.js';
import { reach } from './identity/roles.js';
import { OutOfScope } from './problem.js';
import type { Scope } from './scope.js';

/** A name that does not exist. */
export interface Missing {
  /** The noun, such as `participant`. */
  readonly kind: string;
  readonly name: string;
  /** The place where the name was searched, such as `source crm`. */
  readonly in?: string;
  /** The existing names; the message suggests the nearest. */
  readonly known?: Iterable<string>;
}

/** 404. A caller who may see everybody gets the nearest name; other callers do not learn whether the name exists. */
export function notFound(caller: Pick<Scope, 'everyone'> | Pick<Caller, 'roles'>, missing: Missing): OutOfScope {
  if (!seesEverybody(caller)) return new OutOfScope();
  const { kind, name, in: place, known = [] } = missing;
  const where = place === undefined ? '' : ` in ${place}`;
  return new OutOfScope(`${kind} ${JSON.stringify(name)} does not exist${where}${didYouMean(name, known)}`);
}

export function seesEverybody(caller: Pick<Scope, 'everyone'> | Pick<Caller, 'roles'>): boolean {
  return 'everyone' in caller ? caller.everyone : caller.roles.some((role) => reach[role] === 'everyone');
}
