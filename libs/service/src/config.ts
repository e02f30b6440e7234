import { isIP } from 'node:net';
import { join } from 'node:path';
import { isLoopback } from '@attain/adapters';
import { z } from 'zod';
import { type Role, roles } from './identity/roles.js';

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'expected a port number')
  .transform(Number)
  .pipe(z.int().max(65535));
const seconds = z
  .string()
  .regex(/^\d{1,4}$/, 'expected whole seconds')
  .transform(Number);
const minutes = z
  .string()
  .regex(/^[1-9]\d{0,6}$/, 'expected whole minutes, 1 or more')
  .transform(Number);
const days = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'expected whole days, 1 or more')
  .transform(Number);
const url = z
  .string()
  .regex(/^[a-z][a-z0-9+.-]*:.*$/, 'expected a URL such as sqlite:.attain/data or kafka://host:9092');
const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' });
const level = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);
const secret = z.string().min(16, 'expected at least 16 characters');

/** `theirs=ours,…`: the roles of the identity provider and ours. */
const roleMap = z.string().transform((text, context) => {
  const map: Record<string, Role> = {};
  for (const pair of text.split(',')) {
    const [theirs = '', ours = ''] = pair.split('=').map((side) => side.trim());
    const role = roles.find((known) => known === ours);
    if (theirs && role) map[theirs] = role;
    else
      context.issues.push({
        code: 'custom',
        input: pair,
        message: `expected <their role>=<one of ${roles.join(', ')}>, found ${JSON.stringify(pair)}`,
      });
  }
  return map;
});

const algorithms = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(
    z
      .array(
        z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']),
      )
      .min(1),
  );

/** `a,b,…`, each item checked. */
function list(fits: (item: string) => boolean, expected: string) {
  return z.string().transform((text, context) => {
    const items = text.split(',').map((item) => item.trim());
    for (const item of items) {
      if (!fits(item))
        context.issues.push({
          code: 'custom',
          input: item,
          message: `expected ${expected}, found ${JSON.stringify(item)}`,
        });
    }
    return items;
  });
}

function isProxy(text: string): boolean {
  if (/^(loopback|linklocal|uniquelocal)$/.test(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    rest.length === 0 &&
    most > 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most))
  );
}
const proxies = list(isProxy, 'addresses or subnets such as 10.0.0.0/8, loopback, linklocal or uniquelocal');
const hostNames = list(
  (text) => /^([a-z\d_-]+(\.[a-z\d_-]+)*|\[[\da-f:.]+\])$/i.test(text),
  'host names without a port, such as attain.example',
);

/** Every setting: an environment variable in capitals, or an option of `serve` under the same name. */
const settings = z.strictObject({
  DATA: z.string().min(1).default('.attain/data'),
  EVENTS_URL: url.optional(),
  BUS_URL: url.optional(),
  MODELS_URL: url.optional(),
  ENGINES_IN_CLEAR: z.enum(['yes', 'no']).default('no'),
  CLOCK_AHEAD_MINUTES: minutes.default(60),
  CLOCK_IDLE_DAYS: days.default(366),
  ANCHORS: z.string().min(1).optional(),
  /** A directory, or `none`. */
  SNAPSHOTS: z.string().min(1).optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(3000),
  PUBLIC_URL: httpUrl.optional(),
  /**
   * For a container whose port is published only on loopback: HOST, which is inside the container, then counts as
   * loopback.
   */
  PUBLISHED_ON_LOOPBACK: z.enum(['yes', 'no']).default('no'),
  /** The proxies whose X-Forwarded-For is believed, because anybody can send that header. */
  TRUSTED_PROXIES: proxies.default([]),
  /** Further host names of the server, beside that of PUBLIC_URL. */
  HOSTS: hostNames.default([]),
  LOG_LEVEL: level.default('info'),
  BODY_LIMIT: z
    .string()
    .regex(/^\d{1,9}$/, 'expected bytes')
    .transform(Number)
    .default(2 * 1024 * 1024),
  WAIT_SECONDS: seconds.default(5),
  STOP_SECONDS: seconds.default(20),
  ADMIN_SECRET: secret.optional(),
  OIDC_ISSUER: httpUrl.optional(),
  OIDC_AUDIENCE: z.string().min(1).optional(),
  OIDC_ALGORITHMS: algorithms.default(['RS256', 'PS256', 'ES256', 'EdDSA']),
  OIDC_CLOCK_TOLERANCE: seconds.default(5),
  OIDC_ROLES_CLAIM: z.string().min(1).default('roles'),
  OIDC_PARTICIPANT_CLAIM: z.string().min(1).default('participant'),
  OIDC_SOURCE_CLAIM: z.string().min(1).default('source'),
  OIDC_ROLE_MAP: roleMap.optional(),
});
type Settings = z.output<typeof settings>;
export type Setting = keyof Settings;

export interface Config extends Omit<Settings, 'EVENTS_URL' | 'BUS_URL' | 'MODELS_URL'> {
  readonly EVENTS_URL: string;
  readonly BUS_URL: string;
  readonly MODELS_URL: string;
}

export interface Circumstances {
  /** `together`: all services in this process; `apart`: one of several processes, which need shared engines. */
  topology: 'together' | 'apart';
  /** Whether the demo company is loaded, which has a sign-in without passwords. */
  demo: boolean;
  /**
   * Whether nobody signs in from outside: a relay answers only about its health, and a guest asks only itself. Default
   * no.
   */
  mute?: boolean;
}

