import { describe, expect, it } from '@jest/globals';
import { TooMany } from '../problem.js';
import { KeyRate } from './key-rate.js';

describe('the rate of a key', () => {
  it('is 600 requests a minute for each key, and every answer states what is left', async () => {
    const rate = new KeyRate();
    let headers: Record<string, string> = {};
    const response = { set: (those: Record<string, string>) => void (headers = those) };
    for (let n = 0; n < 600; n += 1) await rate.take('one', response);
    expect(headers).toEqual({
      'RateLimit-Policy': '"key";q=600;w=60',
      RateLimit: expect.stringMatching(/^"key";r=0;t=\d+$/),
    });
    await expect(rate.take('one', response)).rejects.toThrow(TooMany);
    await rate.take('other', response);
    expect(headers['RateLimit']).toMatch(/^"key";r=599;t=\d+$/);
  });
});
