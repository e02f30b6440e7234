import { STATUS_CODES } from 'node:http';

/** How requests are refused: the name of the response in the OpenAPI document, what it means, and an example. */
export const refusals = {
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
export type RefusalStatus = keyof typeof refusals;

/** The responses of the OpenAPI document that operations refer to. */
export function refusalResponses(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(refusals).map(([status, { name, code, means, detail }]) => {
      const example = {
        type: 'about:blank',
        title: STATUS_CODES[status],
        status: Number(status),
        code,
        detail,
        correlation: '01996b3c-5a10-7c3e-9f52-1f2d3c4b5a69',
      };
      return [
        name,
        {
          description: means,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } },
        },
      ];
    }),
  );
}

/** The statuses by which an operation refuses. */
export function refusalsOf(operation: {
  method: string;
  open: boolean;
  takes: { body: boolean; parameters: boolean };
}): RefusalStatus[] {
  const { method, open, takes } = operation;
  const changes = method !== 'GET';
  const may: Record<RefusalStatus, boolean> = {
    400: true,
    401: !open || changes,
    403: !open || changes,
    404: !open,
    409: !open,
    413: takes.body,
    415: takes.body,
    421: true,
    422: takes.body || takes.parameters || changes,
    429: changes || !open,
    503: !open || changes,
    507: changes,
  };
  return (Object.keys(may) as unknown as RefusalStatus[])
    .filter((status) => may[status])
    .map(Number) as RefusalStatus[];
}
