import { type KeyRow, permissions, roles } from '@attain/service';
import { Command, InvalidArgumentError } from 'commander';
import { type Api, aimed, type Target, withApi } from './api.js';
import { table, type Terminal } from './terminal.js';

interface Options extends Target {
  json?: boolean;
  roles?: string[];
  permissions?: string[];
  days?: number;
  reason?: string;
}
type Created = KeyRow & { secret: string };

/** API keys for programs, within the roles of whoever creates them. */
export function keyCommand(terminal: Terminal): Command {
  return new Command('key')
    .summary('list, create, rotate and revoke API keys')
    .description(
      'API keys are bearer tokens for programs. A key has no more roles than its creator, expires after 90 days unless given otherwise, and is ' +
        'shown once. The role `reports` reads sales, attainment and forecasts of everybody, and no pay; admins, finance and auditors give it to a key.',
    )
    .addCommand(list(terminal), { isDefault: true })
    .addCommand(create(terminal))
    .addCommand(rotate(terminal))
    .addCommand(revoke(terminal));
}

function list(terminal: Terminal): Command {
  return asking('list', 'own keys, and everybody’s for admins and auditors').action(({ json, ...target }: Options) =>
    withKeys(target, async (api) => {
      const { rows } = await api.get<{ rows: KeyRow[] }>('/keys');
      const titles = ['key', 'name', 'of', 'roles', 'permissions', 'expires', 'last used', 'state'].map((title) => ({
        title,
      }));
      const shown = () =>
        table(
          titles,
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
        );
      terminal.out(json ? `${JSON.stringify(rows, null, 2)}\n` : shown());
    }),
  );
}

function create(terminal: Terminal): Command {
  return expiring(asking('create', 'create a key; its secret is shown once'))
    .argument('<name>', 'the program that uses the key')
    .option('--roles <roles>', `own roles, or reports, separated by commas: ${roles.join(', ')}`, (text: string) =>
      oneOf(text, roles, 'role'),
    )
    .option('--permissions <permissions>', 'only these permissions of the roles, separated by commas', (text: string) =>
      oneOf(text, Object.keys(permissions), 'permission'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  attain key create dashboard --roles reports --days 365 --server http://127.0.0.1:3000 --token …',
    )
    .action((name: string, { json, roles: held, permissions: narrowed, days, reason, ...target }: Options) =>
      withKeys(target, async (api) =>
        shown(
          terminal,
          await api.send<Created>('/keys', { name, roles: held, permissions: narrowed, days, reason }),
          json,
        ),
      ),
    );
}

function rotate(terminal: Terminal): Command {
  return expiring(asking('rotate', 'give a key a new secret; the old secret counts for seven more days'))
    .argument('<key>', 'its id, as `attain key list` shows it')
    .action((key: string, { json, days, reason, ...target }: Options) =>
      withKeys(target, async (api) =>
        shown(terminal, await api.send<Created>(`${path(key)}/rotate`, { days, reason }), json),
      ),
    );
}

function revoke(terminal: Terminal): Command {
  return asking('revoke', 'revoke a key at once')
    .argument('<key>', 'its id, as `attain key list` shows it')
    .action((key: string, { json, ...target }: Options) =>
      withKeys(target, async (api) => {
        await api.delete(path(key));
        terminal.out(json ? `${JSON.stringify({ key, state: 'revoked' })}\n` : `${key} is revoked\n`);
      }),
    );
}

function asking(name: string, summary: string): Command {
  return aimed(new Command(name))
    .summary(summary)
    .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`)
    .option('--json', 'the answer as JSON');
}

function expiring(command: Command): Command {
  return command
    .option('--days <days>', 'days until the key expires, at most 365 (90)', days)
    .option('--reason <text>', 'why; it stays with the event');
}

function shown(terminal: Terminal, { secret, ...row }: Created, json: boolean | undefined): void {
  if (json) return void terminal.out(`${JSON.stringify({ ...row, secret }, null, 2)}\n`);
  terminal.out(
    `${row.name} (${row.key}) may ${row.permissions.join(', ')} until ${row.expires}\nsecret ${secret}\nIt is shown only now. Send it as Authorization: Bearer, or set ATTAIN_TOKEN.\n`,
  );
}

async function withKeys(target: Target, ask: (api: Api) => Promise<unknown>): Promise<void> {
  await withApi(target, 'finance', ask, { keeping: true });
}

function days(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 365)
    throw new InvalidArgumentError(`expected 1 to 365 days, and found "${text}".`);
  return count;
}

function oneOf(text: string, known: readonly string[], noun: string): string[] {
  const given = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const unknown = given.find((one) => !known.includes(one));
  if (unknown !== undefined || given.length === 0)
    throw new InvalidArgumentError(`there is no ${noun} "${unknown ?? ''}"; the ${noun}s are ${known.join(', ')}.`);
  return given;
}

const path = (key: string) => `/keys/${encodeURIComponent(key)}`;
