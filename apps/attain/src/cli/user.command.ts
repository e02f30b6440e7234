import { randomBytes } from 'node:crypto';
import {
  approveUserChange,
  listPendingChanges,
  listUserChanges,
  listUsers,
  type PendingChange,
  putUser,
  rejectUserChange,
  removeUser,
  type SettledChange,
  type User,
} from '@attain/client';
import { roles } from '@attain/service';
import { didYouMean } from '@attain/contracts';
import { Command } from 'commander';
import { answering, described } from './answering.js';
import type { Api } from './api.js';
import { listOf } from './list-option.js';
import { columns, exitCodes, Stop, table, type Terminal } from './terminal.js';

interface Placed {
  reason?: string;
  participant?: string;
  source?: string;
}
interface Done {
  state: 'done';
}
type Answer = User | PendingChange | Done;
type Added = (User | PendingChange | Done) & { password: string };
type Named = [name: string];

/** Local users, by the rules of HTTP: a change that shows pay to somebody needs a second admin. */
export function userCommand(terminal: Terminal): Command {
  return described(
    'user',
    'list, add, change and deactivate users',
    'Manages the local users of an installation without an identity provider. On a server you are an admin: run `attain login` first. ' +
      'Nobody changes their own roles. A change that lets somebody see or do more waits for another admin, unless there is one admin only. ' +
      'On a data directory the command line proposes a change, and an admin approves it.',
  )
    .addCommand(list(terminal), { isDefault: true })
    .addCommand(add(terminal))
    .addCommand(change(terminal))
    .addCommand(deactivate(terminal))
    .addCommand(pending(terminal))
    .addCommand(approve(terminal))
    .addCommand(reject(terminal))
    .addCommand(changes(terminal));
}

function list(terminal: Terminal): Command {
  return answering(terminal, described('list', 'list users with their roles'), {
    ...asAdmin,
    ask: async (api) => (await api.ask(listUsers)).rows,
    text: (rows) =>
      table(
        columns(['name', 'roles', 'participant', 'source']),
        rows.map((user) => [user.name, user.roles.join(', '), user.participant ?? '', user.source ?? '']),
      ),
  });
}

function add(terminal: Terminal): Command {
  const command = placed(
    described('add', 'add a user with a random password, which is shown once', undefined, [
      'attain user add anna rep --participant anna-snelling',
    ]),
  );
  return answering<[string, string[]], Placed, Added>(terminal, command, {
    ...asAdmin,
    async ask(api, [name, held], { reason, participant, source }) {
      const { rows } = await api.ask(listUsers);
      if (rows.some((user) => user.name === name))
        throw new Stop(
          exitCodes.no,
          `USER_EXISTS: the user "${name}" exists; change its roles with \`attain user roles ${name}\``,
          { code: 'USER_EXISTS' },
        );
      const password = randomBytes(18).toString('base64url');
      const body = { roles: held, participant, source, password, reason };
      return Object.assign(answerOf(await api.ask(putUser, { path: { name }, body })), { password });
    },
    text: (answer, [name]) =>
      `${asText(answer, `${name} is added`)}password ${answer.password}\nIt is shown only now; ${name} replaces it at the first sign-in.\n`,
  });
}

function change(terminal: Terminal): Command {
  const command = placed(
    described('roles', 'give a user these roles in place of the present ones', undefined, [
      'attain user roles anna rep,manager --reason "leads the team from May"',
    ]),
  );
  return answering<[string, string[]], Placed, Answer>(terminal, command, {
    ...asAdmin,
    async ask(api, [name, held], { reason, participant, source }) {
      const known = await userOf(api, name);
      const body = {
        roles: held,
        participant: participant ?? known.participant ?? undefined,
        source: source ?? known.source ?? undefined,
        reason,
      };
      return answerOf(await api.ask(putUser, { path: { name }, body }));
    },
    text: (answer, [name, held]) => asText(answer, `${name} has the roles ${held.join(', ')}; its sessions ended`),
  });
}

