import { describe, expect, it } from '@jest/globals';
import { Malformed } from '../problem.js';
import { refuseGuessable } from './password-strength.js';

const START = '0'.repeat(32);
const RANDOM = 'vB7#kq!zX2pL9w$Rt5mN8c&Hd3fJ6s*G';

describe('the strength of a password', () => {
  it('follows from its first 32 characters, because to look at more would keep everybody waiting', async () => {
    await expect(refuseGuessable('password', START + RANDOM, [])).rejects.toThrow(Malformed);
    await expect(refuseGuessable('password', RANDOM + START, [])).resolves.toBeUndefined();
  });

  it('is that of several words that do not belong together', async () => {
    await expect(refuseGuessable('password', 'correct horse battery staple', [])).resolves.toBeUndefined();
  });
});
