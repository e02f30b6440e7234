import { HttpException } from '@nestjs/common';
import type { FieldError } from './answers/problem.answers.js';
import { AppendTooLarge, ClockUntrusted, Refused, StoreFull, Transient, WrongRevision } from '@attain/eventsourcing';

export type { FieldError, Problem } from './answers/problem.answers.js';

/** The request cannot be understood: 422 with one entry for each field. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  constructor(
    readonly errors: readonly FieldError[],
    message = 'The request is malformed.',
  ) {
    super(message);
  }
}

/** The address names a field that the table does not have: 400 with those that it has. */
export class UnknownField extends Error {
  override readonly name = 'UnknownField';
  constructor(
    readonly parameter: string,
    readonly field: string,
    readonly allowed: readonly string[],
  ) {
    super(
      `There is no ${parameter === 'query' ? 'parameter' : 'field'} ${JSON.stringify(field)} here; there are ${allowed.join(', ') || 'none'}.`,
    );
  }
}

/** Nothing that the caller may know: 404, the same for a missing record and for somebody else's. */
export class OutOfScope extends Error {
  override readonly name = 'OutOfScope';
  constructor(message = 'Not found, or no access.') {
    super(message);
  }
}

/** The answer isn't ready: 503, ask again after `retryAfter` seconds. */
export class NotReady extends Error {
  override readonly name: string = 'NotReady';
  constructor(
    message: string,
    readonly retryAfter = 1,
  ) {
    super(message);
  }
}

/** Read models do not follow from this log: they answer nothing until they are rebuilt. */
export class ForeignModels extends NotReady {
  override readonly name: string = 'ForeignModels';
  constructor(readonly models: readonly { group: string; reason: string }[]) {
    const [first] = models;
    const others = models.length > 1 ? `; ${models.length - 1} more models have this fault` : '';
    super(
      `The read models do not follow from this log: ${first?.reason}${others}. ` +
        'Events that were acknowledged may be lost: look for a newer copy of the log first. ' +
        'Then build the models anew: attain models rebuild --data DIR while no server runs, or POST /v1/models/rebuild as admin.',
      60,
    );
  }
}

/** Somebody else knows the password: 403 for everything except choosing a new one. */
export class PasswordDue extends Error {
  override readonly name = 'PasswordDue';
  constructor() {
    super('Choose a password of your own first: POST /v1/session/password.');
  }
}

/** Asked too often: 429, ask again after `retryAfter` seconds. */
export class TooMany extends Error {
  override readonly name = 'TooMany';
  constructor(
    message: string,
    readonly retryAfter: number,
  ) {
    super(message);
  }
}

interface Answer {
  status: number;
  code: string;
  detail: string;
  errors?: readonly FieldError[];
  about?: Readonly<Record<string, unknown>>;
  retryAfter?: number;
  /** Whether the error is unexpected: it is logged, and the answer contains no details. */
  unexpected?: boolean;
}

/** The answer to an error. KEY_REUSED is 422 as in the IETF's Idempotency-Key draft, because 409 asks for a retry. */
export function answerTo(error: unknown): Answer {
  if (error instanceof Malformed)
    return { status: 422, code: 'MALFORMED', detail: error.message, errors: error.errors };
  if (error instanceof UnknownField) {
    const { parameter, field, allowed, message } = error;
    return {
      status: 400,
      code: 'UNKNOWN_FIELD',
      detail: message,
      errors: [{ field: parameter === 'query' ? field : parameter, message }],
      about: { field, allowed },
    };
  }
  if (error instanceof OutOfScope) return { status: 404, code: 'NOT_FOUND', detail: error.message };
  if (error instanceof Refused) {
    const status = error.code === 'KEY_REUSED' ? 422 : 409;
    return { status, code: error.code, detail: error.message, ...(error.detail && { about: error.detail }) };
  }
  if (error instanceof ForeignModels)
    return { status: 503, code: 'MODELS_FOREIGN', detail: error.message, retryAfter: error.retryAfter };
  if (error instanceof NotReady)
    return { status: 503, code: 'NOT_READY', detail: error.message, retryAfter: error.retryAfter };
  if (error instanceof PasswordDue) return { status: 403, code: 'PASSWORD_DUE', detail: error.message };
  if (error instanceof TooMany)
    return { status: 429, code: 'TOO_MANY', detail: error.message, retryAfter: error.retryAfter };
  if (error instanceof StoreFull) {
    return {
      status: 507,
      code: 'STORE_FULL',
      detail: error.done ?? 'The event store has no room left. Nothing was written; reading goes on.',
    };
  }
  if (error instanceof AppendTooLarge) return { status: 413, code: 'TOO_LARGE', detail: error.message };
  if (error instanceof ClockUntrusted)
    return { status: 503, code: 'CLOCK_UNTRUSTED', detail: error.message, retryAfter: 60 };
  if (error instanceof Transient) {
    return { status: 503, code: 'NOT_READY', detail: 'An engine below is busy or away. Ask again.', retryAfter: 1 };
  }
  if (error instanceof WrongRevision) {
    return { status: 503, code: 'CONTENDED', detail: 'Too many writers at once. Ask again.', retryAfter: 1 };
  }
  // The body parser wraps an error of its check in an error of its own.
  if (error instanceof HttpException && error.cause instanceof Malformed) return answerTo(error.cause);
  if (error instanceof HttpException && error.getStatus() < 500) return answerToHttp(error);
  return {
    status: 500,
    code: 'INTERNAL',
    detail: 'Something went wrong here; the correlation id finds it in the log.',
    unexpected: true,
  };
}

const codes: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'NOT_SIGNED_IN',
  403: 'FORBIDDEN',
  404: 'NO_SUCH_ROUTE',
  405: 'NO_SUCH_ROUTE',
  413: 'TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA',
  421: 'UNKNOWN_HOST',
  429: 'TOO_MANY',
};

function answerToHttp(error: HttpException): Answer {
  const status = error.getStatus();
  if (error.cause instanceof SyntaxError) {
    const at = placeOf(error.cause);
    return {
      status: 400,
      code: 'BAD_JSON',
      detail: `The body is not JSON${at}.`,
      errors: [{ field: 'body', message: `not JSON${at}` }],
    };
  }
  return { status, code: codes[status] ?? 'REFUSED', detail: error.message };
}

/** The engine's message quotes the request, so only the place is taken from it. */
function placeOf(error: SyntaxError & { body?: unknown }): string {
  const offset = /position (\d+)/.exec(error.message)?.[1];
  if (offset === undefined) return ': it ends too early or is empty';
  const before = typeof error.body === 'string' ? error.body.slice(0, Number(offset)) : undefined;
  if (before === undefined) return ` at character ${offset}`;
  const lines = before.split('\n');
  return ` at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
