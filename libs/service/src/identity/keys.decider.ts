import type { EventOf, KeyEvent, keyCreated } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';

/** The most valid keys of one actor. */
export const MOST_KEYS = 50;

type Created = EventOf<typeof keyCreated>['data'];
/** An API key as the log records it; instants are ISO 8601 in UTC. */
export interface Key extends Readonly<Created> {
  readonly revoked: boolean;
  /** The secret before the last rotation. */
  readonly previous: { readonly hash: string; readonly until: string } | null;
}
export type Keys = Readonly<Record<string, Key>>;
export type KeyCommand =
  | { readonly do: 'create'; readonly key: Created; readonly at: string }
  /** `overlap` is the instant until which the old secret stays valid, unless it expires earlier. */
  | {
      readonly do: 'rotate';
      readonly key: string;
      readonly hash: string;
      readonly expires: string;
      readonly overlap: string;
      readonly at: string;
    }
  | { readonly do: 'revoke'; readonly key: string };

export const keyDecider: Decider<Keys, KeyCommand, KeyEvent> = { category: 'user', initial: {}, decide, evolve };

function decide(command: KeyCommand, keys: Keys): readonly KeyEvent[] {
  switch (command.do) {
    case 'create': {
      const { key, at } = command;
      const own = Object.values(keys).filter((known) => known.of === key.of && counts(known, at));
      if (own.length >= MOST_KEYS)
        throw new Refused(
          'KEYS_TOO_MANY',
          `${key.of} has ${own.length} keys that count, and ${MOST_KEYS} are the limit; revoke one first.`,
        );
      if (own.some(({ name }) => name === key.name))
        throw new Refused('KEY_EXISTS', `The key "${key.name}" exists; rotate or revoke it, or choose another name.`, {
          name: key.name,
        });
      return [{ type: 'KeyCreated', data: key }];
    }
    case 'rotate': {
      const known = keys[command.key];
      if (!known || !counts(known, command.at))
        throw new Refused(
          'KEY_OVER',
          `The key "${known?.name ?? command.key}" is revoked or has expired; create another one.`,
          { key: command.key },
        );
      const { key, hash, expires, overlap } = command;
      return [
        {
          type: 'KeyRotated',
          data: { key, hash, expires, previousUntil: known.expires < overlap ? known.expires : overlap },
        },
      ];
    }
    case 'revoke': {
      const known = keys[command.key];
      return known && !known.revoked ? [{ type: 'KeyRevoked', data: { key: command.key } }] : [];
    }
  }
}

function evolve(keys: Keys, event: KeyEvent): Keys {
  const { key: id } = event.data;
  switch (event.type) {
    case 'KeyCreated':
      return { ...keys, [id]: { ...event.data, revoked: false, previous: null } };
    case 'KeyRotated': {
      const { hash, expires, previousUntil } = event.data;
      const known = keys[id];
      return known
        ? { ...keys, [id]: { ...known, hash, expires, previous: { hash: known.hash, until: previousUntil } } }
        : keys;
    }
    case 'KeyRevoked': {
      const known = keys[id];
      return known ? { ...keys, [id]: { ...known, revoked: true, previous: null } } : keys;
    }
  }
}

/** Whether a key is neither revoked nor expired at an instant. */
export function counts({ revoked, expires }: Key, at: string): boolean {
  return !revoked && at < expires;
}

/** Whether a secret with this hash opens the key at an instant. */
export function opens(key: Key, hash: string, at: string): boolean {
  if (!counts(key, at)) return false;
  return key.hash === hash || (key.previous?.hash === hash && at < key.previous.until);
}
