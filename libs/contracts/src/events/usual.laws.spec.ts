import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventTypes } from './index.js';

const text = fc.oneof(fc.string(), fc.constantFrom('', '__proto__', 'a'.repeat(401), 'b'.repeat(4001), 'owner'));
const value = fc.oneof({ weight: 9, arbitrary: text }, fc.constantFrom(null, 1, true, {}, []));
const opened = fc.record(
  {
    source: value,
    id: value,
    fields: fc.oneof(
      fc.array(fc.tuple(text, value)).map((entries) => JSON.parse(`{${entries.map(member).join()}}`) as unknown),
      value,
    ),
    further: value,
  },
  { requiredKeys: [] },
);
const usualOpened = fc
  .record({ source: fc.string({ minLength: 1 }), id: fc.string({ minLength: 1 }) })
  .chain((place) => fc.dictionary(fc.string(), fc.string()).map((fields) => ({ ...place, fields })));

function member([name, content]: [string, unknown]): string {
  return `${JSON.stringify(name)}:${JSON.stringify(content)}`;
}

describe('The usual form of an event', () => {
  const types = [...eventTypes.values()].filter(({ usual }) => usual !== undefined);
  it.each(types.map(({ type }) => type))('is read as the schema reads it, in the order of its members: %s', (type) => {
    const { schema, usual } = eventTypes.get(type)!;
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(opened, usualOpened), (data) => {
        const fast = usual!(data);
        if (fast === undefined) return;
        read += 1;
        const { success, data: slow } = schema.safeParse(data);
        expect(success).toBe(true);
        expect(JSON.stringify(fast)).toBe(JSON.stringify(slow));
        expect(fast).toEqual(slow);
      }),
    );
    expect(read).toBeGreaterThan(10);
  });
});
