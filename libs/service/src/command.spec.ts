import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { starting } from './testing/started.fixture.js';
import { EVENT_STORE } from './tokens.js';

const body = { owner: 'ann', amount: '10.00' };

describe('a command', () => {
  const start = starting();

  it('returns the stream and position of its effect', async () => {
    const finance = await (await start()).as('finance');
    const answer = await finance.post('/deals/crm/D1').send(body).expect(200);
    expect(answer.body).toEqual({ stream: 'deal-crm:D1', revision: 0, position: '1' });
    expect(answer.headers['attain-position']).toBe('1');
  });

  it('repeated with its key gets the first answer, byte for byte', async () => {
    const finance = await (await start()).as('finance');
    const send = () => finance.post('/deals/crm/D1').set('Idempotency-Key', 'k-1').send(body).expect(200);
    const first = await send();
    const second = await send();
    expect(second.text).toBe(first.text);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(second.headers['idempotent-replayed']).toBe('true');
  });

  it('with the key of another command is refused', async () => {
    const finance = await (await start()).as('finance');
    await finance.post('/deals/crm/D1').set('Idempotency-Key', 'k-1').send(body).expect(200);
    const answer = await finance
      .post('/deals/crm/D1')
      .set('Idempotency-Key', 'k-1')
      .send({ ...body, amount: '11.00' })
      .expect(422);
    expect(answer.body).toMatchObject({ code: 'KEY_REUSED' });
  });

  it.each(['with space', 'ü', 'k'.repeat(201)])('rejects the key %j', async (key) => {
    const finance = await (await start()).as('finance');
    const answer = await finance.post('/deals/crm/D1').set('Idempotency-Key', key).send(body).expect(422);
    expect(answer.body).toMatchObject({ errors: [{ field: 'Idempotency-Key' }] });
  });

  it('stores its actor, the key of this caller and the reason', async () => {
    const served = await start();
    await (
      await served.as('finance')
    )
      .post('/deals/crm/D1')
      .set('Idempotency-Key', 'k-1')
      .set('X-Correlation-Id', 'trace-7')
      .send({ ...body, reason: 'signed' })
      .expect(200);
    for await (const [event] of served.get(EVENT_STORE).readStream('deal-crm:D1')) {
      expect(event?.meta).toMatchObject({
        actor: 'demo:finance',
        correlation: 'trace-7',
        key: 'demo:finance/k-1',
        reason: 'signed',
      });
    }
  });
});

describe('a query', () => {
  const start = starting();

  it('that sends the position of a command sees its effect', async () => {
    const finance = await (await start()).as('finance');
    for (let n = 0; n < 20; n += 1) {
      const command = await finance.post(`/deals/crm/D${n}`).send(body).expect(200);
      const { position } = command.body as { position: string };
      const answer = await finance.get('/deals?on=2025-01-01').set('Attain-Position', position).expect(200);
      expect((answer.body as { rows: unknown[] }).rows).toHaveLength(n + 1);
    }
  });

  it('doesn’t wait for a position behind the end of the log', async () => {
    const finance = await (await start()).as('finance');
    const answer = await finance.get('/deals?on=2025-01-01').set('Attain-Position', '99').expect(422);
    expect(answer.body).toMatchObject({
      errors: [
        {
          field: 'Attain-Position',
          message: 'expected a position that a command has answered, found 99, after the last event',
        },
      ],
    });
  });

  it.each(['-1', 'x', '1.5', '9'.repeat(30)])('rejects the position %s', async (position) => {
    const finance = await (await start()).as('finance');
    const answer = await finance.get('/deals?on=2025-01-01').set('Attain-Position', position).expect(422);
    expect(answer.body).toMatchObject({ errors: [{ field: 'Attain-Position' }] });
  });

  it('is stored by no cache', async () => {
    const finance = await (await start()).as('finance');
    const { headers } = await finance.get('/deals?on=2025-01-01').expect(200);
    expect(headers['cache-control']).toBe('no-store');
  });
});
