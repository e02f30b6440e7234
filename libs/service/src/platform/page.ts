import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { Config } from '../config.js';
import type { Demo } from '../identity/demo.js';

/**
 * The directory of the built dashboard; undefined if it is not built. `from` is the URL of a module that depends on it.
 */
export function builtPage(from: string): string | undefined {
  try {
    const directory = join(dirname(createRequire(from).resolve('@attain/dashboard/package.json')), 'dist', 'page');
    return statSync(join(directory, 'index.html'), { throwIfNoEntry: false })?.isFile() ? directory : undefined;
  } catch {
    return undefined;
  }
}

interface Served {
  /** The directory of the build; without one no page is served. */
  directory: string | undefined;
  config: Config;
  demo: Demo | null;
  /** The processes behind a gateway; empty if this process is the only one. */
  services: readonly string[];
}

/**
 * Serves the page at /app and redirects / to it. The page asks the API with the reader's session and stores no data
 * itself.
 */
export function servePage(app: NestExpressApplication, { directory, config, demo, services }: Served): void {
  if (directory === undefined) return;
  const signIn = escaped(JSON.stringify(signInWays(config, demo)));
  const html = readFileSync(join(directory, 'index.html'), 'utf8')
    .replaceAll('%SIGN_IN%', () => signIn)
    .replaceAll('%SERVICES%', services.join(' '));
  // Names of assets carry a hash of their bytes.
  app.useStaticAssets(join(directory, 'assets'), {
    prefix: '/app/assets',
    immutable: true,
    maxAge: '365d',
    index: false,
  });
  app.use('/app', (request: Request, response: Response, next: NextFunction) => {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || request.path.startsWith('/assets/')) return next();
    const nonce = randomBytes(16).toString('base64');
    response.set({ 'Content-Security-Policy': policy(nonce), 'Cache-Control': 'no-store' });
    response.type('html').send(html.replaceAll('%NONCE%', nonce));
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    // With a query, the page shows the outcome of a form of the landing page.
    if (request.method === 'GET' && request.originalUrl === '/') response.redirect(303, '/app/');
    else next();
  });
}

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

function signInWays({ OIDC_ISSUER }: Config, demo: Demo | null): object {
  if (demo) return { kind: 'demo', company: demo.company, rep: demo.rep.name, manager: demo.manager.name };
  return OIDC_ISSUER === undefined ? { kind: 'password' } : { kind: 'provider', issuer: OIDC_ISSUER };
}

/** For an attribute in double quotes. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
