import { randomBytes } from 'node:crypto';
import { type Changed, type PendingChange, type User, type UserChange, roles } from '@attain/service';
import { Command, InvalidArgumentError } from 'commander';
import { type Api, aimed, type Target, withApi } from './api.js';
import { exitCodes, Stop, table, type Terminal } from './terminal.js';

interface Options extends Target {
  json?: boolean;
  reason?: string;
  participant?: string;
  source?: string;
}
type Answer = User | PendingChange | undefined;

/** Local users, by the rules of HTTP: whatever lets somebody see pay needs a second admin. */
export function userCommand(terminal: Terminal): Command {
  return new Command('user')
    .summary('list, add, change and deactivate users')
    .description(
      'Local users of an installation without an identity provider. On a server the caller is an admin: give the token of POST /v1/session. ' +
        'As over HTTP, nobody changes own roles, and a change that lets somebody see or do more waits for another admin, unless there is one admin only. ' +
        'On a data directory the command line is no admin of its own: it proposes, and an admin approves.',
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
  return asking('list', 'users with their roles').action(({ json, ...target }: Options) =>
    asAdmin(target, async (api) => {
      const { rows } = await api.get<{ rows: User[] }>('/users');
      const shown = () =>
        table(
          ['name', 'roles', 'participant', 'source'].map((title) => ({ title })),
          rows.map((user) => [user.name, user.roles.join(', '), user.participant ?? '', user.source ?? '']),
        );
      terminal.out(json ? `${JSON.stringify(rows, null, 2)}\n` : shown());
    }),
  );
}

function add(terminal: Terminal): Command {
  return placed(asking('add', 'add a user with a password of chance, which is shown once'))
    .argument('<name>', '1 to 200 letters, digits and . _ @ + -')
    .argument('<roles>', `separated by commas: ${roles.join(', ')}`, rolesIn)
    .option('--reason <text>', 'why; it stays with the event')
    .addHelpText(
      'after',
      '\nExample:\n  attain user add anna rep --participant anna-snelling --server http://127.0.0.1:3000 --token …',
    )
    .action((name: string, held: string[], { json, reason, participant, source, ...target }: Options) =>
      asAdmin(target, async (api) => {
        const { rows } = await api.get<{ rows: User[] }>('/users');
        if (rows.some((user) => user.name === name))
          throw new Stop(exitCodes.no, `USER_EXISTS: the user "${name}" exists; change it with \`attain user roles\``);
        const password = randomBytes(18).toString('base64url');
        const answer = await api.put<Answer>(path(name), { roles: held, participant, source, password, reason });
        if (json) return void terminal.out(`${JSON.stringify({ ...answer, password }, null, 2)}\n`);
        terminal.out(
          `${told(answer, `${name} is added`)}password ${password}\nIt is shown only now; ${name} replaces it at the first sign-in.\n`,
        );
      }),
    );
}

function change(terminal: Terminal): Command {
  return placed(asking('roles', 'give a user these roles in place of those it has'))
    .argument('<name>')
    .argument('<roles>', `separated by commas: ${roles.join(', ')}`, rolesIn)
    .option('--reason <text>', 'why; it stays with the event')
    .addHelpText('after', '\nExample:\n  attain user roles anna rep,manager --reason "leads the team from May"')
    .action((name: string, held: string[], { json, reason, participant, source, ...target }: Options) =>
      asAdmin(target, async (api) => {
        const known = await userOf(api, name);
        const body = {
          roles: held,
          participant: participant ?? known.participant ?? undefined,
          source: source ?? known.source ?? undefined,
          reason,
        };
        terminal.out(
          shownAs(
            await api.put<Answer>(path(name), body),
            json,
            `${name} has the roles ${held.join(', ')}; its sessions ended`,
          ),
        );
      }),
    );
}

function deactivate(terminal: Terminal): Command {
  return asking('deactivate', 'take the roles and the password of a user; its sessions end, its events stay')
    .argument('<name>')
    .option('--reason <text>', 'why; it stays with the event')
    .action((name: string, { json, reason, ...target }: Options) =>
      asAdmin(target, async (api) => {
        await userOf(api, name);
        terminal.out(
          shownAs(await api.delete<Answer>(path(name), { reason }), json, `${name} is deactivated; its sessions ended`),
        );
      }),
    );
}

function pending(terminal: Terminal): Command {
  return asking('pending', 'changes that wait for another admin').action(({ json, ...target }: Options) =>
    asAdmin(target, async (api) => {
      const { rows } = await api.get<{ rows: PendingChange[] }>('/users/changes');
      const shown = () =>
        table(
          ['change', 'user', 'before', 'after', 'proposed by'].map((title) => ({ title })),
          rows.map(({ change: id, user, before, after, proposed }) => [
            id,
            user,
            rolesOf(before),
            rolesOf(after),
            proposed,
          ]),
        );
      terminal.out(json ? `${JSON.stringify(rows, null, 2)}\n` : shown());
    }),
  );
}

function approve(terminal: Terminal): Command {
  return deciding('approve', 'approve a change of another admin').action(
    (id: string, { json, reason, ...target }: Options) =>
      asAdmin(target, async (api) => {
        const answer = await api.send<Changed>(`/users/changes/${encodeURIComponent(id)}/approve`, { reason });
        const code =
          answer.code === undefined
            ? ''
            : `code ${answer.code}\nIt follows the password at the first sign-in, and is shown only now.\n`;
        terminal.out(json ? `${JSON.stringify(answer, null, 2)}\n` : `${id} is approved\n${code}`);
      }),
  );
}

function reject(terminal: Terminal): Command {
  return deciding('reject', 'reject a change, or take an own one back').action(
    (id: string, { json, reason, ...target }: Options) =>
      asAdmin(target, async (api) => {
        await api.send(`/users/changes/${encodeURIComponent(id)}/reject`, { reason });
        terminal.out(json ? `${JSON.stringify({ change: id, state: 'rejected' })}\n` : `${id} is rejected\n`);
      }),
  );
}

function changes(terminal: Terminal): Command {
  return asking('changes', 'every change of a user: who, when, why, before and after')
    .argument('<name>')
    .action((name: string, { json, ...target }: Options) =>
      asAdmin(target, async (api) => {
        const { rows } = await api.get<{ rows: UserChange[] }>(`${path(name)}/changes`);
        const shown = () =>
          table(
            ['at', 'by', 'change', 'before', 'after', 'reason'].map((title) => ({ title })),
            rows.map(({ at, by, type, before, after, reason }) => [
              at,
              by,
              type,
              rolesOf(before),
              rolesOf(after),
              reason ?? '',
            ]),
          );
        terminal.out(json ? `${JSON.stringify(rows, null, 2)}\n` : shown());
      }),
    );
}

function asking(name: string, summary: string): Command {
  return aimed(new Command(name))
    .summary(summary)
    .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`)
    .option('--json', 'the answer as JSON');
}

function placed(command: Command): Command {
  return command
    .option('--participant <id>', 'whom the user is paid as')
    .option('--source <name>', 'the one source of an integration');
}

function deciding(name: string, summary: string): Command {
  return asking(name, summary)
    .argument('<change>', 'its id, as `attain user pending` lists it')
    .option('--reason <text>', 'why; it stays with the event');
}

/** As whoever looks after the platform; a demo has no admin to sign in as, so that its server refuses. */
async function asAdmin(target: Target, ask: (api: Api) => Promise<unknown>): Promise<void> {
  await withApi(target, 'auditor', ask, { keeping: true });
}

async function userOf(api: Api, name: string): Promise<User> {
  const known = (await api.get<{ rows: User[] }>('/users')).rows.find((user) => user.name === name);
  if (!known) throw new Stop(exitCodes.no, `USER_UNKNOWN: the user "${name}" does not exist`);
  return known;
}

function rolesIn(text: string): string[] {
  const held = text
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '');
  const unknown = held.find((role) => !roles.some((known) => known === role));
  if (unknown !== undefined || held.length === 0)
    throw new InvalidArgumentError(`there is no role "${unknown ?? ''}"; the roles are ${roles.join(', ')}.`);
  return held;
}

function shownAs(answer: Answer, json: boolean | undefined, done: string): string {
  return json ? `${JSON.stringify(answer ?? { state: 'done' }, null, 2)}\n` : told(answer, done);
}

function told(answer: Answer, done: string): string {
  const waits = answer !== undefined && 'change' in answer;
  return waits ? `The change waits for another admin: attain user approve ${answer.change}\n` : `${done}\n`;
}

const path = (name: string) => `/users/${encodeURIComponent(name)}`;
const rolesOf = (account: { readonly roles: readonly string[] } | null | undefined) =>
  account ? account.roles.join(', ') : 'none';
