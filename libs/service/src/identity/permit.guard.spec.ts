import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { routesOf } from '../routes.js';
import { starting } from '../testing/started.fixture.js';

describe('a route', () => {
  const start = starting();

  it('requires a sign-in', async () => {
    const { anonymous } = await start();
    const answer = await anonymous.get('/deals?on=2025-01-01').expect(401);
    expect(answer.body).toMatchObject({ code: 'NOT_SIGNED_IN' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('admits callers whose role has its permission', async () => {
    const { as } = await start();
    await (await as('auditor')).get('/deals?on=2025-01-01').expect(200);
    await (await as('finance')).post('/deals/crm/D1').send({ owner: 'ann', amount: '1.00' }).expect(200);
  });

  it('refuses other callers before it reads the request body', async () => {
    const { as } = await start();
    const answer = await (await as('auditor')).post('/deals/crm/D1').send({ nonsense: true }).expect(403);
    expect(answer.body).toMatchObject({ code: 'FORBIDDEN', detail: 'This needs the permission deals:write.' });
  });

  it('without a permission refuses everybody', async () => {
    const { as, logged } = await start();
    await (await as('finance')).get('/deals/forgotten').expect(403);
    expect(logged()).toContain('A route declares no permission');
  });

  it.each(['Basic YW5uOnB3', 'Bearer not-a-session', 'Bearer', 'Bearer a b'])(
    'doesn’t believe «%s»',
    async (header) => {
      const { anonymous } = await start();
      await anonymous.get('/session').set('Authorization', header).expect(401);
    },
  );

  it('is listed with all others, so that a test finds a route with neither a permission nor a reason to be public', async () => {
    const { app } = await start();
    const unprotected = routesOf(app).filter((route) => route.permission === undefined && route.public === undefined);
    expect(unprotected.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/deals/forgotten']);
  });

  it('of the shell without a permission is one of a few, each with its reason', async () => {
    const { app } = await start({ demo: false });
    const open = routesOf(app).filter((route) => route.public !== undefined);
    expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /',
      'GET /health/live',
      'GET /health/ready',
      'GET /home.css',
      'GET /metrics',
      'POST /v1/session',
    ]);
  });

  it('is in the list even where Express knows it and Nest doesn’t: only the API’s description', async () => {
    const { app } = await start();
    const listed = new Set(routesOf(app).map(({ path }) => path));
    const layers = (
      app.getHttpAdapter().getInstance() as unknown as { router: { stack: { route?: { path: string } }[] } }
    ).router.stack;
    const others = layers.flatMap(({ route }) => (route && !listed.has(route.path) ? [route.path] : []));
    expect(others.filter((path) => !/^\/docs/.test(path))).toEqual([]);
    expect(layers.length).toBeGreaterThan(listed.size);
  });
});
