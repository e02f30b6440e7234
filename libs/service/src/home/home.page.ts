import type { Caller } from '../identity/caller.js';
import type { Demo, DemoRole } from '../identity/demo.js';
import { type Link, type LinkedPeriods, linksOf } from './links.js';

interface Home {
  caller: Caller | undefined;
  csrf: string | undefined;
  demo: Demo | null;
  issuer: string | undefined;
  links: readonly Link[];
  periods: LinkedPeriods;
  notice: Notice | undefined;
}
/** The outcome of the form that led here. */
export type Notice = { kind: 'failed' | 'changed' } | { kind: 'wait'; seconds: number };

/** The landing page: HTML from the server, no script, every text escaped. */
export function homePage(home: Home): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Attain</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/home.css">
</head>
<body>
<main>
<header>
<h1>Attain</h1>
<p>Quotas, attainment and commission statements, every cent explained.</p>
</header>
${body(home)}
<footer><a href="/docs">API</a> <a href="/health/ready">Health</a></footer>
</main>
</body>
</html>
`;
}

function body(home: Home): string {
  const { caller, csrf } = home;
  if (!caller) return signIn(home);
  return caller.passwordDue && csrf !== undefined ? choosePassword(caller, csrf) : signedIn(caller, home);
}

function signIn({ demo, issuer, notice }: Home): string {
  if (demo) return demoSignIn(demo);
  if (issuer !== undefined) {
    return `<section>
<h2>Sign in</h2>
<p>This installation trusts the identity provider <code>${escaped(issuer)}</code>. Send its access token as <code>Authorization: Bearer …</code>.</p>
</section>`;
  }
  return `<section>
<h2>Sign in</h2>
${notice ? noticeAsHtml(notice) : ''}
<form method="post" action="/v1/session" class="fields">
<label>Name <input name="name" autocomplete="username" required maxlength="200"></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required maxlength="1000"></label>
<button>Sign in</button>
</form>
</section>`;
}

function noticeAsHtml(notice: Notice): string {
  if (notice.kind === 'changed') return '<p role="status">The password is changed. Sign in with it.</p>';
  const text =
    notice.kind === 'wait'
      ? `Too many attempts to sign in; try again in ${notice.seconds} seconds.`
      : 'Name and password do not fit.';
  return `<p class="failed" role="alert">${text}</p>`;
}

/** The admin who gave the first password knows it. */
function choosePassword(caller: Caller, csrf: string): string {
  return `<section>
<h2>${escaped(caller.name)}, choose a password of your own</h2>
<p>At least 12 characters, not a common password and not your name. Then sign in with it.</p>
<form method="post" action="/v1/session/password" class="fields">
<input type="hidden" name="csrf" value="${escaped(csrf)}">
<label>Password of now <input name="now" type="password" autocomplete="current-password" required maxlength="1000"></label>
<label>New password <input name="next" type="password" autocomplete="new-password" required minlength="12" maxlength="1000"></label>
<button>Change it</button>
</form>
</section>`;
}

function demoSignIn(demo: Demo): string {
  const choices: [DemoRole, string, string][] = [
    ['rep', demo.rep.name, 'a sales rep: own quota, attainment and statements'],
    ['manager', demo.manager.name, 'a sales manager: own numbers and those of the team'],
    ['finance', 'Finance', 'everybody’s statements, closing a period, exports'],
    ['auditor', 'Auditor', 'sees everything, changes nothing'],
  ];
  const forms = choices.map(
    ([as, name, about]) => `<form method="post" action="/v1/session/demo">
<input type="hidden" name="as" value="${as}">
<button class="choice"><strong>${escaped(name)}</strong><span>${escaped(about)}</span></button>
</form>`,
  );
  return `<section>
<h2>Look around ${escaped(demo.company)}</h2>
<p>The demo company is loaded. Sign in with one click as</p>
<div class="choices">
${forms.join('\n')}
</div>
</section>`;
}

function signedIn(caller: Caller, { csrf, links, periods }: Home): string {
  const items = linksOf(caller, links, periods).map(
    ({ title, about, href }) =>
      `<li><a href="${escaped(href)}"><strong>${escaped(title)}</strong><span>${escaped(about)}</span></a></li>`,
  );
  const signOut =
    csrf === undefined
      ? ''
      : `<form method="post" action="/v1/session/end"><input type="hidden" name="csrf" value="${escaped(csrf)}"><button>Sign out</button></form>`;
  return `<section>
<h2>${escaped(caller.name)}</h2>
<p>Signed in as ${escaped(caller.roles.join(', ') || 'somebody without a role')}${caller.participant === undefined ? '' : `, participant <code>${escaped(caller.participant)}</code>`}.</p>
<ul class="links">
${items.join('\n')}
</ul>
${signOut}
</section>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
