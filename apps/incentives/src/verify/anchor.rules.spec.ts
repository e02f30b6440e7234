import { describe, expect, it } from '@jest/globals';
import { checkAnchor, parseAnchor } from './anchor.rules.js';

const anchor = {
  attain: 1 as const,
  company: 'Shop',
  position: '7',
  seal: 'a'.repeat(64),
  events: 7,
  at: '',
  reason: '',
};

describe('Anchors', () => {
  it('are refused with the invalid field if a file is no anchor', () => {
    expect(parseAnchor(JSON.stringify(anchor))).toEqual(anchor);
    const wrong: [object, string][] = [
      [{ attain: 2 }, 'attain'],
      [{ position: 7 }, 'position'],
      [{ seal: 'A' }, 'seal'],
      [{ events: -1 }, 'events'],
      [{ events: '7' }, 'events'],
    ];
    for (const [change, field] of wrong)
      expect(() => parseAnchor(JSON.stringify({ ...anchor, ...change }))).toThrow(field);
    for (const text of ['', 'null', '[]']) expect(() => parseAnchor(text)).toThrow('anchor');
  });

  it('are compared by place, seal and count', () => {
    const log = { head: 9n, seal: anchor.seal, events: 7 };
    const found = (change: Partial<typeof log>) => checkAnchor(anchor, { ...log, ...change }).found;
    expect([
      found({}),
      found({ head: 6n }),
      found({ seal: 'b'.repeat(64) }),
      found({ seal: undefined }),
      found({ events: 6 }),
    ]).toEqual(['agrees', 'cut', 'differs', 'differs', 'count']);
  });
});