function deactivate(terminal: Terminal): Command {
  const summary = 'take the roles and the password of a user; its sessions end, and its events stay';
  const command = described('deactivate', summary)
    .argument('<name>', 'the name of the user')
    .option('--reason <text>', 'the reason; it stays with the event');
  return answering<Named, Placed, Answer>(terminal, command, {
    ...asAdmin,
    async ask(api, [name], { reason }) {
      await userOf(api, name);
      return answerOf(await api.ask(removeUser, { path: { name }, query: { reason } }));
    },
    text: (answer, [name]) => asText(answer, `${name} is deactivated; its sessions ended`),
  });
}

function pending(terminal: Terminal): Command {
  return answering(terminal, described('pending', 'list changes that wait for another admin'), {
    ...asAdmin,
    ask: async (api) => (await api.ask(listPendingChanges)).rows,
    text: (rows) =>
      table(
        columns(['change', 'user', 'before', 'after', 'proposed by']),
        rows.map((row) => [row.change, row.user, rolesOf(row.before), rolesOf(row.after), row.proposed]),
      ),
  });
}

function approve(terminal: Terminal): Command {
  const command = deciding('approve', 'approve a change that another admin proposed');
  return answering<[string], Placed, SettledChange>(terminal, command, {
    ...asAdmin,
    ask: (api, [id], { reason }) => api.ask(approveUserChange, { path: { change: id }, body: { reason } }),
    text: ({ code }, [id]) =>
      `${id} is approved\n${code === undefined ? '' : `code ${code}\nIt follows the password at the first sign-in, and is shown only now.\n`}`,
  });
}

function reject(terminal: Terminal): Command {
  const command = deciding('reject', 'reject a change, or take back a change of your own');
  return answering<[string], Placed>(terminal, command, {
    ...asAdmin,
    async ask(api, [id], { reason }) {
      await api.ask(rejectUserChange, { path: { change: id }, body: { reason } });
      return { change: id, state: 'rejected' };
    },
    text: (_, [id]) => `${id} is rejected\n`,
  });
}

function changes(terminal: Terminal): Command {
  const summary = 'list every change of a user: who changed it, when and why, before and after';
  const command = described('changes', summary).argument('<name>', 'the name of the user');
  return answering<Named, object, Awaited<ReturnType<typeof changesOf>>>(terminal, command, {
    ...asAdmin,
    ask: (api, [name]) => changesOf(api, name),
    text: (rows) =>
      table(
        columns(['at', 'by', 'change', 'before', 'after', 'reason']),
        rows.map(({ at, by, type, before, after, reason }) => [
          at,
          by,
          type,
          rolesOf(before),
          rolesOf(after),
          reason ?? '',
        ]),
      ),
  });
}

async function changesOf(api: Api, name: string) {
  return (await api.ask(listUserChanges, { path: { name } })).rows;
}

function placed(command: Command): Command {
  return command
    .argument('<name>', '1 to 200 letters, digits and . _ @ + -')
    .argument('<roles>', `separated by commas: ${roles.join(', ')}`, listOf(roles, 'role'))
    .option('--participant <id>', 'the participant whose pay is the pay of the user')
    .option('--source <name>', 'the one source of an integration')
    .option('--reason <text>', 'the reason; it stays with the event');
}

function deciding(name: string, summary: string): Command {
  return described(name, summary)
    .argument('<change>', 'its id, as `attain user pending` lists it')
    .option('--reason <text>', 'the reason; it stays with the event');
}

/** Looks after the platform; a demo has no admin to sign in as, so that its server refuses. */
const asAdmin = { as: 'auditor', keeping: true } as const;

async function userOf(api: Api, name: string): Promise<User> {
  const { rows } = await api.ask(listUsers);
  const known = rows.find((user) => user.name === name);
  const near = didYouMean(
    name,
    rows.map((user) => user.name),
  );
  if (!known)
    throw new Stop(exitCodes.no, `USER_UNKNOWN: the user "${name}" does not exist${near}`, { code: 'USER_UNKNOWN' });
  return known;
}

function answerOf(answer: User | PendingChange | void): Answer {
  return answer ?? { state: 'done' };
}

function asText(answer: Answer, done: string): string {
  return 'change' in answer
    ? `The change waits for another admin: attain user approve ${answer.change}\n`
    : `${done}\n`;
}

function rolesOf(account: { readonly roles: readonly string[] } | null | undefined): string {
  return account ? account.roles.join(', ') : 'none';
}
