import { z } from 'zod';
import { type EventOf, eventType } from './event-type.js';
import { idText, instantText, nameText } from './text.js';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 hash in hexadecimal digits');

/**
 * `user-keys`: API keys, in one stream beside the users. `hash` is the SHA-256 of the secret, which has 256 random bits and is stored
 * nowhere. `of` is the actor that created the key and that the key acts as; null permissions are all of its roles.
 */
export const keyCreated = eventType(
  'user',
  'KeyCreated',
  z.strictObject({
    key: idText,
    name: nameText,
    of: nameText,
    roles: z.array(nameText),
    permissions: z.array(nameText).nullable(),
    participant: idText.nullable(),
    source: idText.nullable(),
    hash,
    expires: instantText,
  }),
);
/** The previous secret is valid until `previousUntil`, so that programs can change to the new one first. */
export const keyRotated = eventType(
  'user',
  'KeyRotated',
  z.strictObject({ key: idText, hash, expires: instantText, previousUntil: instantText }),
);
export const keyRevoked = eventType('user', 'KeyRevoked', z.strictObject({ key: idText }));

export const keyEvents = [keyCreated, keyRotated, keyRevoked] as const;
export type KeyEvent = EventOf<(typeof keyEvents)[number]>;
