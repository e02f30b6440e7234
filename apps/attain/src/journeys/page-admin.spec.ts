import AxeBuilder from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { asking } from './asking.fixture.js';
import { type Booted, bootCompany, type User } from './booted.fixture.js';
import {
  arrive,
  buildPage,
  chromiumPath,
  entered,
  launch,
  settled,
  signInAs,
  type Visit,
  visitAs,
} from './browser.fixture.js';

const wide = { width: 1280, scheme: 'light' } as const;
const admin: User = { name: 'admin', password: 'nine lanterns over the quay' };
const ofHerOwn = 'a kettle between two rivers';

/** Ann is paid 4321.98, so that the amount in any answer to the admin would be a leak. */
const folder = {
  'company.yaml': `company: Small
currency: USD
measures: { revenue: { counts: amount, of: deals } }
`,
  'people.csv': `id,name,role,manager,team,region,from
ann,Ann,AE,,West,West,2025-01-01
`,
  'plans/ae.yaml': `plan: AE
version: 1
effective: { from: 2025-01-01 }
assignedTo: { roles: [AE] }
pays: monthly
components: [ { name: Commission, measure: revenue, rate: 10% } ]
`,
  'sources/crm.yaml': `source: crm
files: exports/deals.csv
as: deals
dates: yyyy-MM-dd
columns: { id: id, owner: { from: owner, find: people.id }, amount: amount, closed: closed }
`,
  'exports/deals.csv': `id,owner,amount,closed
D1,ann,43219.80,2025-01-15
`,
};

let company: Booted;
let browser: Browser;
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

inBrowser('The screen of an administrator', () => {
  beforeAll(async () => {
    buildPage();
    company = await bootCompany(folder, { adminSecret: admin.password });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await company?.close();
  });

  const open = async (look: Parameters<typeof visitAs>[3] = wide): Promise<Visit> =>
    visitAs(browser, company.url, admin, look);
  const statusOf = async (secret: string, path: string): Promise<number> =>
    (await asking(company.url, secret).get(path)).status;
  const shownSecret = async (page: Page): Promise<string> => (await page.locator('[data-secret]').textContent())!;

  it('creates a key that works, shows its secret once, and revokes it so that it is answered 401', async () => {
    const { page, context, complaints } = await open();
    expect(new URL(page.url()).pathname).toBe('/app/admin');
    await page.getByRole('button', { name: 'Create a key' }).click();
    const form = page.getByRole('form', { name: 'A new API key' });
    await form.getByLabel('Name').fill('Grafana');
    await form.getByLabel('Only these permissions').fill('sales:read, attainment:read');
    await form.getByLabel('Days until it expires').fill('30');
    await form.getByRole('button', { name: 'Create the key' }).click();
    await page.getByText('It is shown only now. A program sends it').waitFor();
    const secret = await shownSecret(page);
    expect(await statusOf(secret, '/sales?by=company')).toBe(200);
    expect(await statusOf(secret, '/deals')).toBe(403);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.reload();
    await settled(page);
    expect(await page.content()).not.toContain(secret);
    const row = page.getByRole('row', { name: /Grafana user:admin reports 2 .* active/ });
    expect(await row.textContent()).not.toContain('never');
    await row.getByRole('button', { name: 'Revoke Grafana' }).click();
    await page.getByRole('row', { name: /Grafana .* revoked/ }).waitFor();
    expect(await statusOf(secret, '/sales?by=company')).toBe(401);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('adds a user, who chooses a password at the first sign-in, and then sees the screens of the role', async () => {
    const { page, context, complaints } = await open();
    await page.getByRole('button', { name: 'Add a user' }).click();
    const form = page.getByRole('form', { name: 'A new user' });
    await form.getByLabel('Name').fill('annie');
    await form.getByRole('checkbox', { name: 'rep', exact: true }).check();
    await form.getByLabel('Participant').fill('ann');
    await form.getByLabel('Reason').fill('hired');
    await form.getByRole('button', { name: 'Add the user' }).click();
    await page.getByText('annie replaces it at the first sign-in').waitFor();
    const first = await shownSecret(page);
    expect(complaints).toEqual([]);
    await context.close();

    const annie = await arrive(browser, company.url, wide);
    await signInAs(annie.page, { name: 'annie', password: first });
    await annie.page.getByRole('heading', { name: 'annie, choose a password of your own' }).waitFor();
    const { violations } = await new AxeBuilder({ page: annie.page }).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    await annie.page.getByRole('textbox', { name: 'Present password' }).fill(first);
    await annie.page.getByRole('textbox', { name: 'New password' }).fill('password12345');
    await annie.page.getByRole('button', { name: 'Change it' }).click();
    await annie.page.getByText('is common or easily guessed').waitFor();
    await annie.page.getByRole('textbox', { name: 'New password' }).fill(ofHerOwn);
    await annie.page.getByRole('button', { name: 'Change it' }).click();
    await annie.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await signInAs(annie.page, { name: 'annie', password: ofHerOwn });
    await entered(annie.page, wide);
    expect(new URL(annie.page.url()).pathname).toBe('/app/my-pay');
    await annie.context.close();
  });

  it('changes roles, resets a password, ends a session, and disables a user', async () => {
    const annie = await visitAs(browser, company.url, { name: 'annie', password: ofHerOwn }, wide);
    const { page, context, complaints } = await open();
    await page.getByRole('button', { name: 'Sessions of annie' }).click();
    await page
      .getByRole('region', { name: 'Sessions of annie' })
      .getByRole('row', { name: /cookie/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'End all' }).click();
    await page.getByText('annie has no session.').waitFor();
    await annie.page.reload();
    await annie.page.getByRole('button', { name: 'Sign in' }).waitFor();

    await page.getByRole('button', { name: 'Change annie' }).click();
    const form = page.getByRole('form', { name: 'Change annie' });
    expect(await form.getByLabel('Participant').inputValue()).toBe('ann');
    await form.getByRole('checkbox', { name: 'manager', exact: true }).check();
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /annie rep, manager ann/ }).waitFor();

    await page.getByRole('button', { name: 'Reset password of annie' }).click();
    await page.getByText('annie replaces it at the first sign-in').waitFor();
    await signInAs(annie.page, { name: 'annie', password: await shownSecret(page) });
    await annie.page.getByRole('heading', { name: 'annie, choose a password of your own' }).waitFor();

    await page.getByRole('button', { name: 'Disable annie' }).click();
    await page.getByRole('row', { name: /^annie/ }).waitFor({ state: 'detached' });
    await annie.page.reload();
    await annie.page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(complaints).toEqual([]);
    await annie.context.close();
    await context.close();
  });

  it('shows settings and health, without pay and without a complaint of axe, wide and narrow, light and dark', async () => {
    for (const look of [wide, { width: 390, scheme: 'dark' } as const]) {
      const { page, context, complaints, answers } = await open(look);
      await page.getByText('Ready: every read model and policy has every event.').waitFor();
      await page.getByText('No event is parked').waitFor();
      await page.getByRole('row', { name: 'Currency USD' }).waitFor();
      await page.getByRole('button', { name: 'Create a key' }).click();
      await page.getByRole('button', { name: 'Add a user' }).click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      for (const path of ['/my-pay', '/statements?period=2025-01', '/statements/2025-01/ann', '/team', '/sales']) {
        await page.goto(`${company.url}/app${path}`);
        await settled(page);
        expect(await page.getByText('Not found, or you don’t have access').count()).toBe(1);
      }
      expect(answers.length).toBeGreaterThan(5);
      expect(answers.filter((text) => /4321\.98|43219/.test(text))).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    }
  });
});
