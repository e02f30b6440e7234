import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { agentOf } from '@attain/service/testing';
import type { Served } from '@attain/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { serveFolder } from '../serve-folder.js';
import { root, scratch } from './booted.fixture.js';
import { chromiumPath, launch, settled } from './browser.fixture.js';

const password = 'nine horses on a hill';
const next = 'a hill without any horse';
const people = `id,name,role,manager,from
lena,Lena Fox,Sales Manager,,2026-01-01
nora,Nora Quinn,Account Executive,lena,2026-01-01
omar,Omar Reyes,Account Executive,lena,2026-01-01
`;
const deals = `Deal ID,Deal name,Sales rep,Value,Close date,Status
D-1001,Harbor Logistics,Nora Quinn,"$48,000.00",01/14/2026,Won
D-1002,Birch & Sons,Omar Reyes,"$30,000.00",01/22/2026,Won
D-1003,Cobalt Energy,Nora Quinn,"$65,000.00",02/09/2026,Won
D-1004,Dune Travel,Omar Reyes,"$22,500.00",02/30/2026,Won
`;

let place: Awaited<ReturnType<typeof scratch>>;
let served: Served;
let browser: Browser;
let context: BrowserContext;
let page: Page;

// Skipped without Chromium: Debian calls the package chromium, and CHROMIUM names another place.
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

/** The name of the focused element, as a screen reader reads it. */
const focused = (): Promise<string> =>
  page.evaluate(`(() => {
    const at = document.activeElement;
    const label = at?.labels?.[0]?.textContent ?? '';
    return at?.getAttribute('aria-label') ?? (label !== '' ? label : (at?.textContent ?? ''));
  })()`);

/** Presses Tab until the name has the focus. */
async function tabTo(name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let step = 0; step < 150; step += 1) {
    const at = (await focused()).replace(/\s*\*$/, '').trim();
    if (typeof name === 'string' ? at === name : name.test(at)) return;
    seen.push(at.slice(0, 40));
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab leads to no ${String(name)}, but to ${[...new Set(seen)].join(' | ')}`);
}

async function typeInto(label: string, text: string): Promise<void> {
  await tabTo(label);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(text);
}

async function press(name: string | RegExp): Promise<void> {
  await tabTo(name);
  await page.keyboard.press('Enter');
}

/** The step is open, and has the focus. */
async function inStep(title: string): Promise<void> {
  await page.locator('[aria-current=step]', { hasText: title }).waitFor();
  await settled(page);
  expect(await focused()).toBe(title);
}

async function isAccessible(): Promise<void> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`)).toEqual([]);
}

/** The administrator of the first start appoints the user who sets the company up. */
async function appointed(secret: string): Promise<void> {
  const token = async (name: string, word: string) =>
    (
      (await agentOf(served.url).post('/session').send({ name, password: word, give: 'token' }).expect(200)).body as {
        token: string;
      }
    ).token;
  const renewed = async (name: string, word: string) =>
    agentOf(served.url, await token(name, word))
      .post('/session/password')
      .send({ now: word, next });
  await renewed('admin', secret);
  await agentOf(served.url, await token('admin', next))
    .put('/users/frank')
    .send({ roles: ['finance', 'plan-author'], password })
    .expect(200);
  await renewed('frank', password);
}

inBrowser('Set-up', () => {
  beforeAll(async () => {
    const where = join(root, 'apps/dashboard');
    const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: where, encoding: 'utf8' });
    if (built.status !== 0) throw new Error(built.stderr + built.stdout);
    place = await scratch();
    const printed: string[] = [];
    ({ served } = await serveFolder({
      settings: { DATA: place.path, PORT: '0', LOG_LEVEL: 'silent' },
      environment: {},
      signals: false,
      print: (line) => void printed.push(line),
    }));
    const [, secret = ''] = /as admin with (\S+)/.exec(printed.join('\n')) ?? [];
    await appointed(secret);
    browser = await launch();
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US', timezoneId: 'UTC' });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await place?.gone();
  });

  it('leads by keyboard alone from an empty installation and two files to a first statement that explains itself', async () => {
    await page.goto(`${served.url}/app/`);
    await page.getByLabel('Name').waitFor();
    await typeInto('Name', 'frank');
    await typeInto('Password', next);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Set-up' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/app/set-up');
    await isAccessible();

    await typeInto('Name', 'Harbor Software');
    await typeInto('Currency', 'USD');
    await press('Store the company');

    await inStep('2. People');
    // An invalid date is reported with its row, field and value before anything is stored.
    await typeInto('Or paste the rows, with their headings', people.replace('2026-01-01', '2026-02-30'));
    await press('Look at the rows');
    await page.getByText('Row 2, from: expected a date that exists, found “2026-02-30”').waitFor();
    expect(await page.getByRole('button', { name: 'Import 2 rows' }).isDisabled()).toBe(true);
    await isAccessible();
    await typeInto('Or paste the rows, with their headings', people);
    await press('Look at the rows');
    await press('Import 3 rows');

    await inStep('3. Deals');
    await tabTo(/^CSV file/);
    const choosing = page.waitForEvent('filechooser');
    await page.keyboard.press('Enter');
    await (await choosing).setFiles({ name: 'deals.csv', mimeType: 'text/csv', buffer: Buffer.from(deals) });
    await page.getByText('Row 5, closed: expected a date that exists, found “02/30/2026”').waitFor();
    expect(await page.getByRole('row', { name: /Sales rep Nora Quinn/ }).count()).toBe(1);
    await isAccessible();
    await press('Import 3 rows');

    await inStep('4. Quotas');
    await press('Skip');
    await inStep('5. Plan');
    await isAccessible();
    await press('Check and publish the plan');
    await page.getByText('This is what February 2026 pays so far').waitFor();
    await settled(page);
    expect(await page.getByRole('row', { name: /Nora Quinn/ }).textContent()).toContain('$3,250.00');
    await press('Nora Quinn');
    await press(/^Why \$3,250\.00 of D-1003/);
    await page
      .getByRole('dialog')
      .getByText(/65,?000 × 5%/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
  });

  it('corrects a bad row in quarantine, which leaves it and pays', async () => {
    await page.goto(`${served.url}/app/data`);
    await page.getByRole('cell', { name: '02/30/2026' }).waitFor();
    await isAccessible();
    await press('Correct row 5 of deals.csv');
    await page.getByRole('dialog').waitFor();
    await isAccessible();
    await typeInto('Close date', '02/28/2026');
    await typeInto('Reason', 'the customer signed on the last of February');
    await press('Correct and read again');
    await page.getByText('No row waits').waitFor();
    await page.goto(`${served.url}/app/statements?period=2026-02`);
    await settled(page);
    expect(await page.getByRole('row', { name: /Omar Reyes/ }).textContent()).toContain('$1,125.00');
  });
});
