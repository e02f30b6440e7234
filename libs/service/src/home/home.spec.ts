import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { starting } from '../testing/started.fixture.js';
import type { Link } from './links.js';
import { agentOf } from '../testing/agent.js';

const links: Link[] = [
  {
    title: 'My attainment',
    about: 'against quota',
    href: '/attainment?for={participant}',
    permission: 'attainment:read',
  },
  { title: 'Close', about: 'a period', href: '/periods/{period}?of={quarter}', permission: 'periods:close' },
];

describe('the landing page', () => {
  const start = starting();

  it('describes the server and signs into the demo with one click as one of four roles', async () => {
    const { anonymous } = await start();
    const { text, headers } = await anonymous.get('/').expect(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect([...text.matchAll(/name="as" value="(\w+)"/g)].map(([, as]) => as)).toEqual([
      'rep',
      'manager',
      'finance',
      'auditor',
    ]);
    expect(text).toContain('Maven &lt;Hardware&gt;');
    expect(text).not.toContain('type="password"');
  });

  it('has a form where people sign in by name, and reports a failed attempt', async () => {
    const { anonymous } = await start({ demo: false });
    const { text } = await anonymous.get('/').expect(200);
    expect(text).toContain('<form method="post" action="/v1/session"');
    expect(text).not.toContain('do not fit');
    expect((await anonymous.get('/?failed')).text).toContain('Name and password do not fit.');
  });

  it('links a signed-in user to the pages of the role, and to the sign-out', async () => {
    const { url } = await start({ links });
    const rep = agentOf(url);
    await rep.post('/session/demo').type('form').send({ as: 'rep' });
    const page = (await rep.get('/').expect(200)).text;
    expect(page).toContain('href="/attainment?for=ann"');
    expect(page).not.toContain('/periods');
    const csrf = /name="csrf" value="([\w-]+)"/.exec(page)?.[1];
    await rep.post('/session/end').type('form').send({ csrf }).expect(303);
    expect((await rep.get('/')).text).toContain('Look around');
  });

  it('doesn’t offer finance a participant’s pages', async () => {
    const { url } = await start({ links });
    const finance = agentOf(url);
    await finance.post('/session/demo').type('form').send({ as: 'finance' });
    const page = (await finance.get('/')).text;
    expect(page).not.toContain('/attainment');
    expect(page).toMatch(/href="\/periods\/(\d{4})-\d\d\?of=\1-Q\d"/);
    expect([...page.matchAll(/href="\/docs"/g)]).toHaveLength(1);
  });

  it('brings no script and no style of its own into the page, and may not be framed', async () => {
    const { anonymous } = await start();
    const { text, headers } = await anonymous.get('/');
    expect(text).not.toMatch(/<script|<style|style=|onclick/);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';style-src 'self';img-src 'self' data:;form-action 'self';frame-ancestors 'none';base-uri 'none'",
    );
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(headers['x-powered-by']).toBeUndefined();
    const style = await anonymous.get('/home.css').expect(200);
    expect(style.headers['content-type']).toBe('text/css; charset=utf-8');
    expect(style.text).toContain('light-dark');
  });
});
