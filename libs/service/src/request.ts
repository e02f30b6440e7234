import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { newUuid } from '@attain/values';
import type { Caller } from './identity/caller.js';
import type { Session } from './identity/sessions.js';
import type { Question } from './tables/question.js';

/** What is known of a request besides what it says. */
export interface RequestState {
  readonly correlation: string;
  caller?: Caller;
  /** Of a token or a cookie of ours. */
  session?: Session;
  /** A cookie, which a browser sends unasked, says who it is. */
  byCookie?: boolean;
  /** Where the operation answers rows. */
  question?: Question;
}

const states = new WeakMap<IncomingMessage, RequestState>();
/** Follows a request through every await, so that each line of the log carries its correlation. */
export const requestInHand = new AsyncLocalStorage<RequestState>();

/** A correlation id of the caller's is taken where it can be logged safely, else a new one is made. */
export function stateOf(request: IncomingMessage): RequestState {
  const known = states.get(request);
  if (known) return known;
  const sent = request.headers['x-correlation-id'];
  const state: RequestState = {
    correlation: typeof sent === 'string' && /^[\w.:-]{1,128}$/.test(sent) ? sent : newUuid(),
  };
  states.set(request, state);
  return state;
}
