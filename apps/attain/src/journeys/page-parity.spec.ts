import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StatementAnswer } from '@attain/incentives';
import type { Board, Difference, Estimate, Forecasts, ListQuarantineResponse, WouldClose } from '@attain/client';
import type { AttainmentReport, Leaderboard, SalesReport } from '@attain/reporting';
import fc from 'fast-check';
import type { Browser, Locator, Page } from 'playwright-core';
import { bootCompany, closePeriod, root } from './booted.fixture.js';
import { buildPage, chromiumPath, launch, settled } from './browser.fixture.js';

const run = promisify(execFile);
const seed = Number(process.env['LAWS_SEED'] ?? Date.now() % 1_000_000);
let browser: Browser;
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

/** A manager, six reps of whom five have quotas, and ninety deals of two months, drawn anew unless LAWS_SEED is set. */
function randomFolder(): Record<string, string> {
  const cents = fc.integer({ min: 1, max: 9_999_999 }).map((n) => (n / 100).toFixed(2));
  const deal = fc.record({
    rep: fc.integer({ min: 1, max: 6 }),
    amount: cents,
    closed: fc.integer({ min: 1, max: 28 }),
    month: fc.constantFrom('01', '02'),
    status: fc.constantFrom('won', 'won', 'lost', 'open'),
    stage: fc.constantFrom('Talk', 'Offer'),
  });
  const drawn = fc.record({
    deals: fc.array(deal, { minLength: 90, maxLength: 90 }),
    quotas: fc.array(cents, { minLength: 5, maxLength: 5 }),
  });
  const { deals, quotas } = fc.sample(drawn, { seed, numRuns: 1 })[0]!;
  const reps = [...quotas, 'none'].map((_, index) => `r${index + 1},Rep ${index + 1},AE,mo,Falcons,West,2025-01-01`);
  const rows = deals.map(
    ({ rep, amount, closed, month, status, stage }, index) =>
      `D${index},r${rep},${amount},${status === 'open' ? '' : `2025-${month}-${String(closed).padStart(2, '0')}`},${status},${stage}`,
  );
  return {
    'company.yaml': `company: Random
currency: USD
measures: { revenue: { counts: amount, of: deals } }
stages:
  - { name: Talk, probability: 12.5%, category: pipeline }
  - { name: Offer, probability: 62.5%, category: commit }
`,
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
components:
  - { name: Commission, measure: revenue, rate: 7.5% }
  - { name: Accelerator, measure: revenue, per: month, tiers: [ { from: 0%, rate: 1% }, { from: 100%, rate: 2% } ] }
`,
    'sources/crm.yaml': `source: crm
files: exports/deals.csv
as: deals
dates: yyyy-MM-dd
columns: { id: id, owner: { from: owner, find: people.id }, amount: amount, closed: closed, stage: stage }
status: { from: status, won: [won], lost: [lost] }
`,
    'exports/deals.csv': ['id,owner,amount,closed,status,stage', ...rows, ''].join('\n'),
  };
}

interface Asked {
  month: string;
  window: string;
  /** An open period. */
  open: string;
  rep: string;
  past: string;
}
const companies: [string, () => Record<string, string> | 'demo', Asked][] = [
  [
    'the demo',
    () => 'demo',
    { month: '2017-06', window: '2017-Q4', open: '2017-12', rep: 'darcel-schlecht', past: '2017-11-10' },
  ],
  [
    `a random company (LAWS_SEED=${seed})`,
    randomFolder,
    { month: '2025-01', window: '2025-01', open: '2025-02', rep: 'r1', past: '2025-01-15' },
  ],
];

inBrowser.each(companies)(
  'The page shows of %s the numbers of the command line',
  (_, made, { month, window, open, rep, past }) => {
    let company: Awaited<ReturnType<typeof bootCompany>>;
    let token: string;
    let page: Page;
    beforeAll(async () => {
      buildPage();
      company = await bootCompany(made());
      token = await company.token({ roles: ['finance', 'auditor'] });
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
      await visit(path);
      return cells(page.getByRole('region', { name: label, exact: true }), columns);
    }
    async function visit(path: string): Promise<void> {
      await page.goto(`${company.url}/app${path}`);
      await settled(page);
    }
    async function texts(selector: string): Promise<string[]> {
      return (await page.locator(selector).allTextContents()).map((text) => text.trim());
    }
    async function cells(region: Locator, columns: readonly number[]): Promise<string[][]> {
      // A long table draws the rows in sight alone, between two empty rows; an explanation in a row has rows of its own.
      const rows = await region.locator('tbody tr:not([aria-hidden], details tr)').all();
      return Promise.all(
        rows.map(async (row) => {
          const cells = await row.locator('td').allTextContents();
          return columns.map((column) => cells[column]!.trim());
        }),
      );
    }
    /** With each digit that the server sends, as the page shows amounts. */
    const money = (decimal: string | null): string =>
      decimal === null
        ? '–'
        : new Intl.NumberFormat('en-US', {
            style: 'currency',
            currency: 'USD',
            maximumFractionDigits: Math.max(2, decimal.split('.')[1]?.length ?? 0),
          }).format(decimal as `${number}`);
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
        expect(list[index]).toEqual([money(statement.earned), money(statement.payable)]);
        const lines = await shown(`/statements/${month}/${participant}`, 'Lines', [6]);
        expect(lines).toEqual(statement.lines.slice(0, lines.length).map(({ payable }) => [money(payable)]));
        expect(lines.length).toBeGreaterThan(Math.min(statement.lines.length, 20) - 1);
      }
    });

    it('in attainment of the team', async () => {
      const { rows } = await attain<AttainmentReport>('attainment', window, '--measure', 'revenue');
      expect(rows.length).toBeGreaterThanOrEqual(5);
      expect(sorted(await shown(`/team?period=${window}`, 'Attainment', [2, 3, 4]))).toEqual(
        sorted(rows.map(({ attained, credited, quota }) => [percent(attained), money(credited), money(quota)])),
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
            money(amount),
            money(reversed),
            money(net),
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

    it('in the pipeline by stage, and in the weighted pipeline with its categories', async () => {
      const board = await attain<Board>('pipeline', '--by', 'stage');
      expect(board.rows.length).toBeGreaterThanOrEqual(2);
      const stages = board.rows.map(({ key, deals, amount }) => [key ?? '–', String(deals), money(amount)]);
      await visit('/pipeline');
      await page.getByRole('button', { name: 'Show as table' }).click();
      const asTable = await cells(page.getByRole('region', { name: /open deals by stage$/ }), [0, 1, 2]);
      expect(sorted(asTable)).toEqual(sorted(stages));
      expect(sorted(await shown('/forecast', 'Weighted pipeline', [0, 1, 2, 3, 4]))).toEqual(
        sorted(
          board.rows.map((row) => [
            row.key ?? '–',
            String(row.deals),
            money(row.amount),
            money(row.assumed),
            money(row.weighted),
          ]),
        ),
      );
      const figures = await texts('.figures > *');
      expect(board.rollUps.length).toBeGreaterThan(0);
      expect(figures).toEqual(board.rollUps.map(({ name, amount }) => `${name}${money(amount)}`));
    });

    it('in forecasts with their intervals and errors', async () => {
      const { rows } = await attain<Forecasts>('forecast', '--by', 'team');
      expect(rows.length).toBeGreaterThan(0);
      await visit('/forecast');
      const text = (await page.getByRole('main').textContent())!;
      for (const { for: name, total, measure, error, none } of rows) {
        if (total === null) {
          expect(text).toContain(none?.detail ?? 'There is no forecast.');
          continue;
        }
        expect(text).toContain(`${name}: ${money(total.point)} of ${measure} expected`);
        expect(text).toContain(`Between ${money(total.lower)} and ${money(total.upper)}`);
        const missed = error && (error.total.mape ?? error.mape);
        if (missed != null) expect(text).toContain(`It missed by ${missed.toFixed(0)} % on average`);
      }
    });

    it('in the dry run of a closing, with its exceptions and differences', async () => {
      const would = await attain<WouldClose>('close', open, '--dry-run');
      expect(would.statements.length).toBeGreaterThanOrEqual(5);
      const issued = await shown(`/close?period=${open}`, 'Statements that would be issued', [2, 3]);
      expect(issued.length).toBeGreaterThanOrEqual(5);
      expect(issued).toEqual(
        would.statements.slice(0, issued.length).map(({ lines, payable }) => [String(lines), money(payable)]),
      );
      expect(await texts('.figures > *')).toEqual([
        ...would.totals.map(({ payable, statements }) => `Would be paid${money(payable)}${statements} statements`),
        `Late differences${would.differences.length}`,
        `Exceptions${would.exceptions.length}`,
      ]);
      const text = await page.getByRole('main').textContent();
      for (const { code, participant, detail } of would.exceptions)
        expect(text).toContain(`${code}, ${participant}: ${detail}`);
    });

    it('in attainment as of a day of the past, with the quotas and teams of that day', async () => {
      const cut = ['--as-of', '2199-12-31', '--effective', past];
      const { rows } = await attain<AttainmentReport>('attainment', window, '--measure', 'revenue', ...cut);
      expect(rows.length).toBeGreaterThanOrEqual(5);
      expect(
        sorted(await shown(`/team?period=${window}&asOf=2199-12-31&effective=${past}`, 'Attainment', [2, 3, 4])),
      ).toEqual(
        sorted(rows.map(({ attained, credited, quota }) => [percent(attained), money(credited), money(quota)])),
      );
    });

    it('in what an open deal would pay', async () => {
      await visit(`/what-if?period=${open}`);
      await page.getByLabel('Participant').selectOption(rep);
      await settled(page);
      const box = page.getByRole('checkbox', { name: /^Suppose/ }).first();
      const [, id = ''] = /^Suppose (\S+) is won$/.exec((await box.getAttribute('aria-label'))!)!;
      await box.check();
      await page.getByLabel(`Amount of ${id}`).fill('123456.78');
      const changed = page.getByRole('region', { name: 'Lines that change', exact: true });
      await changed.getByRole('row').nth(1).waitFor();
      await settled(page);
      const day = await page.getByLabel('Won on').inputValue();
      const { now, then, difference, lines } = await attain<Estimate>(
        ...['estimate', rep, open, '--win', `crm:${id}@${day}=123456.78`],
      );
      const figures = await texts('.figures > *');
      expect(figures[0]).toContain(money(now));
      expect(figures[1]).toBe(`Then${money(then)}`);
      expect(figures[2]).toContain(money(difference));
      expect(await cells(changed, [3, 4])).toEqual(lines.map((line) => [money(line.now), money(line.then)]));
    });

    it('in the own pay of a rep', async () => {
      const own = await company.token({ roles: ['rep'], participant: rep });
      const statement = await attain<StatementAnswer>('statement', rep, open);
      // The rows of the page for the rep alone; the other tests are of finance.
      await page.context().setExtraHTTPHeaders({ Authorization: `Bearer ${own}` });
      const paid = statement.lines
        .filter(({ record, payable }) => record !== null && Number(payable) !== 0)
        .map(({ record, payable }) => [record!.id, money(payable)]);
      const deals = await shown(`/my-pay?period=${open}`, 'Deals', [1, 5]);
      expect(deals.length).toBeGreaterThan(0);
      expect(sorted(deals)).toEqual(sorted(paid));
      const [payable, earned] = await texts('.figures > *');
      expect(payable).toContain(money(statement.payable));
      expect(earned).toBe(`Earned${money(statement.earned)}`);
      await page.context().setExtraHTTPHeaders({ Authorization: `Bearer ${token}` });
    });

    it('in the rows of the quarantine', async () => {
      const { rows } = await attain<ListQuarantineResponse>('quarantine', 'list', '--limit', '500');
      await visit('/data');
      const waiting = page.getByRole('region', { name: 'Rows in quarantine', exact: true });
      expect(await waiting.locator('tbody tr:not([aria-hidden])').count()).toBe(Math.min(rows.length, 100));
    });

    it('in the causes of a change between two instants', async () => {
      // The months of the demo are closed.
      if (month !== '2017-06') await closePeriod(company, month);
      const finance = await company.as({ roles: ['finance'] });
      const { lines } = await attain<StatementAnswer>('statement', rep, month);
      const { record } = lines.find((line) => line.record !== null)!;
      const change = { fields: { amount: '4321.09' }, reason: 'typing error' };
      await finance.post(`/deals/${record!.source}/${record!.id}/change`).send(change).expect(200);
      const { cut } = await attain<StatementAnswer>('statement', rep, month);
      const { total, causes } = await attain<Difference>(
        ...['differences', rep, month, '--from', cut.known, '--to', '2199-12-31'],
      );
      await visit(`/statements/${month}/${rep}`);
      expect(causes.length).toBeGreaterThan(0);
      const signed = (decimal: string) => (decimal.startsWith('-') ? money(decimal) : `+${money(decimal)}`);
      await page.getByRole('heading', { name: `What moved it by ${signed(total)}` }).waitFor();
      await page.getByRole('button', { name: 'Show as table' }).click();
      expect(sorted(await cells(page.getByRole('region', { name: /^What moved it/ }), [2]))).toEqual(
        sorted(causes.map(({ amount }) => [signed(amount)])),
      );
      expect(await texts('.figures > *')).toContain(
        `Earned${money((await attain<StatementAnswer>('statement', rep, month)).earned)}`,
      );
    });
  },
);
