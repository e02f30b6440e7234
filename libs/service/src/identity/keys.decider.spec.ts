import type { KeyEvent } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { describe, expect, it } from '@jest/globals';
import { type KeyCommand, keyDecider, type Keys, MOST_KEYS, opens } from './keys.decider.js';

const NOW = '2025-03-01T12:00:00.000Z';
const key = (id: string, name = id) => ({
  key: id,
  name,
  of: 'user:alice',
  roles: ['reports'],
  permissions: null,
  participant: null,
  source: null,
  hash: `hash of ${id}`,
  expires: '2025-05-30T12:00:00.000Z',
});
const created = (id: string, name?: string): KeyEvent => ({ type: 'KeyCreated', data: key(id, name) });
const given = (...events: KeyEvent[]): Keys => events.reduce(keyDecider.evolve, keyDecider.initial);
const when = (command: KeyCommand, keys: Keys): string | readonly KeyEvent[] => {
  try {
    return keyDecider.decide(command, keys);
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
};
const create = (id: string, name?: string, at = NOW): KeyCommand => ({ do: 'create', key: key(id, name), at });
const rotate = (at = NOW, overlap = '2025-03-08T12:00:00.000Z'): KeyCommand => ({
  do: 'rotate',
  key: 'k',
  hash: 'hash of the next',
  expires: '2025-08-28T12:00:00.000Z',
  overlap,
  at,
});

describe('An API key', () => {
  it('is created once by its name, and again under the name of a key that is over', () => {
    expect(when(create('k'), given())).toEqual([created('k')]);
    expect(when(create('k2', 'k'), given(created('k')))).toBe('KEY_EXISTS');
    expect(when(create('k2', 'k'), given(created('k'), { type: 'KeyRevoked', data: { key: 'k' } }))).toEqual([
      created('k2', 'k'),
    ]);
    expect(when(create('k2', 'k', '2025-05-30T12:00:00.000Z'), given(created('k')))).toEqual([created('k2', 'k')]);
  });

  it(`is one of at most ${MOST_KEYS} of an actor`, () => {
    const all = given(...Array.from({ length: MOST_KEYS }, (_, n) => created(String(n))));
    expect(when(create('k'), all)).toBe('KEYS_TOO_MANY');
  });

  it('is opened by its secret until it expires', () => {
    const { k } = given(created('k'));
    expect(
      [NOW, '2025-05-30T11:59:59.999Z', '2025-05-30T12:00:00.000Z'].map((at) => opens(k!, 'hash of k', at)),
    ).toEqual([true, true, false]);
    expect(opens(k!, 'hash of another', NOW)).toBe(false);
  });

  it('is opened by the secret before a rotation for seven more days, and not beyond its own expiry', () => {
    const [rotated] = when(rotate(), given(created('k'))) as KeyEvent[];
    expect(rotated).toEqual({
      type: 'KeyRotated',
      data: {
        key: 'k',
        hash: 'hash of the next',
        expires: '2025-08-28T12:00:00.000Z',
        previousUntil: '2025-03-08T12:00:00.000Z',
      },
    });
    const { k } = given(created('k'), rotated!);
    expect(opens(k!, 'hash of k', '2025-03-08T11:59:59.999Z')).toBe(true);
    expect(opens(k!, 'hash of k', '2025-03-08T12:00:00.000Z')).toBe(false);
    expect(opens(k!, 'hash of the next', '2025-05-01T00:00:00.000Z')).toBe(true);
    expect(when(rotate('2025-05-29T12:00:00.000Z', '2025-06-05T12:00:00.000Z'), given(created('k')))).toMatchObject([
      { data: { previousUntil: '2025-05-30T12:00:00.000Z' } },
    ]);
  });

  it('is revoked at once and once, with the secret before its rotation', () => {
    const [rotated] = when(rotate(), given(created('k'))) as KeyEvent[];
    const revoked = given(
      created('k'),
      rotated!,
      ...(when({ do: 'revoke', key: 'k' }, given(created('k'))) as KeyEvent[]),
    );
    expect(['hash of k', 'hash of the next'].map((hash) => opens(revoked['k']!, hash, NOW))).toEqual([false, false]);
    expect(when({ do: 'revoke', key: 'k' }, revoked)).toEqual([]);
    expect(when(rotate(), revoked)).toBe('KEY_OVER');
  });
});
