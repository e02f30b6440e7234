import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { LOG, type Log } from './log.js';
import { answerTo, type Problem } from './problem.js';
import { stateOf } from './request.js';

/** Every error is answered as an RFC 9457 problem; an unexpected one is logged and its details are not sent. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const { correlation } = stateOf(host.switchToHttp().getRequest<Request>());
    const answer = answerTo(error);
    if (answer.unexpected) this.log.failure('A request failed', error);
    // An answer that has begun, such as a stream of events, can only be ended.
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { status, code, detail, errors, about, retryAfter } = answer;
    const problem: Problem = {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      code,
      detail,
      correlation,
      ...(errors && { errors: [...errors] }),
      ...(about && { about: { ...about } }),
    };
    if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter));
    if (status === 401) response.set('WWW-Authenticate', 'Bearer');
    response.status(status).type('application/problem+json').send(JSON.stringify(problem));
  }
}
