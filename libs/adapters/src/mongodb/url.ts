/** The settings of `mongodb://[user:password@]host[:port][,…]/DATABASE[?…]` or `mongodb+srv://…`. */
export interface MongoUrl {
  /** `host:port` of each; only the name if DNS lists the hosts. */
  hosts: string[];
  database: string;
  /** The connection is encrypted. */
  encrypted: boolean;
  credentials?: { username: string; password: string };
}

const DATABASE = /^[A-Za-z0-9_-]{1,63}$/;

/** Throws RangeError, which never contains the password, on an invalid URL; the driver reads the other parameters. */
export function parseMongoUrl(url: string): MongoUrl {
  const [, scheme, credentials, authority = '', path = '', query = ''] =
    /^(mongodb(?:\+srv)?):\/\/(?:([^@/?#]*)@)?([^/?#@]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(url) ?? [];
  const refuse = (why: string): never => {
    throw new RangeError(`models ${scheme ?? 'mongodb'}://${authority}: ${why}`);
  };
  if (!scheme)
    refuse('expected mongodb://[user:password@]host:port[,host:port…]/DATABASE or mongodb+srv://host/DATABASE');
  const srv = scheme === 'mongodb+srv';

  const hosts = authority.split(',').map((host) => {
    const [, name, port = '27017'] =
      /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?$/.exec(host) ?? refuse(`a host is host:port, not ${host}`);
    if (Number(port) < 1 || Number(port) > 65535) refuse(`a host is host:port, not ${host}`);
    return srv ? host : `${name}:${port}`;
  });
  if (srv && (hosts.length > 1 || /:\d+$/.test(authority))) refuse('mongodb+srv names one host and no port');

  const database = path || 'attain';
  if (!DATABASE.test(database)) refuse('the database is up to 63 of A-Z a-z 0-9 _ -');

  const parameters = new URLSearchParams(query);
  const tls = new Set([...parameters].filter(([key]) => key === 'tls' || key === 'ssl').map(([, value]) => value));
  if (tls.size > 1 || ![...tls].every((value) => value === 'true' || value === 'false'))
    refuse('tls must be true or false');
  const encrypted = tls.has('true') || (srv && tls.size === 0);

  if (credentials === undefined) return { hosts, database, encrypted };
  const [, username = '', password = ''] =
    /^([^:]+):(.+)$/s.exec(credentials) ?? refuse('credentials are user:password@');
  try {
    return {
      hosts,
      database,
      encrypted,
      credentials: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
    };
  } catch {
    return refuse('user and password are percent-encoded');
  }
}
