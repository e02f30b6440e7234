import AxeBuilder from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StatementAnswer } from '@attain/incentives';
import type { Browser, Locator, Page } from 'playwright-core';
import { type Booted, bootCompany } from './booted.fixture.js';
import { arrive, buildPage, chromiumPath, entered, launch, settled, signInToDemo } from './browser.fixture.js';

const wide = { width: 1280, scheme: 'light' } as const;
const FEW = 5;
let demo: Booted;
let browser: Browser;
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

/** Somebody new to the page, whose clicks are counted from the sign-in on; a choice in a list is one. */
interface Newcomer {
  page: Page;
  clicks: () => number;
  click: (where: Locator) => Promise<void>;
  pick: (where: Locator, label: string) => Promise<void>;
  leave: () => Promise<void>;
}

inBrowser('A newcomer finds in five clicks or fewer from the sign-in', () => {
  beforeAll(async () => {
    buildPage();
    demo = await bootCompany('demo');
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  async function newcomer(role: 'rep' | 'auditor'): Promise<Newcomer> {
    const { page, context } = await arrive(browser, demo.url, wide);
    let clicks = 0;
    const click = async (where: Locator): Promise<void> => {
      clicks += 1;
      await where.click();
      await settled(page);
    };
    clicks += 1;
    await signInToDemo(page, demo, role);
    await entered(page, wide);
    return {
      page,
      click,
      clicks: () => clicks,
      async pick(where, label) {
        clicks += 1;
        await where.selectOption({ label });
        await settled(page);
      },
      leave: () => context.close(),
    };
  }
  const statement = async (period: string): Promise<StatementAnswer> =>
    (await (await demo.as('rep')).get(`/statements/${period}/darcel-schlecht`).expect(200)).body as StatementAnswer;
  const dollars = (decimal: string | number): string =>
    Number(decimal).toLocaleString('en-US', { style: 'currency', currency: 'USD' });

  it('why a statement is lower than the one of last month', async () => {
    const periods = ['2017-04', '2017-05', '2017-06', '2017-07', '2017-08', '2017-09'];
    const all = await Promise.all(periods.map(statement));
    const at = all.findIndex((one, nth) => nth > 0 && Number(one.payable) < Number(all[nth - 1]!.payable));
    const [before, now] = [all[at - 1]!, all[at]!];
    const { page, pick, click, clicks, leave } = await newcomer('rep');
    const named = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
    await pick(page.getByLabel('Period'), `${named.format(new Date(`${now.period}-01`))}, closed`);
    await click(page.getByRole('main').getByRole('link', { name: 'Statement', exact: true }));
    const less = dollars(Number(before.payable) - Number(now.payable));
    await page.getByText(`${less} less than in ${named.format(new Date(`${before.period}-01`))}.`).waitFor();
    const table = page.getByRole('region', { name: /^Compared to/ });
    for (const { component, payable, lines } of now.components) {
      const then = before.components.find((part) => part.component === component);
      expect(
        await table
          .getByRole('row', { name: new RegExp(`^${component} `) })
          .locator('td')
          .allTextContents(),
      ).toEqual([
        component,
        String(then?.lines ?? 0),
        String(lines),
        dollars(then?.payable ?? 0),
        dollars(payable),
        expect.stringContaining(dollars(Math.abs(Number(payable) - Number(then?.payable ?? 0))).slice(1)),
      ]);
    }
    expect(clicks()).toBeLessThanOrEqual(FEW);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    await leave();
  });

  it('which deal paid most, and why', async () => {
    const { page, pick, click, clicks, leave } = await newcomer('rep');
    await pick(page.getByLabel('Period'), 'June 2017, closed');
    await click(page.getByRole('button', { name: 'Pays', exact: true }));
    const { lines } = await statement('2017-06');
    const [most] = lines.toSorted((a, b) => Number(b.payable) - Number(a.payable));
    const first = page.getByRole('region', { name: 'Deals', exact: true }).locator('tbody tr').first();
    expect(await first.textContent()).toContain(`${most!.record!.id}Commission`);
    await click(first.getByRole('button', { name: /^Why/ }));
    await page.getByRole('dialog').getByText('5643 × 6% of tier 1').waitFor();
    expect(clicks()).toBeLessThanOrEqual(FEW);
    await leave();
  });

  it('what would be paid if an open deal closed today', async () => {
    const { page, click, clicks, leave } = await newcomer('rep');
    await click(page.getByRole('navigation').getByRole('link', { name: 'What if' }));
    await click(page.getByRole('checkbox', { name: /^Suppose/ }).first());
    await page.getByRole('region', { name: 'Lines that change' }).getByRole('row').nth(1).waitFor();
    expect(await page.locator('.figures').first().textContent()).toMatch(/Then\$[\d,.]+/);
    expect(clicks()).toBeLessThanOrEqual(FEW);
    await leave();
  });

  it('who changed a quota, when and why', async () => {
    const finance = await demo.as('finance');
    const { body } = await finance.get('/quotas?for=darcel-schlecht&period=2017-Q4').expect(200);
    const [quota] = (body as { rows: { measure: string; credit: string[] }[] }).rows;
    const changed = { for: 'darcel-schlecht', period: '2017-Q4', amount: '345678', reason: 'a smaller territory' };
    await finance
      .post('/quotas/assign')
      .send({ ...changed, measure: quota!.measure, credit: quota!.credit })
      .expect(200);
    const { page, pick, clicks, leave } = await newcomer('auditor');
    await pick(page.getByLabel('Kind of change'), 'Quotas');
    const row = page.getByRole('region', { name: 'Who changed what' }).locator('tbody tr').first();
    expect(await row.locator('td').allTextContents()).toEqual([
      expect.stringMatching(/\d/),
      demo.actorOf('finance'),
      'Quotas',
      `darcel-schlecht, ${quota!.measure}, 2017-Q4`,
      expect.stringMatching(/^[\d.]+ USD/),
      expect.stringMatching(/^345678/),
      'a smaller territory',
    ]);
    expect(clicks()).toBeLessThanOrEqual(FEW);
    await leave();
  });

  it('whether anything was tampered with, period by period', async () => {
    const { page, click, clicks, leave } = await newcomer('auditor');
    const periods = page.getByRole('region', { name: 'Verification by period' });
    expect(await periods.getByText('not yet').count()).toBeGreaterThan(8);
    await click(page.getByRole('button', { name: /^Verify now/ }));
    await page.getByRole('main').getByText('Agrees', { exact: true }).first().waitFor({ timeout: 120_000 });
    await settled(page);
    const states = await periods.locator('tbody td:last-child').allTextContents();
    expect(new Set(states)).toEqual(new Set(['Agrees']));
    expect(clicks()).toBeLessThanOrEqual(FEW);
    await leave();
  });
});
