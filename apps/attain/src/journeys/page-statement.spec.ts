import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StatementAnswer } from '@attain/incentives';
import type { Browser } from 'playwright-core';
import { bootCompany, root } from './booted.fixture.js';
import { buildPage, chromiumPath, launch, settled, visit } from './browser.fixture.js';
import { textsOfPdf } from './pdf-text.fixture.js';

const run = promisify(execFile);
const wide = { width: 1280, scheme: 'light' } as const;
const path = '/statements/2017-06/darcel-schlecht';
let demo: Awaited<ReturnType<typeof bootCompany>>;
let browser: Browser;
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

inBrowser('A statement as PDF', () => {
  beforeAll(async () => {
    buildPage();
    demo = await bootCompany('demo');
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  const pdfFor = async (role: 'rep' | 'finance' | 'auditor', asked = `${path}/pdf`): Promise<Buffer> => {
    const headers = { Authorization: `Bearer ${await demo.token(role)}` };
    const answer = await fetch(`${demo.url}/v1${asked}`, { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')).toBe('application/pdf');
    return Buffer.from(await answer.arrayBuffer());
  };

  it('has the amounts of the page and of the command line, each line with how it is computed, its hash and page n of m', async () => {
    const { page, context } = await visit(browser, demo, 'rep', wide);
    await page.goto(`${demo.url}/app${path}`);
    await settled(page);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'PDF' }).click()]);
    expect(file.suggestedFilename()).toBe('2017-06-darcel-schlecht.pdf');
    const downloaded = await readFile(await file.path());
    const pages = textsOfPdf(downloaded);
    const text = pages.join(' ');
    const shown = await page.locator('.rows').last().locator('tbody td:last-child').allTextContents();
    await context.close();

    const written = join(demo.path, 'june.pdf');
    const { stdout } = await run(process.execPath, [
      join(root, 'apps/attain/dist/cli/main.js'),
      ...['statement', 'darcel-schlecht', '2017-06', '--pdf', written, '--json'],
      ...['--server', demo.url, '--token', await demo.token('rep')],
    ]);
    const statement = JSON.parse(stdout) as StatementAnswer;
    expect(await readFile(written)).toEqual(downloaded);

    const grouped = (decimal: string) => Number(decimal).toLocaleString('en-US', { minimumFractionDigits: 2 });
    expect(text).toContain(`${grouped(statement.payable)} USD`);
    expect(statement.lines.length).toBeGreaterThan(30);
    expect(shown).toEqual(statement.lines.map(({ payable }) => `$${grouped(payable)}`));
    const rows = text.split(/(?=\d{4}-\d\d-\d\d \S+ (?:Commission|Quarterly bonus), )/).slice(1);
    expect(rows.length).toBe(statement.lines.length);
    for (const [at, { date, record, payable }] of statement.lines.entries()) {
      expect(rows[at]).toMatch(new RegExp(`^${date} ${record?.id ?? '–'} `));
      // The step to which amounts are rounded is an amount beside it, and a page may end within a row.
      const amounts = [...rows[at]!.replaceAll(/\([^()]* to [\d.]+ USD\)/g, '').matchAll(/(-?[\d,]+\.\d\d) USD/g)];
      expect(amounts.map(([, amount]) => amount)).toContain(grouped(payable));
    }
    for (const { trace } of statement.lines) expect(text).toContain(trace!.arithmetic);
    expect(text).toContain('quota revenue 2017-Q2 = 363000');
    expect(text).toContain('darcel-schlecht, Account Executive, Team Marxen');
    expect(text).toContain('Plans: Account executive 2017.1');
    expect(text).toMatch(/position \d+ of the log/);
    pages.forEach((one, index) => {
      expect(one).toContain(`SHA-256 ${statement.hash}`);
      expect(one).toContain(`Page ${index + 1} of ${pages.length}`);
    });
    expect(pages.length).toBeGreaterThan(1);
  });

  it('is the same bytes for the same statement, for every caller at any time', async () => {
    const first = await pdfFor('rep');
    await new Promise((resume) => setTimeout(resume, 1_100));
    expect((await pdfFor('rep')).equals(first)).toBe(true);
    expect((await pdfFor('auditor')).equals(first)).toBe(true);
    const preview = await pdfFor('rep', '/statements/2017-12/darcel-schlecht/pdf?asOf=2030-01-01');
    await new Promise((resume) => setTimeout(resume, 1_100));
    expect((await pdfFor('rep', '/statements/2017-12/darcel-schlecht/pdf?asOf=2030-01-01')).equals(preview)).toBe(true);
    expect(textsOfPdf(preview).join(' ')).toContain('Preview');
  });

  it('is refused as the statement itself is', async () => {
    const rep = await demo.as('rep');
    await rep.get('/statements/2017-06/boris-faz/pdf').expect(404);
    await rep.get('/statements/2017-06/nobody/pdf').expect(404);
  });
});
