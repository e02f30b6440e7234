import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StatementAnswer } from '@attain/incentives';
import type { AttainmentReport, Leaderboard, SalesReport } from '@attain/reporting';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { type Booted, bootTogether, demoFolder, root, scratch, writeFolder } from './booted.fixture.js';
import { buildPage, chromiumPath, launch, settled } from './browser.fixture.js';

const run = promisify(execFile);
const seed = Number(process.env['LAWS_SEED'] ?? Date.now() % 1_000_000);
let browser: Browser;
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

/** A manager, five reps with quotas, and sixty deals of two months, drawn anew unless LAWS_SEED is set. */
function randomFolder(): Record<string, string> {
  const cents = fc.integer({ min: 1, max: 9_999_999 }).map((n) => (n / 100).toFixed(2));
  const deal = fc.record({
    rep: fc.integer({ min: 1, max: 5 }),
    amount: cents,
    closed: fc.integer({ min: 1, max: 28 }),
    month: fc.constantFrom('01', '02'),
    status: fc.constantFrom('won', 'won', 'lost'),
  });
  const drawn = fc.record({
    deals: fc.array(deal, { minLength: 60, maxLength: 60 }),
    quotas: fc.array(cents, { minLength: 5, maxLength: 5 }),
  });
  const { deals, quotas } = fc.sample(drawn, { seed, numRuns: 1 })[0]!;
  const reps = quotas.map((_, index) => `r${index + 1},Rep ${index + 1},AE,mo,Falcons,West,2025-01-01`);
  const rows = deals.map(
    ({ rep, amount, closed, month, status }, index) =>
      `D${index},r${rep},${amount},2025-${month}-${String(closed).padStart(2, '0')},${status}`,
  );
  return {
    'company.yaml': 'company: Random\ncurrency: USD\nmeasures: { revenue: { counts: amount, of: deals } }\n',
    'people.csv': ['id,name,role,manager,team,region,from', 'mo,Mo,Manager,,Falcons,West,2025-01-01', ...reps, ''].join(
      '\n',
    ),
    'quotas.csv': [
      'for,measure,period,amount,credit',
      ...quotas.map((amount, index) => `r${index + 1},revenue,2025-01,${amount},sales`),
      '',
    ].join('\n'),
    'plans/ae.yaml': `plan: AE
version: 1
effective: { from: 2025-01-01 }
assignedTo: { roles: [AE] }
pays: monthly
components: [ { name: Commission, measure: revenue, rate: 7.5% } ]
`,
    'sources/crm.yaml': `source: crm
files: exports/deals.csv
as: deals
dates: yyyy-MM-dd
columns: { id: id, owner: { from: owner, find: people.id }, amount: amount, closed: closed }
status: { from: status, won: [won], lost: [lost] }
`,
    'exports/deals.csv': ['id,owner,amount,closed,status', ...rows, ''].join('\n'),
  };
}

const companies: [string, () => Record<string, string> | undefined, { month: string; window: string }][] = [
  ['the demo', () => undefined, { month: '2017-06', window: '2017-Q4' }],
  [`a random company (LAWS_SEED=${seed})`, randomFolder, { month: '2025-01', window: '2025-01' }],
];

