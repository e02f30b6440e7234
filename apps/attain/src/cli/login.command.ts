import type { SessionView } from '@attain/service';
import { Command } from 'commander';
import { signIn, withApi } from './api.js';
import { exitCodes, Stop, type Terminal } from './terminal.js';

export function loginCommand(terminal: Terminal): Command {
  return new Command('login')
    .summary('sign in to a server')
    .description(
      'Asks for the password of a local user and prints a token, which the other commands take from ATTAIN_TOKEN. The first password, ' +
        'which an admin gave, is replaced at once. With an identity provider, take the token that it issues instead.',
    )
    .argument('<name>', 'the name of the user, such as admin')
    .option('--server <url>', 'a running server (ATTAIN_SERVER, http://127.0.0.1:3000)')
    .option('--json', 'the session as JSON')
    .addHelpText('after', '\nExample:\n  export ATTAIN_TOKEN=$(attain login admin)')
    .action(async (name: string, { server, json }: { server?: string; json?: boolean }) => {
      const { ask } = terminal;
      if (!ask)
        throw new Stop(
          exitCodes.usage,
          'the password cannot be asked for: run `attain login` in a terminal, or pipe the password into it',
        );
      const password = await ask(`Password of ${name}: `);
      let session = await signIn<Token>({ server }, name, password);
      if (session.passwordDue) {
        const next = await ask(`New password of ${name}, at least 12 characters: `);
        await withApi({ server, token: session.token }, 'auditor', (api) =>
          api.send('/session/password', { now: password, next }),
        );
        session = await signIn<Token>({ server }, name, next);
      }
      terminal.out(json ? `${JSON.stringify(session, null, 2)}\n` : `${session.token}\n`);
    });
}

type Token = SessionView & { token: string };
