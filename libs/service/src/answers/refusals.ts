import { STATUS_CODES } from 'node:http';
import { type RefusalCode, refusalCodes, statusOf } from './refusal-codes.js';

/** The refusals of requests: the name of the response in the OpenAPI document, its meaning, and an example. */
const refusals = {
  400: {
    name: 'BadRequest',
    code: 'BAD_JSON',
    means: 'The body is not JSON, or the address is malformed.',
    detail: 'The body is not JSON at line 1, column 14.',
  },
  401: {
    name: 'NotSignedIn',
    code: 'NOT_SIGNED_IN',
    means: 'Nobody is signed in: the credential is absent, wrong, revoked or expired.',
    detail: 'Sign in first.',
  },
  403: {
    name: 'Forbidden',
    code: 'FORBIDDEN',
    means:
      'The roles of the caller lack the permission, the CSRF token is absent, or the password must be changed first.',
    detail: 'You may not do this.',
  },
  404: {
    name: 'NotFound',
    code: 'NOT_FOUND',
    means: 'It does not exist, or the caller may not see it.',
    detail: 'Not found, or no access.',
  },
  409: {
    name: 'Refused',
    code: 'PERIOD_CLOSED',
    means: 'A rule of the business refuses the request; `code` names the rule.',
    detail: 'The period 2025-01 is closed.',
  },
  413: {
    name: 'TooLarge',
    code: 'TOO_LARGE',
    means: 'The body is larger than the server takes.',
    detail: 'The body is larger than 1 MB.',
  },
  415: {
    name: 'UnsupportedMedia',
    code: 'UNSUPPORTED_MEDIA',
    means: 'The operation does not take bodies of this media type.',
    detail: 'expected text/csv, the file itself as the body',
  },
  421: {
    name: 'UnknownHost',
    code: 'UNKNOWN_HOST',
    means: 'The server does not answer under this host name.',
    detail: 'The server does not answer as example.com.',
  },
  422: {
    name: 'Malformed',
    code: 'MALFORMED',
    means: 'A parameter or a field of the body is malformed; `errors` names each.',
    detail: 'The request is malformed.',
  },
  429: {
    name: 'TooMany',
    code: 'TOO_MANY',
    means: 'There were too many requests; `Retry-After` states how many seconds to wait.',
    detail: 'The key may ask 600 times a minute. Ask again in 30 seconds.',
  },
  503: {
    name: 'NotReady',
    code: 'NOT_READY',
    means: 'The answer is not ready; `Retry-After` states how many seconds to wait.',
    detail: 'Read models are behind. Ask again.',
  },
  507: {
    name: 'StoreFull',
    code: 'STORE_FULL',
    means: 'The event store has no room left; nothing was written.',
    detail: 'The event store has no room left. Nothing was written; reading goes on.',
  },
} as const;
type RefusalStatus = keyof typeof refusals;

/** The responses of the OpenAPI document that operations refer to. */
export function refusalResponses(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(refusals)
      .filter(([status]) => status !== '409')
      .map(([status, { name, code, means, detail }]) => [
        name,
        { description: means, content: problemContent({ example: problemOf(Number(status), code, detail) }) },
      ]),
  );
}

/** The examples of the OpenAPI document, one for each code of single operations. */
export function refusalExamples(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(refusalCodes).map(([code, detail]) => [
      code,
      { value: problemOf(statusOf(code as RefusalCode), code, detail) },
    ]),
  );
}

/** By status: a response that all operations share, or the codes of this operation. */
export function refusalsOf(operation: Refusing): Record<string, object> {
  const conflicts = operation.codes.filter((code) => statusOf(code) === 409);
  return Object.fromEntries(
    statusesOf(operation).map((status) => [
      status,
      status === 409
        ? {
            description: `${refusals[409].means} ${conflicts.length === 1 ? 'It is' : 'It is one of'} ${conflicts.join(', ')}.`,
            content: problemContent({
              examples: Object.fromEntries(conflicts.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
            }),
          }
        : { $ref: `#/components/responses/${refusals[status].name}` },
    ]),
  );
}

export interface Refusing {
  readonly method: string;
  /** Whether it needs no sign-in. */
  readonly open: boolean;
  /** Whether it only reads, even with another method than GET. */
  readonly reads: boolean;
  /** Whether it hides rows from some callers. */
  readonly hides: boolean;
  readonly codes: readonly RefusalCode[];
  readonly takes: {
    /** The media types of the body. */
    readonly body: readonly string[];
    readonly path: boolean;
    /** Whether it has anything besides a path and a body. */
    readonly parameters: boolean;
    /** Whether it has filters and fields of a table. */
    readonly table: boolean;
  };
}

function statusesOf({ method, open, reads, hides, codes, takes }: Refusing): RefusalStatus[] {
  const isSafe = method === 'GET';
  const hasBody = takes.body.length > 0;
  const may: Record<RefusalStatus, boolean> = {
    400: hasBody || takes.path || takes.table,
    401: !open || !isSafe,
    // A request of another site is refused for every caller.
    403: !open || !isSafe,
    404: hides || codes.includes('NOT_FOUND') || (takes.path && (isSafe || method === 'DELETE')),
    409: codes.some((code) => statusOf(code) === 409),
    413: hasBody,
    // A JSON body sent with another media type counts as missing, which is malformed.
    415: hasBody && !takes.body.includes('application/json'),
    421: true,
    422: hasBody || takes.path || takes.parameters || takes.table,
    // Requests with keys and attempts to sign in are counted.
    429: !open || !isSafe,
    503: !open || !isSafe,
    507: !isSafe && !reads,
  };
  return (Object.keys(may) as unknown as RefusalStatus[])
    .filter((status) => may[status])
    .map(Number) as RefusalStatus[];
}

function problemOf(status: number, code: string, detail: string): object {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    code,
    detail,
    correlation: '01996b3c-5a10-7c3e-9f52-1f2d3c4b5a69',
  };
}

function problemContent(shown: { example: object } | { examples: object }): object {
  return { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, ...shown } };
}
