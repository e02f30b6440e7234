import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { starting } from './testing/started.fixture.js';

describe('the ETag of a query', () => {
  const start = starting('all');
  const asked = '/deals?on=2025-01-01';

  it('gives the same caller the answer only once, until an event is written', async () => {
    const { as } = await start();
    const finance = await as('finance');
    const { etag = '' } = (await finance.get(asked).expect(200)).headers;
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
    const again = await finance.get(asked).set('If-None-Match', `"other", ${etag}`).expect(304);
    expect(again.text).toBe('');
    const { body } = await finance.post('/deals/crm/D1').send({ owner: 'ann', amount: '1.00' }).expect(200);
    const { position } = body as { position: string };
    const later = finance.get(asked).set('If-None-Match', etag).set('Attain-Position', position);
    expect((await later.expect(200)).body.rows).toHaveLength(1);
  });

  it('holds for one caller, one question and one format', async () => {
    const { as } = await start();
    const [finance, auditor] = [await as('finance'), await as('auditor')];
    const { etag = '' } = (await finance.get(asked).expect(200)).headers;
    await auditor.get(asked).set('If-None-Match', etag).expect(200);
    await finance.get('/deals?on=2025-01-02').set('If-None-Match', etag).expect(200);
    await finance.get(asked).set('Accept', 'text/csv').set('If-None-Match', etag).expect(200);
    expect((await finance.post('/deals/crm/D2').send({ owner: 'ann', amount: '1.00' })).headers).not.toHaveProperty(
      'etag',
    );
  });
});
