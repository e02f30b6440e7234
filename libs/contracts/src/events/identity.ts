import { z } from 'zod';
import { type EventOf, eventType } from './event-type.js';
import { idText, instantText, nameText } from './text.js';

const account = z.strictObject({ roles: z.array(nameText), participant: idText.nullable(), source: idText.nullable() });
const change = { user: nameText, before: account.nullable(), after: account.nullable() };

/**
 * `user-directory`: local users, in one stream because the right to change one of them depends on the others. Null means nobody: before
 * the first state and after the last. A credential is the id under which a password's hash is stored, never the password or its hash;
 * null keeps the current one. `oversight` states who agreed: the first start, one admin (a removal of rights), the only admin,
 * two admins, or one admin whom the other did not oppose in time. `proposed` names who proposed a change that another admin approved.
 */
export const userChanged = eventType(
  'user',
  'UserChanged',
  z.strictObject({
    ...change,
    credential: idText.nullable(),
    oversight: z.enum(['start', 'one admin', 'single admin', 'two admins', 'unopposed']),
    change: idText.nullable(),
    proposed: nameText.nullable(),
  }),
);
/** Waits for another admin. */
export const userChangeProposed = eventType(
  'user',
  'UserChangeProposed',
  z.strictObject({ ...change, credential: idText.nullable(), change: idText, proposed: nameText, at: instantText }),
);
/** Also when a proposer withdraws the proposal. */
export const userChangeRejected = eventType(
  'user',
  'UserChangeRejected',
  z.strictObject({ user: nameText, change: idText }),
);
/** By the user, who knew the previous password. */
export const userPasswordChanged = eventType(
  'user',
  'UserPasswordChanged',
  z.strictObject({ user: nameText, credential: idText }),
);

export const identityEvents = [userChanged, userChangeProposed, userChangeRejected, userPasswordChanged] as const;
export type IdentityEvent = EventOf<(typeof identityEvents)[number]>;
