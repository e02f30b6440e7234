import type { NextFunction, Request, Response } from 'express';
import { requestInHand, stateOf } from './request.js';

/**
 * Every answer and every line of the log carries the request's correlation id. No cache may keep an answer, because it
 * may contain pay.
 */
export function correlate(request: Request, response: Response, next: NextFunction): void {
  const state = stateOf(request);
  response.set('X-Correlation-Id', state.correlation);
  response.set('Cache-Control', 'no-store');
  requestInHand.run(state, next);
}
