/** The settings of a URL, for the client and for the check of encryption. */
export interface EventStoreUrl {
  /** In the client's form: `esdb://…` or `esdb+discover://…`. */
  connectionString: string;
  /** Names or IPv4 addresses, without ports. */
  hosts: string[];
  /** TLS, unless the URL has `tls=false`. */
  encrypted: boolean;
  /** Of `namespace=`, an option of ours, which separates companies that share a server. */
  namespace: string | undefined;
}

const URL_FORM = /^(?:esdb|kurrentdb)(\+discover)?:\/\/(?:([^@/?]*)@)?([^/?]*)\/*(?:\?(.*))?$/;
const HOST = /^([A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;
/** The client ignores other options with a warning. */
const OPTIONS = new Set(
  [
    ...[
      'tls',
      'tlsVerifyCert',
      'tlsCAFile',
      'userCertFile',
      'userKeyFile',
      'connectionName',
      'throwOnAppendFailure',
      'nodePreference',
      'defaultDeadline',
    ],
    ...['discoveryInterval', 'gossipTimeout', 'maxDiscoverAttempts', 'keepAliveInterval', 'keepAliveTimeout'],
  ].map(flat),
);

/**
 * `esdb://`, `esdb+discover://` and the same of `kurrentdb`, with `user:password@`, hosts and options as EventStoreDB documents
 * them. Throws RangeError, which never repeats a password.
 */
export function parseEventStoreUrl(url: string): EventStoreUrl {
  const [whole, discover = '', credentials, hostList = '', query] = URL_FORM.exec(url.trim()) ?? [];
  if (whole === undefined)
    throw new RangeError(
      'expected esdb://HOST:PORT, esdb+discover://HOST or the same with kurrentdb, and options behind a ?',
    );
  if (credentials !== undefined && !/^[^:]+:[^:]+$/.test(credentials))
    throw new RangeError('the part before @ must be user:password, with : @ / ? in them percent-encoded');
  const hosts = hostList.split(',').map((host) => {
    const [, name, port] = HOST.exec(host) ?? [];
    if (!name || (port !== undefined && !(Number(port) > 0 && Number(port) < 65_536)))
      throw new RangeError(`not a host, or host:port: ${JSON.stringify(host)}`);
    return name;
  });
  let encrypted = true;
  let namespace: string | undefined;
  const options: string[] = [];
  for (const option of query?.split('&') ?? []) {
    const [key = '', value = '', ...more] = option.split('=');
    if (flat(key) === 'namespace') {
      if (!/^[A-Za-z0-9]{1,100}$/.test(value) || more.length > 0)
        throw new RangeError('namespace: expected letters and digits');
      namespace = value;
      continue;
    }
    options.push(option);
    if (flat(key) === 'tlsverifycert' && value === 'false')
      throw new RangeError('tlsVerifyCert=false has no effect on this client: name the certificate with tlsCAFile');
    if (!OPTIONS.has(flat(key))) throw new RangeError(`unknown option: ${key}`);
    if (value === '' || more.length > 0) throw new RangeError(`${key}: expected ${key}=VALUE`);
    if (flat(key) === 'tls') {
      if (value !== 'true' && value !== 'false') throw new RangeError(`tls is true or false, not ${value}`);
      encrypted = value === 'true';
    }
  }
  const connectionString = `esdb${discover}://${credentials === undefined ? '' : `${credentials}@`}${hostList}${options.length > 0 ? `?${options.join('&')}` : ''}`;
  return { connectionString, hosts, encrypted, namespace };
}

/** Options are equal in any case, and with dashes. */
function flat(key: string): string {
  return key.toLowerCase().replaceAll(/[_-]/g, '');
}
