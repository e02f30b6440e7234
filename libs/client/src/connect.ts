import { type Client, createClient } from './generated/client/index.js';
import type { Problem } from './generated/index.js';

export interface Connection {
  /** The address of the server, such as `https://attain.example`. */
  readonly url: string;
  /** An API key, or the token of a session. */
  readonly token?: string;
  /** Seconds that a request may wait for a server that answers `Retry-After`; 0 waits for nothing. */
  readonly patience?: number;
  /** One of several processes behind a gateway, for the operations that each process answers for itself. */
  readonly service?: string;
}

/** The server refused a request. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super(problem.detail ?? `the server answered with the status ${status}`);
  }
}

/** No answer came. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  constructor(
    readonly origin: string,
    readonly reason: string,
  ) {
    super(`${origin} cannot be reached: ${reason}`);
  }
}

/** Answers that a later request may get over: the server starts, catches up, or has too many requests. */
const passing = new Set(['NOT_READY', 'CONTENDED', 'TOO_MANY']);
const PATIENCE = 30;

/**
 * A client for the operations of this package. It waits where the server asks for patience, names each command for the server by an
 * `Idempotency-Key`, and throws `Refused` or `Unreachable` instead of returning them.
 */
export function connect(connection: Connection): Client {
  return configure(createClient(), connection);
}

/** Makes a client behave as one of `connect`, such as the client that every operation uses unless it is given another. */
export function configure(client: Client, { url, token, patience = PATIENCE, service }: Connection): Client {
  client.setConfig({
    baseUrl: url.replace(/\/+$/, ''),
    fetch: (request) => patiently(new Request(request), patience),
    throwOnError: true,
  });
  client.interceptors.request.use((sent) => {
    const request = service === undefined ? sent : new Request(pathOf(sent.url, service), sent);
    if (token !== undefined) request.headers.set('Authorization', `Bearer ${token}`);
    // A request that is sent again has the same key, so that the server carries it out once.
    if (request.method !== 'GET' && !request.headers.has('Idempotency-Key'))
      request.headers.set('Idempotency-Key', crypto.randomUUID());
    return request;
  });
  client.interceptors.error.use((error, response) => {
    if (error instanceof Unreachable || response === undefined) return error;
    return new Refused(response.status, isProblem(error) ? error : {});
  });
  return client;
}

/** A gateway takes the name of the service behind `/models`, `/clock`, `/health`, `/metrics` and `/parked`. */
function pathOf(url: string, service: string): string {
  return url.replace(
    /\/(models|clock|health|metrics|parked)(?=[/?]|$)/,
    (path) => `${path}/${encodeURIComponent(service)}`,
  );
}

async function patiently(request: Request, patience: number): Promise<Response> {
  const until = Date.now() + patience * 1000;
  // The body of an upload is read once; keeping a copy of it would fill the memory.
  const again = request.body === null || request.headers.get('Content-Type') === 'application/json';
  for (;;) {
    const response = await fetch(again ? request.clone() : request).catch((error: unknown) => {
      throw new Unreachable(new URL(request.url).origin, reasonOf(error));
    });
    const pause = Number(response.headers.get('Retry-After') ?? Number.NaN);
    const code = again && !response.ok && pause >= 0 ? await codeOf(response) : undefined;
    if (code === undefined || !passing.has(code) || Date.now() + pause * 1000 > until) return response;
    await new Promise((wake) => setTimeout(wake, Math.max(pause, 0.2) * 1000));
  }
}

async function codeOf(response: Response): Promise<string | undefined> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return isProblem(body) ? body.code : undefined;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  // An address with several numbers fails once for each of them.
  const [first] = cause instanceof AggregateError ? (cause.errors as Error[]) : [];
  return first?.message ?? (cause.message || String((cause as { code?: unknown }).code));
}
