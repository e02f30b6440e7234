import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { createLog, withoutNumbers } from './log.js';
import { starting } from './testing/started.fixture.js';

describe('the log', () => {
  const start = starting();

  it('has a structured line for each request, with its correlation id, caller and route but no parameter', async () => {
    const served = await start();
    const rep = await served.as('rep');
    const answer = await rep.get('/deals?on=2025-02-01').set('X-Correlation-Id', 'trace-7').expect(200);
    expect(answer.headers['x-correlation-id']).toBe('trace-7');
    const lines = served
      .logged()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-1)).toMatchObject({
      msg: 'request',
      correlation: 'trace-7',
      actor: 'demo:rep',
      method: 'GET',
      route: '/v1/deals',
      status: 200,
    });
    expect(served.logged()).not.toContain('2025-02-01');
  });

  it('takes no correlation id that could forge a line', async () => {
    const { anonymous } = await start();
    const { headers } = await anonymous.get('/health/live').set('X-Correlation-Id', 'x" , "actor":"admin');
    expect(headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('masks what an unexpected error quotes, also of its cause', () => {
    let written = '';
    const log = createLog('test', 'info', { write: (line) => void (written += line) });
    log.failure('It failed', new Error('ann has 12,345.67', { cause: new TypeError('of 777123') }), {
      group: 'open-deals@1',
    });
    expect(JSON.parse(written)).toMatchObject({
      msg: 'It failed',
      group: 'open-deals@1',
      error: { kind: 'Error', message: 'ann has #', cause: { kind: 'TypeError', message: 'of #' } },
    });
    expect(withoutNumbers('D1 of 5 at 0.5')).toBe('D1 of 5 at #');
  });
});
