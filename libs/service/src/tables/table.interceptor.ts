import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { EventStore } from '@attain/eventsourcing';
import type { Request, Response } from 'express';
import { from, map, type Observable, switchMap } from 'rxjs';
import { ANSWERS, type StatedAnswers } from '../answers/answers.js';
import { Malformed } from '../problem.js';
import { Progress } from '../progress.js';
import { stateOf } from '../request.js';
import { READS } from '../route.js';
import { EVENT_STORE } from '../tokens.js';
import { type Askable, questionOf } from './question.js';
import { csvOf } from './csv.rules.js';
import { pageOf, type Row } from './rows.js';
import { askableOf } from './table.js';

interface Answer {
  readonly rows: readonly Row[];
  readonly next?: string | null;
}

/** Every answer that has rows is a table: paged, sorted, filtered and cut to fields after the operation has left out what the caller may not see. */
@Injectable()
export class TableInterceptor implements NestInterceptor {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Progress) private readonly progress: Progress,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const handler = context.getHandler();
    const stated = this.reflector.get<StatedAnswers | undefined>(ANSWERS, handler);
    const askable = stated && askableOf(handler, context.getClass(), stated);
    if (!askable) return next.handle();
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const { question, rest } = questionOf(request.path, request.query, askable);
    const asCsv = isCsv(request);
    stateOf(request).question = question;
    const asOf = typeof rest['asOf'] === 'string' ? rest['asOf'] : null;
    // Express parses the query anew whenever it is read.
    Object.defineProperty(request, 'query', { value: rest });
    // Before the rows are read, so that they hold at least what is stored up to there.
    return from(this.position(context)).pipe(
      switchMap((position) =>
        next.handle().pipe(
          map((answer: unknown) => {
            const { rows, ...beside } = answer as Answer;
            const page = beside.next === undefined ? pageOf(rows, question) : { rows, next: beside.next };
            const shown = question.fields ? page.rows.map((row) => only(row, question.fields!)) : page.rows;
            if (!asCsv) return { ...beside, rows: shown, next: page.next, position: `${position}`, asOf };
            return sendCsv(request, response, { ...page, rows: shown }, question.fields ?? namesOf(askable));
          }),
        ),
      ),
    );
  }

  private async position(context: ExecutionContext): Promise<bigint> {
    const reads = this.reflector.get<string[] | undefined>(READS, context.getHandler());
    return (reads && (await this.progress.positionOf(reads))) ?? this.store.head();
  }
}

function isCsv(request: Request): boolean {
  const { format } = request.query;
  if (format === undefined) return request.accepts(['application/json', 'text/csv']) === 'text/csv';
  if (format === 'csv' || format === 'json') return format === 'csv';
  throw new Malformed([{ field: 'format', message: 'expected csv or json' }]);
}

const namesOf = ({ columns }: Askable) => columns.map(({ name }) => name);

function only(row: Row, fields: readonly string[]): Row {
  return Object.fromEntries(fields.flatMap((field) => (field in row ? [[field, row[field]]] : [])));
}

/** The page behind is linked, because a table has no place beside its rows. */
function sendCsv(
  request: Request,
  response: Response,
  { rows, next }: { rows: readonly Row[]; next: string | null },
  fields: readonly string[],
): string {
  response.type('text/csv; charset=utf-8');
  if (next !== null) {
    const url = new URL(request.originalUrl, 'http://localhost');
    url.searchParams.set('cursor', next);
    response.append('Link', `<${url.pathname}${url.search}>; rel="next"`);
  }
  return csvOf(fields, rows);
}
