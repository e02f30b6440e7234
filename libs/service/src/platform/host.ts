import { isLoopback } from '@attain/adapters';
import { HttpException } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Config } from '../config.js';

// Orchestrators ask by address, and the answers about health name nobody.
const open = /^\/(health\/|metrics$)/;

/**
 * Answers only under its own host names: a page of another site whose name resolves to this server (DNS rebinding) asks
 * under that name. This machine's own names are always allowed.
 */
export function refuseOtherHosts({ PUBLIC_URL, HOSTS }: Pick<Config, 'PUBLIC_URL' | 'HOSTS'>): RequestHandler {
  const own = new Set(HOSTS.map((name) => name.toLowerCase()));
  if (PUBLIC_URL !== undefined) own.add(new URL(PUBLIC_URL).hostname);
  return (request: Request, _response: Response, next: NextFunction) => {
    const host = request.headers.host ?? '';
    const name = /^(\[[^\]]*\]|[^:]*)(?::\d{1,5})?$/.exec(host)?.[1]?.toLowerCase() ?? '';
    if (own.has(name) || isLoopback(name) || open.test(request.path)) return next();
    next(
      new HttpException(
        `This server does not answer as ${JSON.stringify(host.slice(0, 100))}; its names are set with PUBLIC_URL and HOSTS.`,
        421,
      ),
    );
  };
}
