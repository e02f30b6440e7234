import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type Booted, bootCompany, type DemoRole, root } from './booted.fixture.js';
import {
  buildPage,
  chromiumPath,
  launch,
  screensOf,
  settled,
  type Visit,
  visit,
  type Visitor,
} from './browser.fixture.js';

const where = join(root, 'apps/dashboard');
const wide = { width: 1280, scheme: 'light' } as const;
let demo: Booted;
let browser: Browser;

// Skipped without Chromium: Debian calls the package chromium, and CHROMIUM names another place.
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

inBrowser('The page', () => {
  beforeAll(async () => {
    buildPage();
    demo = await bootCompany('demo');
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  const open = async (path: string, role: DemoRole, look: Parameters<typeof visit>[3] = wide): Promise<Visit> => {
    const visited = await visit(browser, demo, role, look);
    await visited.page.goto(`${demo.url}/app${path}`);
    await settled(visited.page);
    return visited;
  };

  it.each(Object.keys(screensOf) as Visitor[])(
    'shows the %s each screen without a complaint of the browser or of axe, wide and light, narrow and dark',
    async (role) => {
      for (const look of [wide, { width: 390, scheme: 'dark' } as const]) {
        const { page, context, complaints } = await visit(browser, demo, role, look);
        expect(new URL(page.url()).pathname).toBe(`/app${screensOf[role][0]}`);
        for (const path of screensOf[role]) {
          await page.goto(`${demo.url}/app${path}`);
          await settled(page);
          const { violations } = await new AxeBuilder({ page }).analyze();
          const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
          expect({
            path,
            ...look,
            violations: grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`),
            complaints,
          }).toEqual({ path, ...look, violations: [], complaints: [] });
        }
        await context.close();
      }
    },
  );

  it('explains an amount of a statement down to the actor of each fact, with the numbers of the API', async () => {
    const { page, context } = await open('/statements/2017-06/darcel-schlecht', 'rep');
    expect(await page.getByText('$7,327.62').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Why $264.42 of 1MCE2AOV' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByText('4407 × 6% of tier 1, from 0% to 100%').waitFor();
    await panel.getByText('From 7 facts').click();
    expect(await panel.getByRole('row', { name: /quota revenue 2017-Q2 363000/ }).count()).toBe(1);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
    await context.close();
  });

  it('shows the numbers that the API answers for everybody', async () => {
    const { page, context } = await open('/statements?period=2017-06', 'finance');
    const { body } = await (await demo.as('finance')).get('/statements/2017-06').expect(200);
    const { rows } = body as { rows: { payable: string }[] };
    const amounts = rows.map(
      ({ payable }) => `$${Number(payable).toLocaleString('en-US', { minimumFractionDigits: 2 })}`,
    );
    const shown = await page.locator('tbody td:nth-child(5)').allTextContents();
    expect(shown.toSorted()).toEqual(amounts.toSorted());
    await context.close();
  });

  it('shows the numbers known at an instant on every screen, and states the instant until it shows the present again', async () => {
    const before = '/my-pay?period=2017-12';
    const { page, context } = await open(before, 'rep');
    const row = page.getByRole('row', { name: /L1QNLM08/ });
    expect(await row.getByRole('button').textContent()).toBe('$308.46');
    const known = new Date().toISOString();
    const finance = await demo.as('finance');
    await finance
      .post('/deals/crm/L1QNLM08/change')
      .send({ fields: { amount: '6141' }, reason: 'typing error' })
      .expect(200);
    await page.reload();
    await settled(page);
    expect(await row.getByRole('button').textContent()).toBe('$368.46');

    await page.getByRole('button', { name: 'Now' }).click();
    await page.getByLabel('Known by').fill(known);
    await page.getByRole('button', { name: 'Turn the page' }).click();
    await page.getByText('Read only.').waitFor();
    await settled(page);
    expect(await row.getByRole('button').textContent()).toBe('$308.46');
    await page.getByRole('link', { name: 'Statements' }).click();
    expect(page.url()).toContain('asOf=');
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.getByText('Read only.').waitFor({ state: 'detached' });
    await context.close();
  });

  it('scrolls through all deals of a status in the order that the server sorts by', async () => {
    const { page, context } = await open('/pipeline', 'finance');
    const { body } = await (await demo.as('finance')).get('/deals?status=won&sort=amount&limit=1').expect(200);
    const { rows, total } = body as { rows: { id: string }[]; total: number };
    await page.getByLabel('Status').selectOption('won');
    const table = page.getByRole('region', { name: 'Deals' });
    await table.locator(`table[aria-rowcount="${total + 1}"]`).waitFor();
    await page.getByRole('button', { name: /^Amount/ }).click();
    await table.locator('th[aria-sort=descending]').waitFor();
    await settled(page);
    await page.getByRole('button', { name: /^Amount/ }).click();
    await table.locator('th[aria-sort=ascending]').waitFor();
    await settled(page);
    expect(await table.locator('tr[aria-rowindex="2"]').textContent()).toContain(rows[0]!.id);
    const last = table.locator(`tr[aria-rowindex="${total + 1}"]`);
    while ((await last.count()) === 0) {
      await table.evaluate((element) => element.scrollBy(0, 1e6));
      await page.waitForTimeout(50);
    }
    const highest = await (await demo.as('finance')).get('/deals?status=won&sort=-amount&limit=1').expect(200);
    const [{ amount }] = (highest.body as { rows: [{ amount: string }] }).rows;
    expect(await last.textContent()).toContain(`$${Number(amount).toLocaleString('en-US')}`);
    await context.close();
  });

  it.each(['/pipeline', '/deals/crm/1MCE2AOV', '/sales', '/forecast', '/what-if'])(
    'shows no number of today at %s under a cut of the past',
    async (path) => {
      const { page, context } = await open(`${path}?effective=2017-06-30`, 'finance');
      await page.getByText('These numbers exist only for today.').waitFor();
      expect(await page.getByRole('region', { name: /^(Deals|Sales|Weighted pipeline)$/ }).count()).toBe(0);
      await page.getByRole('button', { name: 'Show them as of now' }).click();
      await page.getByText('Read only.').waitFor({ state: 'detached' });
      await settled(page);
      expect(await page.getByText('These numbers exist only for today.').count()).toBe(0);
      await context.close();
    },
  );

  it('is in German for readers who prefer it', async () => {
    const { page, context } = await open('/my-pay', 'rep', { ...wide, locale: 'de-DE' });
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Meine Vergütung');
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await context.close();
  });

  it('has every text in German', () => {
    const catalogue = readFileSync(join(where, 'src/locales/de.po'), 'utf8');
    expect([...catalogue.matchAll(/msgid "(.+)"\nmsgstr ""\n/g)].map(([, text]) => text)).toEqual([]);
  });

  it('shows a rep no amount that only others are paid', async () => {
    const { body } = await (await demo.as('finance')).get('/statements/2017-06').expect(200);
    const others = (body as { rows: { participant: string; payable: string; lines: number }[] }).rows.filter(
      ({ participant, payable }) => participant !== 'darcel-schlecht' && Number(payable) > 0,
    );
    const { page, context, answers } = await open('/my-pay?period=2017-06', 'rep');
    for (const path of [
      ...screensOf.rep,
      '/statements?period=2017-06',
      '/team',
      '/close',
      '/sales',
      '/statements/2017-06/boris-faz',
    ]) {
      await page.goto(`${demo.url}/app${path}`);
      await settled(page);
    }
    const own = answers.join('\n');
    expect(others.length).toBeGreaterThan(20);
    expect(others.filter(({ payable }) => own.includes(`"payable":"${payable}"`))).toEqual([]);
    expect(await page.getByText('Not found, or you don’t have access').count()).toBe(1);
    await context.close();
  });

  it('closes a period with a dry run before, and progress', async () => {
    const { page, context, complaints } = await open('/close?period=2017-10', 'finance');
    await page.getByText('42 statements', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Close and issue 42 statements' }).click();
    await page.getByText('What was known').waitFor();
    expect(complaints).toEqual([]);
    const { body } = await (await demo.as('finance')).get('/statements/2017-10/darcel-schlecht').expect(200);
    expect((body as { issued: string | null }).issued).not.toBeNull();
    await context.close();
  });

  it('estimates what an open deal would pay, which is what it pays once it is really won', async () => {
    const finance = await demo.as('finance');
    const { page, context } = await open('/what-if?period=2017-12', 'rep');
    const head = await demo.head();
    await page.getByLabel('Suppose 0TC6I9SJ is won').check();
    await page.getByLabel('Amount of 0TC6I9SJ').fill('400000');
    await page.getByRole('row', { name: /0TC6I9SJ Commission/ }).waitFor();
    await settled(page);
    const figure = (label: string) => page.locator('.figures section, .figures > div').filter({ hasText: label });
    const then = (await figure('Then').textContent())!.replace('Then', '');
    await page.getByText('The last tier is reached: it pays 12%.').waitFor();
    expect(await demo.head()).toBe(head);
    const won = await finance
      .post('/deals/crm/0TC6I9SJ/win')
      .send({ closed: '2017-12-31', fields: { amount: '400000' }, reason: 'signed' })
      .expect(200);
    const { body } = await (
      await demo.as('rep')
    )
      .get('/statements/2017-12/darcel-schlecht')
      .set('Attain-Position', String(won.headers['attain-position']))
      .expect(200);
    const { payable } = body as { payable: string };
    expect(then).toBe(`$${Number(payable).toLocaleString('en-US', { minimumFractionDigits: 2 })}`);
    await context.close();
  });

  it('follows a deal that is won over the API within five seconds, also after a restart of the server', async () => {
    const { page, context } = await open('/my-pay?period=2017-12', 'rep');
    const payable = page.locator('.figures > :first-child');
    await page.locator('[data-live=true]').waitFor();
    const win = async (id: string) => {
      const before = await payable.textContent();
      await (
        await demo.as('finance')
      )
        .post(`/deals/crm/${id}/win`)
        .send({ closed: '2017-12-30', fields: { amount: '9000' }, reason: 'signed' })
        .expect(200);
      await expect(
        page.waitForFunction((was) => document.querySelector('.figures > :first-child')?.textContent !== was, before, {
          timeout: 5_000,
        }),
      ).resolves.toBeDefined();
    };
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
    await win('1976N63N');
    await demo.restart!(() => page.locator('[data-live=false]').waitFor());
    await page.locator('[data-live=true]').waitFor();
    await win('1FLN8BTI');
    expect(await page.evaluate(() => 'isSamePage' in globalThis)).toBe(true);
    await context.close();
  });

  it('exports a table as files that state their source, with the rows of the API', async () => {
    const { page, context } = await open('/statements?period=2017-06', 'finance');
    const { body } = await (await demo.as('finance')).get('/statements/2017-06').expect(200);
    const { rows } = body as { rows: { participant: string; payable: string }[] };
    for (const [name, ending] of [
      ['Statements as CSV', '.csv'],
      ['Statements as Excel workbook', '.xlsx'],
    ] as const) {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name, exact: true }).click(),
      ]);
      expect(file.suggestedFilename()).toMatch(new RegExp(`^2017-06-\\d+\\${ending}$`));
      const bytes = readFileSync(await file.path());
      if (ending === '.xlsx') expect(bytes.subarray(0, 2).toString()).toBe('PK');
      else
        for (const { participant, payable } of rows)
          expect(bytes.toString()).toMatch(new RegExp(`^.*${participant}.*${payable.replace('.', '\\.')}`, 'm'));
    }
    await context.close();
  });

  it('asks for at most 200 kB of compressed scripts before the first screen', () => {
    const page = join(where, 'dist/page');
    const html = readFileSync(join(page, 'index.html'), 'utf8');
    const scripts = [...html.matchAll(/(?:src|href)="\/app\/(assets\/[^"]+\.js)"/g)].map(([, path = '']) => path);
    const bytes = scripts.map((path) => gzipSync(readFileSync(join(page, path))).length).reduce((a, b) => a + b, 0);
    expect(scripts.length).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(200_000);
  });
});
