import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { PayloadTooLargeException } from '@nestjs/common';
import { AppendTooLarge, Refused, StoreFull, Transient, WrongRevision } from '@attain/eventsourcing';
import { answerTo, Malformed, NotReady, OutOfScope } from './problem.js';
import { starting } from './testing/started.fixture.js';

describe('a request that can’t be answered', () => {
  const start = starting();

  it('gets one entry for each malformed field', async () => {
    const finance = await (await start()).as('finance');
    const answer = await finance.post('/deals/crm/D1').send({ owner: 7, amount: '1e400', colour: 'red' }).expect(422);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Unprocessable Entity',
      status: 422,
      code: 'MALFORMED',
      detail: 'The request is malformed.',
      correlation: answer.headers['x-correlation-id'],
      errors: [
        { field: 'colour', message: 'is not a known field' },
        { field: 'owner', message: 'must be a string' },
        { field: 'amount', message: 'expected a plain decimal such as 1054.50' },
      ],
    });
  });

  it.each([true, 'false', '', 0, null])('isn’t converted to a valid one: owner %j', async (owner) => {
    const finance = await (await start()).as('finance');
    const { status } = await finance.post('/deals/crm/D1').send({ owner, amount: '1.00' });
    expect(status).toBe(typeof owner === 'string' ? 200 : 422);
  });

  it.each(['[]', '[{"owner":"ann","amount":"1.00"}]', '{}', 'null'])('with the body %s is malformed', async (body) => {
    const finance = await (await start()).as('finance');
    const { status } = await finance.post('/deals/crm/D1').set('Content-Type', 'application/json').send(body);
    expect([400, 422]).toContain(status);
  });

  it('gets the place of its JSON error, without its text', async () => {
    const finance = await (await start()).as('finance');
    const body = '{\n  "owner": "ann",\n  "amount": 777123.45.1\n}';
    const answer = await finance.post('/deals/crm/D1').set('Content-Type', 'application/json').send(body).expect(400);
    expect(answer.body).toMatchObject({
      code: 'BAD_JSON',
      errors: [{ field: 'body', message: 'not JSON at line 3, column 22' }],
    });
    expect(answer.text).not.toContain('777123');
  });

  it('is refused with the code of the rule', async () => {
    const finance = await (await start()).as('finance');
    await finance.post('/deals/crm/D1').send({ owner: 'ann', amount: '1.00' }).expect(200);
    const answer = await finance.post('/deals/crm/D1').send({ owner: 'bob', amount: '1.00' }).expect(409);
    expect(answer.body).toMatchObject({
      code: 'DEAL_EXISTS',
      detail: 'The deal D1 is open already.',
      about: { deal: 'D1' },
    });
  });

  it('is too large', async () => {
    const finance = await (await start({ settings: { BODY_LIMIT: '1000' } })).as('finance');
    const answer = await finance
      .post('/deals/crm/D1')
      .send({ owner: 'a'.repeat(2000), amount: '1.00' })
      .expect(413);
    expect(answer.body).toMatchObject({ code: 'TOO_LARGE' });
  });

  it('finds no route', async () => {
    const { anonymous } = await start();
    const answer = await anonymous.get('/nothing/here').expect(404);
    expect(answer.body).toMatchObject({ code: 'NO_SUCH_ROUTE' });
  });

  it('has a broken address', async () => {
    const { anonymous } = await start();
    await anonymous.get('/jobs/%FF').expect(400);
  });

  it('fails by our fault, and neither answer nor log contains the amount', async () => {
    const { as, logged } = await start();
    const answer = await (await as('finance')).get('/deals/broken').expect(500);
    expect(answer.body).toMatchObject({ code: 'INTERNAL' });
    expect(logged()).toContain(answer.headers['x-correlation-id']);
    expect(logged()).toContain('the pay of ann is #');
    expect(answer.text + logged()).not.toContain('777123');
  });

  it.each([
    [new Malformed([{ field: 'a', message: 'b' }]), 422, 'MALFORMED'],
    [new OutOfScope(), 404, 'NOT_FOUND'],
    [new Refused('PERIOD_CLOSED', 'January is closed'), 409, 'PERIOD_CLOSED'],
    [new Refused('KEY_REUSED', 'another body'), 422, 'KEY_REUSED'],
    [new StoreFull('disk'), 507, 'STORE_FULL'],
    [new AppendTooLarge('deal-1: too many bytes'), 413, 'TOO_LARGE'],
    [new Transient('busy'), 503, 'NOT_READY'],
    [new NotReady('later', 3), 503, 'NOT_READY'],
    [new WrongRevision('deal-1', 1, 2), 503, 'CONTENDED'],
    [new PayloadTooLargeException(), 413, 'TOO_LARGE'],
    [new Error('unexpected'), 500, 'INTERNAL'],
    ['text', 500, 'INTERNAL'],
  ])('%s is %i %s', (error, status, code) => {
    expect(answerTo(error)).toMatchObject({ status, code });
  });
});
