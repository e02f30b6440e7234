import { describe, expect, it } from '@jest/globals';
import { scryptSync } from 'node:crypto';
import { kept, matches } from './passwords.js';

describe('A password', () => {
  it('matches only itself, with accents composed in any way', async () => {
    const caf = await kept('caf\u00e9 by the river');
    expect(await matches('cafe\u0301 by the river', caf)).toBe(true);
    expect(await matches('cafe by the river', caf)).toBe(false);
    expect(await matches('cafe by the river', undefined)).toBe(false);
  });

  it('matches also after the cost of new passwords has changed', async () => {
    const salt = Buffer.from('sixteen bytes ok');
    const hash = scryptSync('a lantern behind nine windows', salt, 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 26 });
    expect(
      await matches(
        'a lantern behind nine windows',
        `scrypt$32768$8$3$${salt.toString('base64url')}$${hash.toString('base64url')}`,
      ),
    ).toBe(true);
  });
});
