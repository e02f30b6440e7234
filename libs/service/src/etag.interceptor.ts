import { createHash, randomUUID } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { from, type Observable, of, switchMap, tap } from 'rxjs';
import { HISTORY_GROUP } from './history-feed.js';
import { Progress } from './progress.js';
import { stateOf } from './request.js';
import { READS } from './route.js';
import { Scopes } from './scope.js';

/**
 * Answers 304 without computing the answer if the caller already has it: the same caller, the same question, the same
 * day, and no new event in the read models and the history it reads. A tag includes the process, because a newer
 * program may answer the same question differently.
 */
@Injectable()
export class EtagInterceptor implements NestInterceptor {
  private readonly process = randomUUID();

  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Progress) private readonly progress: Progress,
    @Inject(Scopes) private readonly scopes: Scopes,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reads = this.reflector.get<string[] | undefined>(READS, context.getHandler());
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    if (!reads || request.method !== 'GET') return next.handle();
    // The tag is taken before the answer is computed, so the answer contains at least the events of its tag.
    return from(this.tag(request, [...reads, HISTORY_GROUP])).pipe(
      switchMap((tag) => {
        if (namedIn(request.get('If-None-Match') ?? '', tag)) {
          response.status(304).set('ETag', tag);
          return of(undefined);
        }
        return next.handle().pipe(tap(() => void response.set('ETag', tag)));
      }),
    );
  }

  /** The visible rows depend on people, which are in the history, and on the company's day. */
  private async tag(request: Request, reads: readonly string[]): Promise<string> {
    const positions = await Promise.all(reads.map((name) => this.progress.positionOf([name])));
    const asked = [request.originalUrl, request.get('Accept') ?? '', stateOf(request).caller ?? null];
    const text = JSON.stringify([this.process, positions.map(String), this.scopes.today(), asked]);
    return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  }
}

/** Compared weakly, as RFC 9110 requires for If-None-Match. */
function namedIn(header: string, tag: string): boolean {
  const opaque = tag.replace(/^W\//, '');
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === opaque);
}
