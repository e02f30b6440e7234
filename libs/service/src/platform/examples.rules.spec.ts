import { describe, expect, it } from '@jest/globals';
import { exampled } from './examples.rules.js';

const examples = {
  named: { participant: 'anna', measure: 'revenue', period: '2017-10', source: 'crm' },
  month: '2017-10',
  quarter: '2017-Q4',
  year: '2017',
  day: '2017-10-31',
};
const parameter = (more: object) =>
  exampled({ paths: { '/x': { get: { parameters: [more] } } } }, examples).paths['/x'].get.parameters[0];

describe('The examples of the API', () => {
  it.each([
    [{ name: 'participant', in: 'path' }, 'anna'],
    [{ name: 'period', in: 'query', example: '2025-Q1' }, '2017-Q4'],
    [{ name: 'period', in: 'path' }, '2017-10'],
    [{ name: 'on', in: 'query', schema: { example: '2025-03-31' } }, '2017-10-31'],
    [{ name: 'from', in: 'query', example: '2025.1' }, '2025.1'],
    [{ name: 'limit', in: 'query', example: 50 }, 50],
    [{ name: 'stage', in: 'query' }, undefined],
  ])('of %j is %p', (given, example) => {
    expect((parameter(given) as { example?: unknown }).example).toBe(example);
  });
  it('of a body are those of its properties', () => {
    const document = exampled(
      {
        components: {
          schemas: { Quota: { properties: { measure: { example: 'bookings' }, amount: { example: '100' } } } },
        },
      },
      examples,
    );
    expect(document.components.schemas.Quota.properties).toEqual({
      measure: { example: 'revenue' },
      amount: { example: '100' },
    });
  });
});
