import AxeBuilder from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PlanVersion } from '@attain/client';
import type { Browser, Page } from 'playwright-core';
import type { Role } from '@attain/service';
import { type Booted, bootTogether, demoFolder, scratch } from './booted.fixture.js';
import { arrive, buildPage, chromiumPath, entered, launch, type Look, settled, type Visit } from './browser.fixture.js';

const wide = { width: 1280, scheme: 'light' } as const;
let place: Awaited<ReturnType<typeof scratch>>;
let demo: Booted;
let browser: Browser;
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

inBrowser('The editor of plans', () => {
  beforeAll(async () => {
    buildPage();
    place = await scratch();
    demo = await bootTogether(demoFolder, place.path);
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
    await place?.gone();
  });

  async function editorOf(roles: Role[], look: Look = wide): Promise<Visit> {
    const visited = await arrive(browser, demo.url, look);
    await settled(visited.page);
    await visited.context.setExtraHTTPHeaders({ Authorization: `Bearer ${await demo.token({ roles })}` });
    await visited.page.goto(`${demo.url}/app/plans/Account%20executive/2017.1`);
    visited.page.setDefaultTimeout(15_000);
    await entered(visited.page, look);
    await visited.page.getByRole('link', { name: 'Edit as a new version' }).click();
    await editor(visited.page).waitFor();
    await settled(visited.page);
    return visited;
  }
  const editor = (page: Page) => page.getByRole('textbox', { name: 'Plan document' });
  /** The document that the editor begins with; the editor draws only the lines in sight. */
  async function begun(): Promise<string> {
    const { body } = await (await demo.as('finance')).get('/plans/Account%20executive/versions/2017.1').expect(200);
    return (body as PlanVersion).text.replace('"2017.1"', '"2017.2"');
  }
  /** Replaces the document, as a person does who pastes. */
  async function write(page: Page, text: string): Promise<void> {
    await editor(page).click();
    await page.keyboard.press('Control+A');
    await editor(page).evaluate((element, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  it('shows a problem at its line while somebody types, and the fix', async () => {
    const { page, context, complaints } = await editorOf(['plan-author']);
    await page.getByText('No problem, and 3 examples agree').waitFor();
    await write(page, (await begun()).replace('measure: revenue', 'mesure: revenue'));
    await page
      .getByRole('button', { name: /^Line \d+, column 5$/ })
      .first()
      .waitFor();
    await page
      .getByText(/unknown key/)
      .first()
      .waitFor();
    expect(await page.getByText('Write measure.').count()).toBeGreaterThan(0);
    expect(await page.getByRole('button', { name: 'Publish this version' }).isDisabled()).toBe(true);
    await page.getByText(/^Line \d+ blocks the publishing$/).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('completes keys from the schema, each with its description', async () => {
    const { page, context, complaints } = await editorOf(['plan-author']);
    await editor(page).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Home');
    await page.keyboard.type('nega');
    const offered = page.getByRole('option', { name: /negative/ });
    await offered.waitFor();
    await page.getByText('What happens to a payout below 0').first().waitFor();
    // The editor ignores an Enter that follows a new list at once.
    await page.waitForTimeout(500);
    await page.keyboard.press('Enter');
    await page.getByText(/negative: What happens to a payout below 0/).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('blocks the publishing at the line of a failing example, and publishes the corrected version once', async () => {
    const { page, context, complaints } = await editorOf(['plan-author']);
    const raised = (await begun()).replace('rate: 6%', 'rate: 7%');
    await write(page, raised);
    await page
      .getByText(/expected 5400, found 6300/)
      .first()
      .waitFor();
    await page.getByText(/^Line \d+ blocks the publishing$/).waitFor();
    expect(await page.getByRole('button', { name: 'Publish this version' }).isDisabled()).toBe(true);
    await page.getByText(/the rate below 100 % of quota rises from 6 % to 7 %/).waitFor();

    await page.reload();
    await editor(page).waitFor();
    expect(await editor(page).innerText()).toContain('rate: 7%');

    await write(page, raised.slice(0, raised.indexOf('examples:')).replace('2017-01-01', '2018-01-01'));
    await page.getByText('No problem, and no example').waitFor();
    await page.getByLabel('Reason').fill('a higher base rate');
    await page.getByRole('button', { name: 'Publish this version' }).click();
    await page.getByRole('heading', { name: 'Account executive 2017.2' }).waitFor();
    await page.getByText('From 2018-01-01 the rate below 100 % of quota rises from 6 % to 7 %').waitFor();
    const finance = await demo.as('finance');
    const { body } = await finance.get('/plans/Account%20executive/versions/2017.2').expect(200);
    expect((body as PlanVersion).document['components']).toMatchObject([{ tiers: [{ rate: '7%' }, {}, {}] }, {}, {}]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('draws the pay curve, as a table too, and states the cost for each person to finance only', async () => {
    const { page, context, complaints } = await editorOf(['finance']);
    await page.getByRole('img', { name: 'Chart: Pay by attainment of Commission' }).waitFor();
    const chart = page.locator('section', { hasText: 'Pay by attainment of Commission' }).last();
    await chart.getByRole('button', { name: 'Show as table' }).click();
    const curve = page.getByRole('region', { name: 'Pay by attainment of Commission' });
    await curve.getByRole('row', { name: /^100%/ }).waitFor();
    await page.getByLabel('From', { exact: true }).fill('2017-01-01');
    await page.getByLabel('To', { exact: true }).fill('2017-03-31');
    await page.getByRole('button', { name: 'Compute on past periods' }).click();
    const rows = page.getByRole('region', { name: 'What each participant would have been paid' });
    await rows.getByRole('row').nth(1).waitFor({ timeout: 60_000 });
    const statement = (await (await demo.as('finance')).get('/statements/2017-03/zane-levy').expect(200)).body as {
      payable: string;
    };
    const paid = Number(statement.payable).toLocaleString('en-US', { style: 'currency', currency: 'USD' });
    await rows
      .getByRole('row', { name: new RegExp(`March 2017.*Zane Levy.*${paid.replace(/[$.]/g, '\\$&')}`) })
      .waitFor();
    expect(await page.getByRole('button', { name: 'Publish this version' }).count()).toBe(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('shows a plan author rounded sums, and the pay of nobody', async () => {
    const { page, context, answers } = await editorOf(['plan-author'], { width: 390, scheme: 'dark' });
    await page.getByRole('button', { name: 'Compute on past periods' }).click();
    await page
      .getByText(/Rounded to three digits|are withheld/)
      .first()
      .waitFor({ timeout: 60_000 });
    expect(await page.getByRole('region', { name: 'What each participant would have been paid' }).count()).toBe(0);
    const exact = (await (await demo.as('finance')).get('/statements/2017-03/zane-levy').expect(200)).body as {
      payable: string;
    };
    expect(answers.filter((text) => text.includes(exact.payable))).toEqual([]);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    await context.close();
  });
});
