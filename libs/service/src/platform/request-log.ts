import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Log } from '../log.js';
import type { Metrics } from './metrics.js';

/**
 * One line and one measurement for each request: its route but not its parameters, because these name people and
 * amounts.
 */
export function recordRequests(log: Log, metrics: Metrics): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const begun = performance.now();
    response.on('finish', () => {
      const { method } = request;
      const route = routeOf(request);
      const status = response.statusCode;
      const milliseconds = performance.now() - begun;
      metrics.requests.observe({ method, route, status }, milliseconds / 1000);
      log.info('request', { method, route, status, milliseconds: Math.round(milliseconds) });
    });
    next();
  };
}

function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : 'unmatched';
}
