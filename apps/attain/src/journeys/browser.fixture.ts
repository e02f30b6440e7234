import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page, type Request, type Response } from 'playwright-core';
import type { Caller } from '@attain/service';
import { type Booted, type DemoRole, root, type User } from './company.fixture.js';

/** Where Chromium is; `CHROMIUM` names another place. */
export const chromiumPath = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

/** Sends requests to the server under test only. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The page as the server serves it is built from the sources under test. */
export function buildPage(): void {
  const built = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: join(root, 'apps/dashboard'),
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(built.stderr + built.stdout);
}

export function launch(): Promise<Browser> {
  return chromium.launch({ ...(chromiumPath !== undefined && { executablePath: chromiumPath }), args: quiet });
}

export interface Look {
  width: 1280 | 390;
  scheme: 'light' | 'dark';
  locale?: string;
}

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** The browser's errors: of scripts, of the content security policy, of requests. */
  complaints: string[];
  /** The texts of all answers of the API. */
  answers: string[];
}

const signInNames: Record<DemoRole, RegExp> = {
  rep: /a sales rep|Vertrieb:/,
  manager: /a sales manager|Vertriebsleitung/,
  finance: /^Finan(ce|zen)/,
  auditor: /^(Auditor|Prüfer)/,
};

/** Who looks at the page: the roles of the demo, and two that it signs nobody in with. */
export type Visitor = DemoRole | 'plan-author' | 'admin';

/** A browser of its own in which a visitor signs in. */
export async function visit(browser: Browser, company: Booted, role: Visitor, look: Look): Promise<Visit> {
  if (role === 'plan-author' || role === 'admin') return visitWith(browser, company, { roles: [role] }, look);
  const visited = await arrive(browser, company.url, look);
  await signInToDemo(visited.page, company, role);
  await entered(visited.page, look);
  return visited;
}

/** By a click, or by name and password where the server knows users only. */
export async function signInToDemo(page: Page, company: Booted, role: DemoRole): Promise<void> {
  const user = await company.passwordOf?.(role);
  if (user === undefined) await page.getByRole('button', { name: signInNames[role] }).click();
  else await signInAs(page, user);
}

/** A browser of its own whose every request is one of a caller with these roles, who is at home. */
async function visitWith(
  browser: Browser,
  company: Booted,
  who: Omit<Caller, 'actor' | 'name'>,
  look: Look,
): Promise<Visit> {
  const visited = await arrive(browser, company.url, look);
  await visited.context.setExtraHTTPHeaders({ Authorization: `Bearer ${await company.token(who)}` });
  await visited.page.goto(`${company.url}/app/`);
  await entered(visited.page, look);
  return visited;
}

/** A browser of its own in which a local user signs in with a password. */
export async function visitAs(browser: Browser, url: string, user: User, look: Look): Promise<Visit> {
  const visited = await arrive(browser, url, look);
  await signInAs(visited.page, user);
  await entered(visited.page, look);
  return visited;
}

/** Fills the form of the sign-in; what appears afterwards is up to the user. */
export async function signInAs(page: Page, { name, password }: User): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('textbox', { name: /^(Password|Passwort)/ }).fill(password);
  await page.getByRole('button', { name: /^(Sign in|Anmelden)$/ }).click();
}

export async function entered(page: Page, { width }: Look): Promise<void> {
  await page.getByRole('navigation').waitFor({ state: width === 390 ? 'attached' : 'visible' });
  await settled(page);
}

/** The page without a sign-in. */
export async function arrive(browser: Browser, url: string, look: Look): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 900 },
    colorScheme: look.scheme,
    locale: look.locale ?? 'en-US',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const answers: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  const asked = new Set<Request>();
  unanswered.set(page, asked);
  // The stream of the page is never answered to its end.
  page.on('request', (request) => {
    // The browser reports no end of some requests of the document that it leaves.
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) asked.clear();
    if (request.resourceType() !== 'eventsource') asked.add(request);
  });
  page.on('requestfinished', (request) => asked.delete(request));
  page.on('requestfailed', (request) => asked.delete(request));
  page.on('response', (response) => void keep(response, answers, complaints));
  await page.goto(`${url}/app/`);
  return { page, context, complaints, answers };
}

async function keep(response: Response, answers: string[], complaints: string[]): Promise<void> {
  const { pathname } = new URL(response.url());
  if (pathname === '/v1/live') return;
  if (pathname.startsWith('/app')) {
    if (response.status() >= 400) complaints.push(`${response.status()} ${pathname}`);
    return;
  }
  // Before the sign-in the session is 401, a new server has no verification yet, and the page repeats a request that came too early.
  const expected =
    response.status() === 401 ||
    (response.status() === 404 && pathname.endsWith('/verification')) ||
    (response.status() === 503 && 'retry-after' in response.headers());
  if (response.status() >= 400 && !expected) complaints.push(`${response.status()} ${pathname}`);
  answers.push(await response.text().catch(() => ''));
}

/** The unanswered requests of each page. */
const unanswered = new WeakMap<Page, Set<Request>>();
/** Milliseconds without a request after which a page counts as complete. */
const QUIET = 400;

/** Waits until the page sends no more requests and shows everything. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  for (let quiet = 0; quiet < QUIET; quiet += 50) {
    await page.waitForTimeout(50);
    if ((unanswered.get(page)?.size ?? 0) > 0) quiet = 0;
  }
  await page
    .getByRole('status', { name: /^(Loading|Lädt)$/ })
    .first()
    .waitFor({ state: 'detached' });
}

/** The screens of a visitor, the home first. */
export const screensOf: Record<Visitor, readonly string[]> = {
  rep: [
    '/my-pay',
    '/statements/2017-06/darcel-schlecht',
    '/what-if',
    '/pipeline',
    '/deals/crm/1MCE2AOV',
    '/forecast',
    '/leaderboard',
  ],
  manager: ['/team', '/statements', '/sales', '/forecast'],
  finance: ['/close', '/statements', '/data', '/plans', '/set-up'],
  auditor: ['/audit', '/team', '/plans/Account%20executive/2017.1', '/sales'],
  'plan-author': ['/plans', '/plans/Account%20executive/2017.1'],
  admin: ['/admin', '/set-up'],
};
