import type { NextFunction, Request, Response } from 'express';
import { requestInHand, stateOf } from './request.js';

/** Every answer and every line of the log carry the request's correlation id; and no cache keeps an answer, since it may be pay. */
export function correlate(request: Request, response: Response, next: NextFunction): void {
  const state = stateOf(request);
  response.set('X-Correlation-Id', state.correlation);
  response.set('Cache-Control', 'no-store');
  requestInHand.run(state, next);
}
