import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { routesOf } from '../routes.js';
import { starting } from '../testing/started.fixture.js';

interface Api {
  paths: Record<
    string,
    Record<string, { security?: unknown[]; parameters: { name?: string; in?: string; $ref?: string }[] }>
  >;
  components: { schemas: Record<string, { required: string[]; properties: Record<string, unknown> }> };
}

describe('the description of the API', () => {
  const start = starting();

  it('has every route but the landing page', async () => {
    const { anonymous, app } = await start();
    const { body } = await anonymous.get('/docs-json').expect(200);
    const described = Object.entries((body as Api).paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routes = routesOf(app).map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(routes.filter((route) => !described.includes(route))).toEqual(['GET /', 'GET /home.css']);
  });

  it('describes the rules by which a body is validated', async () => {
    const { anonymous } = await start();
    const { components } = (await anonymous.get('/docs-json')).body as Api;
    expect(components.schemas.OpenBody).toEqual({
      type: 'object',
      required: ['owner', 'amount'],
      properties: {
        owner: { type: 'string' },
        amount: { type: 'string', pattern: '^\\d+\\.\\d{2}$' },
        reason: { type: 'string' },
      },
    });
    expect(components.schemas.DemoSignIn?.properties.as).toEqual({
      type: 'string',
      enum: ['rep', 'manager', 'finance', 'auditor'],
    });
  });

  it('states that a command takes a key, and a query a position', async () => {
    const { anonymous } = await start();
    const { paths } = (await anonymous.get('/docs-json')).body as Api;
    // Parameters that several operations share are among the components, by name.
    const names = (method: string, path: string) =>
      paths[path]?.[method]?.parameters.map(({ name, $ref }) => name ?? $ref?.split('/').at(-1));
    expect(names('post', '/v1/deals/{source}/{id}')).toEqual(
      expect.arrayContaining(['Idempotency-Key', 'source', 'id']),
    );
    expect(names('get', '/v1/deals')).toEqual(expect.arrayContaining(['Attain-Position', 'on']));
    expect(paths['/v1/deals']?.get?.security).toEqual(expect.arrayContaining([{ bearer: [] }, { session: [] }]));
  });

  it('can be read as a page that loads nothing from elsewhere', async () => {
    const { anonymous } = await start();
    const { text, headers } = await anonymous.get('/docs').expect(200);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(text).not.toMatch(/(src|href)=["']https?:/);
    for (const [, source] of text.matchAll(/<script src=["']([^"']+)/g))
      await anonymous.get(`/${source?.replace(/^\.?\//, '')}`).expect(200);
  });
});
