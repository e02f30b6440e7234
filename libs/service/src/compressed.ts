import compression from 'compression';
import type { Request, RequestHandler, Response } from 'express';

// Not compressed, because the compressed length of an answer with a secret and text of the request would reveal the
// secret (BREACH).
const secretive = /^\/(?:v\d+\/(?:session|keys|users)(?:\/|$)|$)/;

/** Compresses answers by the client's Accept-Encoding; a stream of events is sent uncompressed. */
export function compress(): RequestHandler {
  return compression({
    filter: (request: Request, response: Response) =>
      !secretive.test(request.path) &&
      !String(response.getHeader('Content-Type') ?? '').startsWith('text/event-stream') &&
      compression.filter(request, response),
  });
}
