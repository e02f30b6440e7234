import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { newUuid } from '@attain/values';
import type { Caller } from './identity/caller.js';
import type { Session } from './identity/sessions.js';
import type { Question } from './tables/question.js';

/** Facts about a request beside its content. */
export interface RequestState {
  readonly correlation: string;
  caller?: Caller;
  /** Of a token or a cookie of ours. */
  session?: Session;
  /** Whether a cookie identifies the caller; browsers send cookies by themselves. */
  byCookie?: boolean;
  /** The table's question, if the operation answers rows. */
  question?: Question;
}

const states = new WeakMap<IncomingMessage, RequestState>();
/** Carries a request through every await, so that each line of the log has its correlation id. */
export const requestInHand = new AsyncLocalStorage<RequestState>();

/** A caller's correlation id is used if it can be logged safely; otherwise a new one is made. */
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
