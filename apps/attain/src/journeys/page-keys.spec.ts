import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { bootCompany } from './booted.fixture.js';
import { buildPage, chromiumPath, launch, settled, visit } from './browser.fixture.js';

let demo: Awaited<ReturnType<typeof bootCompany>>;
let browser: Browser;
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

inBrowser('The page by keyboard alone', () => {
  beforeAll(async () => {
    buildPage();
    demo = await bootCompany('demo');
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  it('leads a manager to a statement and its reasons, through periods and to another instant', async () => {
    const { page, context, complaints } = await visit(browser, demo, 'manager', { width: 1280, scheme: 'light' });
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
      await settled(page);
    };
    const address = (): URL => new URL(page.url());
    await press('g', 's');
    expect(address().pathname).toBe('/app/statements');
    const choice = page.getByRole('combobox', { name: 'Period' });
    const first = await choice.inputValue();
    await press('[');
    const before = await choice.inputValue();
    expect(before < first).toBe(true);
    await press(']');
    expect(await choice.inputValue()).toBe(first);
    await press('[', 'j', 'j', 'k');
    const row = page.locator('tr:focus');
    expect(await row.getAttribute('aria-rowindex')).toBe('2');
    const href = await row.getByRole('link').getAttribute('href');
    await press('Enter');
    expect(address().pathname).toBe(new URL(href!, demo.url).pathname);
    await press('t');
    const known = page.getByLabel('Known by');
    expect(await known.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type('g s');
    expect(await known.inputValue()).toBe('g s');
    await press('Escape');
    expect(address().pathname).toBe(new URL(href!, demo.url).pathname);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('lists its keys, and rests when they are switched off, until they are switched on again', async () => {
    const { page, context } = await visit(browser, demo, 'rep', { width: 1280, scheme: 'light' });
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    await page.keyboard.press('?');
    await dialog.getByRole('row', { name: 'g i Go to Pipeline' }).waitFor();
    await dialog.getByRole('switch', { name: 'Single keys' }).press('Space');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.reload();
    await settled(page);
    await page.keyboard.type('gi?');
    await settled(page);
    expect(new URL(page.url()).pathname).toBe('/app/my-pay');
    expect(await dialog.count()).toBe(0);
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Screen or period' }).fill('Keys');
    await page.keyboard.press('Enter');
    await dialog.getByRole('switch', { name: 'Single keys' }).press('Space');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.keyboard.type('gi');
    await settled(page);
    expect(new URL(page.url()).pathname).toBe('/app/pipeline');
    await context.close();
  });

  it.each([
    ['/pipeline', 'Status', 'status', 'won'],
    ['/team', 'Group by', 'by', 'region'],
    ['/forecast', 'Group by', 'by', 'company'],
    ['/sales', 'Group by', 'by', 'product'],
    ['/audit', 'Kind of change', 'kind', 'quotas'],
  ] as const)('keeps in the address of %s the %s, which a reload and Back restore', async (path, label, key, value) => {
    const { page, context } = await visit(browser, demo, 'auditor', { width: 1280, scheme: 'light' });
    await page.goto(`${demo.url}/app${path}`);
    const choice = page.getByLabel(label);
    const first = await choice.inputValue();
    await choice.selectOption(value);
    await settled(page);
    expect(new URL(page.url()).searchParams.get(key)).toBe(value);
    await page.reload();
    expect(await choice.inputValue()).toBe(value);
    await page.goBack();
    await settled(page);
    expect(await choice.inputValue()).toBe(first);
    await context.close();
  });
});
