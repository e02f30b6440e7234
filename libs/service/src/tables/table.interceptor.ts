import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { EventStore } from '@attain/eventsourcing';
import type { Request, Response } from 'express';
import { concatMap, from, type Observable, switchMap } from 'rxjs';
import { ANSWERS, type StatedAnswers } from '../answers/answers.js';
import { Malformed } from '../problem.js';
import { Progress } from '../progress.js';
import { stateOf } from '../request.js';
import { READS } from '../route.js';
import { EVENT_STORE } from '../tokens.js';
import { questionOf } from './question.js';
import { csvOf } from './csv.rules.js';
import { pageOf, type Row } from './rows.js';
import { askableOf } from './table.js';
import { xlsxOf } from './xlsx.js';

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
    const format = formatOf(request);
    stateOf(request).question = question;
    const asOf = typeof rest['asOf'] === 'string' ? rest['asOf'] : null;
    // Express parses the query anew whenever it is read.
    Object.defineProperty(request, 'query', { value: rest });
    // Before the rows are read, so that they hold at least what is stored up to there.
    return from(this.position(context)).pipe(
      switchMap((position) =>
        next.handle().pipe(
          concatMap(async (answer: unknown) => {
            const { rows, ...beside } = answer as Answer;
            const page = beside.next === undefined ? pageOf(rows, question) : { rows, next: beside.next };
            const shown = question.fields ? page.rows.map((row) => only(row, question.fields!)) : page.rows;
            if (format === 'json') return { ...beside, rows: shown, next: page.next, position: `${position}`, asOf };
            const fields = question.fields ?? askable.columns.map(({ name }) => name);
            sendFile(request, response, { next: page.next, position, format });
            if (format === 'csv') return csvOf(fields, shown);
            const columns = fields.flatMap((field) => askable.columns.find(({ name }) => name === field) ?? []);
            const source = { question: request.originalUrl, asOf, position: `${position}`, more: page.next !== null };
            return new StreamableFile(await xlsxOf(columns, shown, source), { type: XLSX });
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

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const formats = ['json', 'csv', 'xlsx'] as const;
type Format = (typeof formats)[number];

function formatOf(request: Request): Format {
  const { format } = request.query;
  if (format === undefined) {
    const media = request.accepts(['application/json', 'text/csv', XLSX]);
    return media === 'text/csv' ? 'csv' : media === XLSX ? 'xlsx' : 'json';
  }
  const found = formats.find((one) => one === format);
  if (found === undefined) throw new Malformed([{ field: 'format', message: 'expected csv, xlsx or json' }]);
  return found;
}

function only(row: Row, fields: readonly string[]): Row {
  return Object.fromEntries(fields.flatMap((field) => (field in row ? [[field, row[field]]] : [])));
}

interface File {
  readonly next: string | null;
  readonly position: bigint;
  readonly format: Exclude<Format, 'json'>;
}

/** The page behind is linked, and the position stated, because a table has no place beside its rows. */
function sendFile(request: Request, response: Response, { next, position, format }: File): void {
  if (format === 'csv') response.type('text/csv; charset=utf-8');
  response.set('Attain-Position', `${position}`);
  const name = request.path.split('/').findLast((part) => /^[\w.-]+$/.test(part)) ?? 'rows';
  response.set('Content-Disposition', `attachment; filename="${name}-${position}.${format}"`);
  if (next === null) return;
  const url = new URL(request.originalUrl, 'http://localhost');
  url.searchParams.set('cursor', next);
  response.append('Link', `<${url.pathname}${url.search}>; rel="next"`);
}
