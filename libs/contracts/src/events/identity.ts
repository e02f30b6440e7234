import { z } from 'zod';
import { type EventOf, eventType } from './event-type.js';
import { idText, instantText, nameText } from './text.js';

const account = z.strictObject({ roles: z.array(nameText), participant: idText.nullable(), source: idText.nullable() });
const change = { user: nameText, before: account.nullable(), after: account.nullable() };

/**
 * `user-directory`: local users, in one stream because who may change one of them depends on the others. Null is nobody, before
 * the first and after the last. A credential is the id under which a password's hash is kept, never the password or its hash;
 * null leaves the one that stands. `oversight` says who agreed: the first start, one admin (what only takes), the single admin
 * that there is, two admins, or one whom the other did not oppose in time. `proposed` names who asked for what another approved.
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
/** Also of whoever takes back an own proposal. */
export const userChangeRejected = eventType(
  'user',
  'UserChangeRejected',
  z.strictObject({ user: nameText, change: idText }),
);
/** By the user, who knew the one before. */
export const userPasswordChanged = eventType(
  'user',
  'UserPasswordChanged',
  z.strictObject({ user: nameText, credential: idText }),
);

export const identityEvents = [userChanged, userChangeProposed, userChangeRejected, userPasswordChanged] as const;
export type IdentityEvent = EventOf<(typeof identityEvents)[number]>;
