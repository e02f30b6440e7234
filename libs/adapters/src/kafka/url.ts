import { readFileSync } from 'node:fs';

/** The settings of `kafka://[user:password@]host:port[,host:port…]/PREFIX?…`. */
export interface KafkaUrl {
  /** `host:port` of each. */
  brokers: string[];
  /** Topics are `<prefix>.events` and `<prefix>.progress`, groups `<prefix>.<group>`. */
  prefix: string;
  /** Of the topic of events, when it is made. */
  partitions: number;
  /** Copies of each partition, when the topics are made. */
  replication: number;
  compression: 'gzip' | 'none';
  ssl: boolean | { ca: string };
  sasl: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string } | undefined;
  /** The connection is encrypted. */
  encrypted: boolean;
}

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const PARAMETERS = ['partitions', 'replication', 'tls', 'ca', 'sasl', 'compression'];

/** Throws RangeError, which never contains the password, on an invalid URL. Reads the file of `ca`. */
export function parseKafkaUrl(url: string): KafkaUrl {
  const [, credentials, hosts = '', path = '', query = ''] =
    /^kafka:\/\/(?:([^@/?#]*)@)?([^/?#@]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(url) ?? [];
  const name = `kafka://${hosts}`;
  const refuse = (why: string): never => {
    throw new RangeError(`bus ${name}: ${why}`);
  };
  if (!hosts) refuse('expected kafka://[user:password@]host:port[,host:port…]/PREFIX');

  const parameters = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(query)) {
    if (!PARAMETERS.includes(key)) refuse(`unknown parameter ${key}; known are ${PARAMETERS.join(', ')}`);
    if (parameters.has(key)) refuse(`${key} appears twice`);
    parameters.set(key, value);
  }
  const oneOf = <T extends string>(key: string, values: readonly T[], otherwise: T): T => {
    const value = parameters.get(key) ?? otherwise;
    return values.find((known) => known === value) ?? refuse(`${key} must be one of ${values.join(', ')}`);
  };
  const whole = (key: string, otherwise: number, most: number): number => {
    const text = parameters.get(key) ?? String(otherwise);
    return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= most
      ? Number(text)
      : refuse(`${key} must be a whole number from 1 to ${most}`);
  };

  const brokers = hosts.split(',');
  for (const broker of brokers) {
    const [, port] = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/.exec(broker) ?? [];
    if (port === undefined || Number(port) < 1 || Number(port) > 65535) refuse(`a broker is host:port, not ${broker}`);
  }
  const prefix = path || 'attain';
  // Room for a group's name and a UUID within Kafka's 249 characters.
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(prefix))
    refuse('the prefix holds up to 100 of A-Z a-z 0-9 . _ - and does not begin with a dot');

  const encrypted = oneOf('tls', ['true', 'false'], 'false') === 'true';
  const ca = parameters.get('ca');
  if (ca !== undefined && !encrypted) refuse('ca needs tls=true');

  let sasl: KafkaUrl['sasl'];
  const mechanism = parameters.has('sasl') ? oneOf('sasl', MECHANISMS, 'plain') : undefined;
  if (mechanism) {
    const [, username = '', password = ''] =
      /^([^:]+):(.+)$/s.exec(credentials ?? '') ?? refuse(`sasl=${mechanism} needs user:password@`);
    sasl = { mechanism, username: decoded(username, refuse), password: decoded(password, refuse) };
  } else if (credentials !== undefined) refuse('user:password@ needs sasl=plain, scram-sha-256 or scram-sha-512');

  return {
    brokers,
    prefix,
    partitions: whole('partitions', 4, 1000),
    replication: whole('replication', 1, 100),
    compression: oneOf('compression', ['gzip', 'none'], 'gzip'),
    ssl: ca === undefined ? encrypted : { ca: contents(ca, refuse) },
    sasl,
    encrypted,
  };
}

function decoded(text: string, refuse: (why: string) => never): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('user and password are percent-encoded');
  }
}

function contents(file: string, refuse: (why: string) => never): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(`ca ${file}: ${(error as Error).message}`);
  }
}
