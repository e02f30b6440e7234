import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '@attain/service';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Booted, bootCompany, closePeriod } from './booted.fixture.js';
import { buildPage, chromiumPath, launch, settled } from './browser.fixture.js';
import { textsOfPdf } from './pdf-text.fixture.js';

/** Ann asks; Bob is her peer, whose amounts occur nowhere else. */
const folder = {
  'company.yaml': `company: Canaries
currency: USD
measures: { revenue: { counts: amount, of: deals } }
stages: [ { name: Proposal, probability: 50%, category: commit } ]
`,
  'people.csv': `id,name,role,manager,team,region,from
mo,Mo,Manager,,Falcons,West,2025-01-01
ann,Ann,AE,mo,Falcons,West,2025-01-01
bob,Bob,AE,mo,Falcons,West,2025-01-01
`,
  'quotas.csv': `for,measure,period,amount,credit
ann,revenue,2025-01,40000,sales
bob,revenue,2025-01,7123456,sales
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
columns: { id: id, owner: { from: owner, find: people.id }, account: account, amount: amount, closed: closed, stage: stage }
`,
  'exports/deals.csv': `id,owner,account,amount,closed,stage
OWN1,ann,Own account,20000.00,2025-01-15,
OWN2,ann,Own account,500.00,,Proposal
PEER1,bob,Canary Peer Ltd,9876543.20,2025-01-16,
PEER2,bob,Canary Open Ltd,8765432.10,,Proposal
`,
};
const pay = /987[,.]?654[.,]32/;
const peers = [pay, /9[,.]?876[,.]?543/, /8[,.]?765[,.]?432/, /Canary Peer|Canary Open/, /PEER2/];
const quota = /7[,.]?123[,.]?456/;
const ownPay = /2[,.]?000[.,]00/;
const screens = [
  '/',
  '/my-pay?period=2025-01',
  '/statements?period=2025-01',
  '/statements/2025-01/ann',
  '/statements/2025-01/bob',
  '/what-if',
  '/pipeline',
  '/deals/crm/OWN1',
  '/deals/crm/PEER1',
  '/team?period=2025-01',
  '/sales',
  '/forecast',
  '/leaderboard?period=2025-01',
  '/close?period=2025-02',
  '/audit',
  '/plans',
  '/plans/AE/1',
  '/data',
  '/admin',
];

let company: Booted;
let browser: Browser;
const inBrowser = chromiumPath === undefined ? describe.skip : describe;

inBrowser('Nothing that the page receives', () => {
  beforeAll(async () => {
    buildPage();
    company = await bootCompany(folder);
    await closePeriod(company, '2025-01');
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await company?.close();
  });

  it.each<[string, Omit<Caller, 'actor' | 'name'>, readonly RegExp[]]>([
    ['a rep', { roles: ['rep'], participant: 'ann' }, [...peers, quota]],
    ['a plan author', { roles: ['plan-author'] }, [...peers, ownPay]],
    ['an administrator', { roles: ['admin'] }, [...peers, quota, ownPay]],
  ])('by %s holds an amount of people outside the scope', async (_, who, canaries) => {
    const received = await everythingThat(who);
    expect(received.length).toBeGreaterThan(40);
    const leaks = received.flatMap(({ from, text }) =>
      canaries.filter((canary) => canary.test(text)).map((canary) => `${from}: ${canary.source}`),
    );
    expect(leaks).toEqual([]);
  });

  it('is missed by the look-out: finance receives each canary', async () => {
    const received = await everythingThat({ roles: ['finance'] });
    const unseen = [...peers, quota, ownPay].filter((canary) => !received.some(({ text }) => canary.test(text)));
    expect(unseen).toEqual([]);
    expect(received.filter(({ from }) => from.endsWith('/pdf')).some(({ text }) => pay.test(text))).toBe(true);
    expect(received.filter(({ from }) => from.includes('format=csv')).some(({ text }) => pay.test(text))).toBe(true);
  });

  /** Every answer, every message of the stream, every file that is linked, what is stored, and what is drawn. */
  async function everythingThat(who: Omit<Caller, 'actor' | 'name'>): Promise<{ from: string; text: string }[]> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      extraHTTPHeaders: { Authorization: `Bearer ${await company.token(who)}` },
    });
    await context.addInitScript(keepNews);
    const page = await context.newPage();
    const received: { from: string; text: string }[] = [];
    const reading: Promise<unknown>[] = [];
    page.on('response', (response) => {
      const { pathname, search } = new URL(response.url());
      if (pathname === '/v1/live' || pathname.startsWith('/app/assets')) return;
      reading.push(
        response
          .text()
          .then((text) => received.push({ from: pathname + search, text }))
          .catch(() => undefined),
      );
    });
    const files = new Set<string>();
    for (const path of screens) {
      await page.goto(`${company.url}/app${path}`);
      await settled(page);
      await unfold(page);
      received.push({ from: `drawn at ${path}`, text: await page.locator('body').innerText() });
      for (const link of await page.locator('a[download]').all()) files.add((await link.getAttribute('href')) ?? '');
      received.push({ from: `stored at ${path}`, text: await page.evaluate(stored) });
    }
    for (const file of files) received.push(await downloaded(context, file));
    await Promise.all(reading);
    await context.close();
    return received;
  }

  async function downloaded(context: BrowserContext, file: string): Promise<{ from: string; text: string }> {
    const answer = await context.request.get(company.url + file.replace('format=xlsx', 'format=csv'));
    const bytes = await answer.body();
    const isPdf = answer.headers()['content-type'] === 'application/pdf';
    return { from: file, text: isPdf ? textsOfPdf(bytes).join(' ') : bytes.toString() };
  }
});

/** The reasons of the first amount, and an estimate, where the screen has them. */
async function unfold(page: Page): Promise<void> {
  const why = page.getByRole('button', { name: /^Why/ }).first();
  if ((await why.count()) > 0) {
    await why.click();
    await settled(page);
    await page.keyboard.press('Escape');
  }
  const suppose = page.getByRole('checkbox', { name: /^Suppose/ }).first();
  if ((await suppose.count()) > 0) {
    await suppose.check();
    await settled(page);
  }
}

/** In the page: stores the stream of news where `stored` finds it. */
function keepNews(): void {
  const Original = EventSource;
  Object.assign(globalThis, {
    news: [],
    EventSource: class extends Original {
      constructor(url: string | URL) {
        super(url);
        this.addEventListener('message', ({ data }) =>
          (globalThis as unknown as { news: string[] }).news.push(String(data)),
        );
      }
    },
  });
}

function stored(): string {
  const { news } = globalThis as unknown as { news: string[] };
  return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, news]);
}
