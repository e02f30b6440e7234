import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { routesOf } from './routes.js';
import { starting } from './testing/started.fixture.js';
import { versioned } from './version.js';

describe('the version of the API', () => {
  const start = starting('all');

  it('is in the path of every route but those of pages, health and metrics', async () => {
    const { app } = await start();
    const paths = routesOf(app).map(({ path }) => path);
    expect(paths.filter((path) => !path.startsWith('/v1/'))).toEqual([
      '/',
      '/health/live',
      '/health/ready',
      '/home.css',
      '/metrics',
    ]);
    expect(paths.filter((path) => versioned(path) !== path)).toEqual([]);
  });

  it.each([
    ['/deals', '/v1/deals'],
    ['/deals?on=2025-01-01', '/v1/deals?on=2025-01-01'],
    ['/applications', '/v1/applications'],
    ['/v1/deals', '/v1/deals'],
    ['/v2/deals', '/v2/deals'],
    ['/?failed', '/?failed'],
    ['/app/statements', '/app/statements'],
    ['/docs-json', '/docs-json'],
  ])('of %s is asked at %s', (path, expected) => {
    expect(versioned(path)).toBe(expected);
  });

  it('may be left out until the day that the answer names, with every method', async () => {
    const { url, anonymous } = await start();
    const signedIn = await supertest(url).post('/session/demo?x=1').send({ as: 'finance', give: 'token' }).expect(200);
    expect(signedIn.headers).toMatchObject({
      deprecation: '@1795996800',
      sunset: 'Tue, 30 Nov 2027 00:00:00 GMT',
      link: '</v1/session/demo>; rel="successor-version"',
    });
    const { token } = signedIn.body as { token: string };
    await supertest(url).get('/deals?on=2025-01-01').set('Authorization', `Bearer ${token}`).expect(200);
    expect((await anonymous.get('/session').expect(401)).headers).not.toHaveProperty('deprecation');
    expect((await anonymous.get('/health/live').expect(200)).headers).not.toHaveProperty('deprecation');
  });

  it('must exist: a path with an unknown version is not found', async () => {
    const { url } = await start();
    const { body } = await supertest(url).get('/v2/deals').expect(404);
    expect(body).toMatchObject({ code: 'NO_SUCH_ROUTE' });
    await supertest(url).get('/v1/health/live').expect(404);
  });
});