/** All errors in the settings at once. */
export class BadConfig extends Error {
  override readonly name = 'BadConfig';
  constructor(readonly errors: readonly { setting: string; message: string }[]) {
    super(errors.map(({ setting, message }) => `${setting}: ${message}`).join('\n'));
  }
}

const embedded = /^(sqlite|memory):/;

/** Options win over the environment; throws BadConfig with every error. */
export function readConfig(
  given: Readonly<Partial<Record<Setting, string>>>,
  environment: Readonly<Record<string, string | undefined>>,
  circumstances: Circumstances,
): Config {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(settings.shape) as Setting[]) {
    const text = given[name] ?? environment[name];
    if (text !== undefined && text !== '') texts[name] = text;
  }
  const parsed = settings.safeParse(texts);
  const errors =
    parsed.error?.issues.map((issue) => ({ setting: issue.path.join('.') || 'settings', message: issue.message })) ??
    [];
  // Combinations are checked even if one setting is invalid.
  const readable =
    parsed.data ?? settings.parse(without(texts, new Set(errors.map(({ setting }) => setting.split('.')[0] ?? ''))));
  const config = withUrls(readable);
  errors.push(...contradictions(config, circumstances));
  if (errors.length > 0) throw new BadConfig(errors);
  return config;
}

function without(texts: Readonly<Record<string, string>>, wrong: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !wrong.has(name)));
}

function withUrls(read: Settings): Config {
  const { DATA } = read;
  const events = read.EVENTS_URL ?? `sqlite:${DATA}`;
  return {
    ...read,
    EVENTS_URL: events,
    BUS_URL: read.BUS_URL ?? events,
    MODELS_URL: read.MODELS_URL ?? `sqlite:${DATA}`,
  };
}

function contradictions(
  config: Config,
  { topology, demo, mute = false }: Circumstances,
): { setting: string; message: string }[] {
  const errors: { setting: string; message: string }[] = [];
  const wrong = (setting: Setting, message: string) => errors.push({ setting, message });
  if (topology === 'apart') {
    for (const name of ['EVENTS_URL', 'BUS_URL', 'MODELS_URL'] as const) {
      if (embedded.test(config[name])) {
        wrong(
          name,
          `${config[name].split(':')[0]}: is embedded in one process; as one of several processes a service needs engines that all of them reach`,
        );
      }
    }
  }
  if (mute) return errors;
  if (topology === 'apart' && config.OIDC_ISSUER === undefined && config.ADMIN_SECRET === undefined) {
    wrong('ADMIN_SECRET', 'several processes need one: set it alike for all of them, or OIDC_ISSUER and OIDC_AUDIENCE');
  }
  if ((config.OIDC_ISSUER === undefined) !== (config.OIDC_AUDIENCE === undefined)) {
    wrong(
      config.OIDC_ISSUER === undefined ? 'OIDC_ISSUER' : 'OIDC_AUDIENCE',
      'OIDC_ISSUER and OIDC_AUDIENCE go together',
    );
  }
  if (config.OIDC_ISSUER?.startsWith('http:') && !isLoopback(new URL(config.OIDC_ISSUER).hostname)) {
    wrong('OIDC_ISSUER', 'expected https, since its keys decide who may come in');
  }
  if (!isLoopback(config.HOST) && config.PUBLISHED_ON_LOOPBACK === 'no') {
    if (demo) wrong('HOST', 'the demo signs in every visitor, so it listens on loopback only');
    if (config.OIDC_ISSUER === undefined && config.ADMIN_SECRET === undefined) {
      wrong(
        'HOST',
        `${config.HOST} can be reached from outside: set OIDC_ISSUER and OIDC_AUDIENCE, or an ADMIN_SECRET of your own`,
      );
    }
    if (!config.PUBLIC_URL?.startsWith('https:')) {
      wrong(
        'PUBLIC_URL',
        `${config.HOST} can be reached from outside: state its https URL, because session cookies are sent over https only`,
      );
    }
  }
  return errors;
}

/** The directory for the snapshot of facts: beside an embedded log, else SNAPSHOTS; undefined for none. */
export function snapshotDirectory(
  { SNAPSHOTS, EVENTS_URL }: Pick<Config, 'SNAPSHOTS' | 'EVENTS_URL'>,
  name: string,
): string | undefined {
  if (SNAPSHOTS === 'none') return undefined;
  if (SNAPSHOTS !== undefined) return join(SNAPSHOTS, name);
  const [, directory] = /^sqlite:(.+)$/.exec(EVENTS_URL) ?? [];
  return directory === undefined || directory === ':memory:' ? undefined : join(directory, 'snapshot');
}

const hidden: readonly Setting[] = ['ADMIN_SECRET'];

/** The settings as text, with secrets and passwords in URLs masked. */
export function masked(config: Config): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      if (hidden.includes(name as Setting)) return [name, '***'];
      return [
        name,
        typeof value === 'string'
          ? value.replace(/(:\/\/[^:@/]*:).*@/, '$1***@').replace(/(password|secret|token)=[^&]*/gi, '$1=***')
          : value,
      ];
    }),
  );
}

export const CONFIG = Symbol('CONFIG');
