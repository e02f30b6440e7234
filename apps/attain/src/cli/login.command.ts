import { changePassword, getSession, type Session, signIn, signOut } from '@attain/client';
import { Command } from 'commander';
import { described } from './answering.js';
import { asNobody, serverOf, type Target, withApi } from './api.js';
import { credentialsFile, forget, keep } from './credentials.js';
import { Answered } from './refused.js';
import { exitCodes, Stop, type Terminal } from './terminal.js';

interface Options {
  server?: string;
  key?: boolean;
  print?: boolean;
  json?: boolean;
}
type SignedIn = Session & { token: string };

export function loginCommand(terminal: Terminal): Command {
  return described(
    'login',
    'sign in to a server',
    'Asks for the password of a local user, and keeps the sign-in in a file that only you can read. Other commands that name the same server use ' +
      'it. The first password, which an admin gave, is replaced at once. With --key it asks for an API key, or for a token of the identity ' +
      'provider, instead of a password.',
    [
      'attain login admin',
      'attain login --key --server https://attain.example',
      'export ATTAIN_TOKEN=$(attain login admin --print)',
    ],
  )
    .argument('[name]', 'the name of the user, such as admin')
    .option('--server <url>', 'a running server (ATTAIN_SERVER, http://127.0.0.1:3000)')
    .option('--key', 'ask for an API key or a token instead of a password')
    .option('--print', 'print the token, and keep nothing')
    .option('--json', 'print the session and its token as JSON, and keep nothing')
    .action(async (name: string | undefined, options: Options) => {
      const target = { server: serverOf(options) };
      const session = options.key ? await byKey(terminal, target) : await byPassword(terminal, target, name);
      if (options.json) return terminal.out(`${JSON.stringify(session, null, 2)}\n`);
      if (options.print) return terminal.out(`${session.token}\n`);
      await keep(target.server, { name: name ?? session.name, token: session.token });
      terminal.out(
        `${session.name} is signed in at ${target.server} (${session.roles.join(', ')}). ${credentialsFile()} keeps it until \`attain logout\`.\n`,
      );
    });
}

export function logoutCommand(terminal: Terminal): Command {
  return described('logout', 'sign out from a server', 'Ends the session that `attain login` began, and forgets it.', [
    'attain logout',
  ])
    .option('--server <url>', 'a running server (ATTAIN_SERVER, http://127.0.0.1:3000)')
    .option('--json', 'print the answer as JSON')
    .action(async ({ server, json }: Options) => {
      const url = serverOf({ server });
      const kept = await forget(url);
      if (kept === undefined)
        throw new Stop(exitCodes.no, `nobody is signed in at ${url} on this machine`, { code: 'NOT_SIGNED_IN' });
      // A key outlives its use here, and a session may have ended meanwhile.
      await withApi({ server: url, token: kept.token }, 'auditor', (api) => api.ask(signOut)).catch(
        (error: unknown) => {
          if (!(error instanceof Answered) || error.status >= 500) throw error;
        },
      );
      terminal.out(
        json
          ? `${JSON.stringify({ server: url, name: kept.name, state: 'signed out' })}\n`
          : `${kept.name} is signed out from ${url}\n`,
      );
    });
}

async function byKey(terminal: Terminal, target: Target): Promise<SignedIn> {
  const token = (await asked(terminal, 'API key or token: ')).trim();
  if (token === '') throw new Stop(exitCodes.usage, 'no key was given', { code: 'NO_KEY' });
  const session = await withApi({ ...target, token }, 'auditor', (api) => api.ask(getSession));
  return { ...session, token };
}

async function byPassword(terminal: Terminal, target: Target, name: string | undefined): Promise<SignedIn> {
  if (name === undefined)
    throw new Stop(
      exitCodes.usage,
      'name the user, such as `attain login admin`, or give a key with `attain login --key`',
    );
  const password = await asked(terminal, `Password of ${name}: `);
  if (password === '') throw new Stop(exitCodes.usage, 'no password was given', { code: 'NO_PASSWORD' });
  const first = await begun(target, name, password);
  if (!first.passwordDue) return first;
  const next = await asked(terminal, `New password of ${name}, at least 12 characters: `);
  await withApi({ ...target, token: first.token }, 'auditor', (api) =>
    api.ask(changePassword, { body: { now: password, next } }),
  );
  return begun(target, name, next);
}

/** Signs a local user in, who needs no token to do so. */
async function begun(target: Target, name: string, password: string): Promise<SignedIn> {
  const session = await asNobody(target).ask(signIn, { body: { name, password, give: 'token' } });
  return session as SignedIn;
}

function asked({ ask }: Terminal, question: string): Promise<string> {
  if (!ask)
    throw new Stop(
      exitCodes.usage,
      'the secret cannot be asked for: run `attain login` in a terminal, or pipe the secret into it',
    );
  return ask(question);
}
