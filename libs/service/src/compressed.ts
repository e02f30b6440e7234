import compression from 'compression';
import type { Request, RequestHandler, Response } from 'express';

// The compressed length of an answer that holds a secret beside text of the request would give the secret away (BREACH).
const secretive = /^\/(?:v\d+\/(?:session|keys|users)(?:\/|$)|$)/;

/** Compresses answers with what the client accepts; a stream of events is sent as it arises. */
export function compress(): RequestHandler {
  return compression({
    filter: (request: Request, response: Response) =>
      !secretive.test(request.path) &&
      !String(response.getHeader('Content-Type') ?? '').startsWith('text/event-stream') &&
      compression.filter(request, response),
  });
}
