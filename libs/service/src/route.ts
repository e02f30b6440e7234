import { applyDecorators, createParamDecorator, type ExecutionContext, HttpCode, SetMetadata } from '@nestjs/common';
import { ApiHeader, ApiSecurity } from '@nestjs/swagger';
import type { Context } from '@attain/eventsourcing';
import type { Request } from 'express';
import { ANSWERS, type StatedAnswers } from './answers/answers.js';
import { Effect } from './answers/outcome.answers.js';
import type { Caller } from './identity/caller.js';
import { Malformed } from './problem.js';
import { stateOf } from './request.js';
import type { Permission } from './identity/roles.js';

export const PERMISSION = Symbol('permission');
export const PUBLIC = Symbol('public');
export const COMMAND = Symbol('command');
export const READS = Symbol('reads');

/** Who may use the route: everybody whose role has the permission (roles.ts). */
export const Permit = (permission: Permission) =>
  applyDecorators(SetMetadata(PERMISSION, permission), ApiSecurity('bearer'), ApiSecurity('session'));

/** Everybody may use the route, also without signing in; `why` is for reviewers. */
export const Public = (why: string) => SetMetadata(PUBLIC, why);

/**
 * The route changes something. It takes `Idempotency-Key` and answers 200 with `{ stream, revision, position }` of the
 * returned Outcome, or with another object that has a `position` and is stated by `@Answers` above it. It returns the
 * position in `Attain-Position`.
 */
export const Command = () =>
  applyDecorators(
    SetMetadata(COMMAND, true),
    SetMetadata(ANSWERS, { answers: Effect } satisfies StatedAnswers),
    HttpCode(200),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Said again with the same body: the first answer. With another body: 422 KEY_REUSED.',
    }),
  );

/**
 * The projections (and `history`) that the query reads. With `Attain-Position: p` it waits until these have reached p;
 * without it, a query waits for all models of the process.
 */
export const Reads = (...models: [string, ...string[]]) =>
  applyDecorators(
    SetMetadata(READS, models),
    ApiHeader({
      name: 'Attain-Position',
      required: false,
      description: 'Wait, at most five seconds, until the read models have reached this position.',
    }),
  );

/** The caller, in a route that is not public. */
export const Who = createParamDecorator((_: unknown, context: ExecutionContext): Caller => callerIn(context));

/**
 * The Context of a command: the actor, the participant who the actor is paid as, correlation and key. The route adds
 * reason and effective date.
 */
export const CommandContext = createParamDecorator((_: unknown, context: ExecutionContext): Context => {
  const request = context.switchToHttp().getRequest<Request>();
  const { actor, participant } = callerIn(context);
  const key = keyOf(request);
  // A key is valid only for its caller, so nobody gets another's answer by guessing a key.
  return {
    actor,
    correlation: stateOf(request).correlation,
    ...(key && { key: `${actor}/${key}` }),
    ...(participant !== undefined && { self: [participant] }),
  };
});

function callerIn(context: ExecutionContext): Caller {
  const { caller } = stateOf(context.switchToHttp().getRequest<Request>());
  if (!caller) throw new Error('Nobody is known to call a public route');
  return caller;
}

function keyOf(request: Request): string | undefined {
  const key = request.get('Idempotency-Key');
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new Malformed([{ field: 'Idempotency-Key', message: 'expected 1 to 200 visible ASCII characters' }]);
  }
  return key;
}
