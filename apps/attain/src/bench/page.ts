import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { root } from '../journeys/company.fixture.js';
import { chromiumPath, launch } from '../journeys/browser.fixture.js';
import { writeCompany } from './company.js';
import { inPage } from './in-page.js';
import { goal, type Measured, quantile } from './report.js';
import { serving } from './served.js';

/** Every tenth deal is open, the others are won. */
const OPEN = 10;
const ROLES = ['rep', 'manager', 'finance', 'auditor'] as const;
/** Runs of a cold start. */
const STARTS = 5;
const SCROLLS = 30;
const OPENED = 10;
const CLICK = 100;
const columns = ['Deal', 'Account', 'Product', 'Owner', 'Stage', 'Amount', 'Closed'];

/** Milliseconds from a click until the next paint, and until the result is painted. */
interface Painted {
  next: number;
  result: number;
}

/** What readers of the page wait for, in a headless browser. */
export async function page(directory: string, deals: number, reps: number): Promise<Measured[]> {
  const scripts = scriptsFirst();
  if (chromiumPath === undefined)
    return [scripts, { what: 'times of the page', value: 'skipped: there is no Chromium; CHROMIUM names its place' }];
  const folder = join(directory, 'company');
  await writeCompany(folder, deals, reps, { open: OPEN });
  const { url, stop } = await serving(folder, join(directory, 'data'));
  const browser = await launch();
  try {
    const homes: Measured[] = [];
    for (const role of ROLES) homes.push(await homeOf(browser, url, role));
    return [scripts, ...homes, ...(await table(browser, url, deals))];
  } finally {
    await browser.close();
    await stop();
  }
}

function scriptsFirst(): Measured {
  const built = join(root, 'apps/dashboard/dist/page');
  const html = readFileSync(join(built, 'index.html'), 'utf8');
  const paths = [...html.matchAll(/(?:src|href)="\/app\/(assets\/[^"]+\.js)"/g)].map(([, path = '']) => path);
  const bytes = paths.map((path) => gzipSync(readFileSync(join(built, path))).length).reduce((a, b) => a + b, 0);
  return {
    what: 'scripts before the first screen, gzip',
    value: `${(bytes / 1000).toFixed(0)} kB in ${paths.length} files`,
    ...goal(bytes, '≤', 200_000, '200 kB'),
  };
}

/** A browser of its own, with an empty cache, in which a demo role is signed in. */
async function signedIn(browser: Browser, url: string, role: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US' });
  const answer = await context.request.post(`${url}/v1/session/demo`, { data: { as: role } });
  if (!answer.ok()) throw new Error(`the sign-in as ${role} was answered ${answer.status()}`);
  await context.addInitScript(inPage);
  return context.newPage();
}

async function homeOf(browser: Browser, url: string, role: string): Promise<Measured> {
  const times: number[] = [];
  for (let run = 0; run < STARTS; run += 1) {
    const opened = await signedIn(browser, url, role);
    await opened.goto(`${url}/app/`);
    times.push(await opened.evaluate<number>('measured.usable()'));
    await opened.context().close();
  }
  const median = quantile(times, 0.5);
  return {
    what: `home of ${role}, cold cache, until it is usable`,
    value: `median ${(median / 1000).toFixed(2)} s, longest ${(Math.max(...times) / 1000).toFixed(2)} s`,
    ...goal(median, '<', 2000, '2 s'),
  };
}

async function table(browser: Browser, url: string, deals: number): Promise<Measured[]> {
  const opened = await signedIn(browser, url, 'finance');
  await opened.goto(`${url}/app/`);
  await opened.evaluate('measured.usable()');
  const open = Math.ceil(deals / OPEN);
  const ask = (work: string): Promise<Painted> => opened.evaluate<Painted>(`measured.painted(${work})`);
  const times: Record<string, Painted[]> = {
    'the table of deals is opened': [await ask(`measured.follow('/app/pipeline'), measured.rows(${open})`)],
  };
  const add = async (what: string, work: string) => void (times[what] ??= []).push(await ask(work));
  // Each combination is a new question, so that no answer comes from the cache of the page.
  const sorts = [...columns, ...columns];
  for (const [n, column] of sorts.entries()) {
    const [status, total] = n % 2 === 0 ? ['won', deals - open] : ['open', open];
    await add('deals are filtered by status', `measured.choose('Status', '${status}'), measured.rows(${total})`);
    const title = column === 'Closed' && status === 'open' ? 'Opened' : column;
    await add('deals are sorted', `measured.sort('${title}'), measured.rows(${total})`);
  }
  await ask(`measured.choose('Status', 'won'), measured.rows(${deals - open})`);
  const scrolls = Math.min(SCROLLS, Math.floor((deals - open) / 50) - 1);
  for (let n = 0; n < scrolls; n += 1) await add('the table is scrolled by 50 rows', 'measured.scroll(50 * 36)');
  for (let n = 0; n < OPENED; n += 1) {
    await add('a deal is opened', `measured.open(${n}), measured.shows('.figures')`);
    await add('back to the table', `() => history.back(), measured.rows()`);
  }
  await opened.context().close();
  return Object.entries(times).map(([what, painted]) => rowOf(what, painted, deals));
}

function rowOf(what: string, painted: readonly Painted[], deals: number): Measured {
  const of = (part: keyof Painted, q: number) =>
    quantile(
      painted.map((one) => one[part]),
      q,
    );
  return {
    what: `${what}, beside ${deals.toLocaleString('en-US')} deals`,
    value: `p95 ${of('result', 0.95).toFixed(0)} ms, median ${of('result', 0.5).toFixed(0)} ms`,
    baseline: `the next paint after the click: p95 ${of('next', 0.95).toFixed(0)} ms, median ${of('next', 0.5).toFixed(0)} ms`,
    ...goal(of('result', 0.95), '<', CLICK, `${CLICK} ms`),
  };
}