inBrowser.each(companies)('The page shows of %s the numbers of the command line', (_, made, { month, window }) => {
  let place: Awaited<ReturnType<typeof scratch>>;
  let company: Booted;
  let token: string;
  let page: Page;
  beforeAll(async () => {
    buildPage();
    place = await scratch();
    const files = made();
    if (files !== undefined) await writeFolder(`${place.path}/folder`, files);
    company = await bootTogether(files === undefined ? demoFolder : `${place.path}/folder`, `${place.path}/data`);
    token = await company.token(files === undefined ? 'finance' : { roles: ['finance'] });
    browser = await launch();
    const context = await browser.newContext({
      extraHTTPHeaders: { Authorization: `Bearer ${token}` },
      locale: 'en-US',
    });
    page = await context.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await company?.close();
    await place?.gone();
  });

  async function attain<Answer>(...args: string[]): Promise<Answer> {
    const main = join(root, 'apps/attain/dist/cli/main.js');
    const { stdout } = await run(
      process.execPath,
      [main, ...args, '--json', '--server', company.url, '--token', token],
      { maxBuffer: 1 << 26 },
    );
    return JSON.parse(stdout) as Answer;
  }
  /** The texts of some columns of a table, row by row. */
  async function shown(path: string, label: string, columns: readonly number[]): Promise<string[][]> {
    await page.goto(`${company.url}/app${path}`);
    await settled(page);
    // A long table draws the rows in sight alone, between two empty rows.
    const rows = await page
      .getByRole('region', { name: label, exact: true })
      .locator('tbody tr:not([aria-hidden])')
      .all();
    return Promise.all(
      rows.map(async (row) => {
        const cells = await row.locator('td').allTextContents();
        return columns.map((column) => cells[column]!.trim());
      }),
    );
  }
  const dollars = (decimal: string | null): string =>
    decimal === null
      ? '–'
      : new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(decimal as `${number}`);
  const percent = (ratio: string | null, digits = 1): string =>
    ratio === null
      ? '–'
      : new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: digits }).format(
          ratio as `${number}`,
        );
  const sorted = (rows: readonly string[][]): string[][] => rows.toSorted((a, b) => a.join().localeCompare(b.join()));

  it('in the list of statements, and line by line', async () => {
    await page.goto(`${company.url}/app/statements?period=${month}`);
    await settled(page);
    const links = await page.getByRole('region', { name: 'Statements', exact: true }).locator('tbody a').all();
    const paths = await Promise.all(
      links.map(async (link) => new URL((await link.getAttribute('href'))!, company.url)),
    );
    expect(paths.length).toBeGreaterThanOrEqual(5);
    const list = await shown(`/statements?period=${month}`, 'Statements', [3, 4]);
    for (const [index, { pathname }] of paths.entries()) {
      if (index % 9 !== 0 && paths.length > 9) continue;
      const participant = decodeURIComponent(pathname.split('/').at(-1)!);
      const statement = await attain<StatementAnswer>('statement', participant, month);
      expect(list[index]).toEqual([dollars(statement.earned), dollars(statement.payable)]);
      const lines = await shown(`/statements/${month}/${participant}`, 'Lines', [6]);
      expect(lines).toEqual(statement.lines.slice(0, lines.length).map(({ payable }) => [dollars(payable)]));
      expect(lines.length).toBeGreaterThan(Math.min(statement.lines.length, 20) - 1);
    }
  });

  it('in attainment of the team', async () => {
    const { rows } = await attain<AttainmentReport>('attainment', window, '--measure', 'revenue');
    expect(rows.length).toBeGreaterThanOrEqual(5);
    expect(sorted(await shown(`/team?period=${window}`, 'Attainment', [2, 3, 4]))).toEqual(
      sorted(rows.map(({ attained, credited, quota }) => [percent(attained), dollars(credited), dollars(quota)])),
    );
  });

  it('in sales', async () => {
    const { rows } = await attain<SalesReport>('sales', window, '--by', 'rep');
    expect(rows.length).toBeGreaterThanOrEqual(5);
    expect(sorted(await shown(`/sales?period=${window}`, 'Sales', [1, 2, 3, 4, 5, 6]))).toEqual(
      sorted(
        rows.map(({ won, lost, winRate, amount, reversed, net }) => [
          String(won),
          String(lost),
          percent(winRate),
          dollars(amount),
          dollars(reversed),
          dollars(net),
        ]),
      ),
    );
  });

  it('in the leaderboard', async () => {
    const { rows } = await attain<Leaderboard>('leaderboard', window);
    expect(rows.length).toBeGreaterThanOrEqual(5);
    expect(await shown(`/leaderboard?period=${window}`, 'Leaderboard', [0, 2])).toEqual(
      rows.map(({ rank, attained }) => [String(rank), percent(attained, 0)]),
    );
  });
});
