import { z } from 'zod';
import { terms } from '../answers/terms.js';
import { roles } from './roles.js';

export const SessionView = z
  .object({
    actor: terms.actor,
    name: terms.name,
    roles: z.array(z.enum(roles)).readonly(),
    participant: terms.participant.nullable(),
    passwordDue: z
      .literal(true)
      .describe(
        'True if an admin gave the password: everything else is refused PASSWORD_DUE until the user chooses another.',
      )
      .optional(),
    csrf: z
      .string()
      .describe('For `X-CSRF-Token` of unsafe requests; null if a token, not a cookie, identifies the caller.')
      .nullable(),
    token: z.string().describe('Only if a token was requested; shown once.').optional(),
  })
  .meta({ id: 'Session', description: 'Who is signed in.' });
export type SessionView = z.infer<typeof SessionView>;

export const KeyRow = z
  .object({
    key: z.string().meta({ description: 'The id of the key.', examples: ['01996b3c5a10'] }),
    name: terms.name,
    of: z.string().describe('The actor that created the key and that the key acts as.'),
    roles: z.array(z.string().meta({ description: 'A role.', examples: ['reports'] })).readonly(),
    permissions: z.array(z.string().meta({ description: 'A permission.', examples: ['sales:read'] })).readonly(),
    expires: terms.moment,
    previousUntil: z
      .string()
      .describe('The instant until which the previous secret stays valid; null if there is none.')
      .nullable(),
    lastUsed: terms.moment.describe('To the next five minutes; null for a key that was never used.').nullable(),
    state: z.enum(['active', 'expired', 'revoked']),
  })
  .meta({
    id: 'KeyRow',
    description: 'What a key shows of itself; the secret is answered once, when the key is created or rotated.',
  });
export type KeyRow = z.infer<typeof KeyRow>;

export const NewlyMadeKey = KeyRow.extend({
  secret: z.string().meta({ description: 'The secret; it is answered once.', examples: ['atn_01996b3c5a10_kX3vJq'] }),
}).meta({ id: 'NewKeyWithSecret', description: 'An API key, and its secret.' });
export type NewlyMadeKey = z.infer<typeof NewlyMadeKey>;

export const SessionRow = z
  .object({
    id: z.string().meta({ description: 'The id.', examples: ['D1'] }),
    kind: z.enum(['cookie', 'token']),
    begun: terms.moment,
    seen: terms.moment,
    ends: z.string().describe('When it is over at the latest.'),
    current: z.boolean().describe('It is the one that asks.'),
  })
  .meta({ id: 'SessionRow', description: 'What a session shows of itself.' });
export type SessionRow = z.infer<typeof SessionRow>;

export const User = z
  .object({
    name: terms.name,
    roles: z.array(z.enum(roles)).readonly(),
    participant: terms.participant.nullable(),
    source: terms.source.nullable(),
  })
  .meta({ id: 'User', description: 'A local user, for installations without an identity provider.' });
export type User = z.infer<typeof User>;

const UserRights = z
  .object({
    roles: z.array(z.string().meta({ description: 'A role.', examples: ['reports'] })),
    participant: terms.participant.nullable(),
    source: terms.source.nullable(),
  })
  .meta({ id: 'UserRights', description: 'The roles of a user, and whom the user is paid as or speaks for.' });

export const PendingChange = z
  .object({
    at: terms.moment,
    proposed: terms.actor.describe('Who proposed it.'),
    change: z
      .string()
      .meta({ description: 'The id of the change.', examples: ['01996b3c-5a10-7c3e-9f52-1f2d3c4b5a69'] }),
    user: z.string().meta({ description: 'The name of the user.', examples: ['fay'] }),
    before: UserRights.nullable(),
    after: UserRights.nullable(),
    password: z.boolean(),
  })
  .meta({ id: 'PendingChange', description: 'A change of a user that waits for another admin.' });
export type PendingChange = z.infer<typeof PendingChange>;

export const SettledChange = z
  .object({
    user: User.nullable(),
    waits: PendingChange.nullable(),
    code: terms.code.describe('Follows the password at the first sign-in; answered once.').optional(),
  })
  .meta({
    id: 'SettledChange',
    description: 'What came of a command: a change that took effect, or one that waits for another admin.',
  });
export type SettledChange = z.infer<typeof SettledChange>;

export const UserChange = z
  .object({
    type: z.enum(['UserChanged', 'UserChangeProposed', 'UserChangeRejected', 'UserPasswordChanged']),
    at: terms.moment,
    by: z.string().meta({ description: 'Who did it.', examples: ['user:fay'] }),
    reason: terms.reason.nullable(),
    before: UserRights.nullable().optional(),
    after: UserRights.nullable().optional(),
    password: z.boolean().describe('A password was set.').optional(),
    oversight: z
      .string()
      .meta({ description: 'Who agreed without being an admin.', examples: ['finance'] })
      .optional(),
    change: z
      .string()
      .meta({ description: 'The id of the change.', examples: ['01996b3c-5a10-7c3e-9f52-1f2d3c4b5a69'] })
      .nullable()
      .optional(),
    proposed: terms.moment.nullable().optional(),
  })
  .meta({ id: 'UserChange', description: 'A change of a user, and its actor.' });
export type UserChange = z.infer<typeof UserChange>;
