import { createKey, listKeys, type NewKeyWithSecret, revokeKey, rotateKey } from '@attain/client';
import { permissions, roles } from '@attain/service';
import { Command, InvalidArgumentError } from 'commander';
import { answering, described } from './answering.js';
import { listOf } from './list-option.js';
import { columns, table, type Terminal } from './terminal.js';

interface Lasting {
  days?: number;
  reason?: string;
}

/** API keys for programs, within the roles of their creator. */
export function keyCommand(terminal: Terminal): Command {
  return described(
    'key',
    'list, create, rotate and revoke API keys',
    'API keys are bearer tokens for programs. A key has no more roles than its creator, and its secret is shown once. The role `reports` ' +
      'reads the sales, attainment and forecasts of everybody, and no pay; admins, finance and auditors give it to a key.',
  )
    .addCommand(list(terminal), { isDefault: true })
    .addCommand(create(terminal))
    .addCommand(rotate(terminal))
    .addCommand(revoke(terminal));
}

function list(terminal: Terminal): Command {
  return answering(
    terminal,
    described('list', 'list your own keys, or the keys of everybody for admins and auditors'),
    {
      keeping: true,
      ask: async (api) => (await api.ask(listKeys)).rows,
      text: (rows) =>
        table(
          columns(['key', 'name', 'of', 'roles', 'permissions', 'expires', 'last used', 'state'], ['permissions']),
          rows.map((row) => [
            row.key,
            row.name,
            row.of,
            row.roles.join(', '),
            String(row.permissions.length),
            row.expires,
            row.lastUsed ?? 'never',
            row.state,
          ]),
        ),
    },
  );
}

function create(terminal: Terminal): Command {
  const command = lasting(
    described('create', 'create a key; its secret is shown once', undefined, [
      'attain key create dashboard --roles reports --days 365',
    ]),
  )
    .argument('<name>', 'the program that uses the key')
    .option(
      '--roles <roles>',
      `roles of your own, or reports, separated by commas: ${roles.join(', ')}`,
      listOf(roles, 'role'),
    )
    .option(
      '--permissions <permissions>',
      'only these permissions of the roles, separated by commas',
      listOf(Object.keys(permissions), 'permission'),
    );
  return answering<[string], Lasting & { roles?: string[]; permissions?: string[] }, NewKeyWithSecret>(
    terminal,
    command,
    {
      keeping: true,
      ask: (api, [name], { roles: held, permissions: narrowed, days, reason }) =>
        api.ask(createKey, { body: { name, roles: held, permissions: narrowed, days, reason } }),
      text: shown,
    },
  );
}

function rotate(terminal: Terminal): Command {
  const summary = 'give a key a new secret; the old secret counts for seven more days';
  const command = lasting(described('rotate', summary)).argument('<key>', 'its id, as `attain key list` shows it');
  return answering<[string], Lasting, NewKeyWithSecret>(terminal, command, {
    keeping: true,
    ask: (api, [key], { days, reason }) => api.ask(rotateKey, { path: { key }, body: { days, reason } }),
    text: shown,
  });
}

function revoke(terminal: Terminal): Command {
  const command = described('revoke', 'revoke a key at once').argument(
    '<key>',
    'its id, as `attain key list` shows it',
  );
  return answering<[string]>(terminal, command, {
    keeping: true,
    async ask(api, [key]) {
      await api.ask(revokeKey, { path: { key } });
      return { key, state: 'revoked' };
    },
    text: (_, [key]) => `${key} is revoked\n`,
  });
}

function lasting(command: Command): Command {
  return command
    .option('--days <days>', 'days until the key expires, at most 365 (90)', days)
    .option('--reason <text>', 'the reason; it stays with the event');
}

function shown({ name, key, permissions: held, expires, secret }: NewKeyWithSecret): string {
  return (
    `${name} (${key}) may ${held.join(', ')} until ${expires}\nsecret ${secret}\n` +
    'It is shown only now. Send it as Authorization: Bearer, or set ATTAIN_TOKEN.\n'
  );
}

function days(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 365)
    throw new InvalidArgumentError(`expected 1 to 365 days, and found "${text}".`);
  return count;
}
