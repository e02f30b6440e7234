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
import type { Column } from './columns.rules.js';
import { questionOf } from './question.js';
import { csvOf } from './csv.rules.js';
import { pageOf, type Row } from './rows.js';
import { askableOf, listOf } from './table.js';
import { XLSX, xlsxOf } from './xlsx.js';

interface Answer {
  readonly rows: readonly Row[];
  readonly next?: string | null;
}

/** Every answer with rows is a table: it is paged, sorted, filtered and cut to fields after the operation has left out hidden rows. */
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
    if (!askable) return this.withList(context, next, stated);
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const { question, rest } = questionOf(request.path, request.query, askable);
    const format = formatOf(request);
    stateOf(request).question = question;
    const asOf = asOfIn(rest);
    replaceQuery(request, rest);
    // Read before the rows, so that the rows contain at least the events up to this position.
    return from(this.position(context)).pipe(
      switchMap((position) =>
        next.handle().pipe(
          concatMap(async (answer: unknown) => {
            const { rows, ...beside } = answer as Answer;
            const page = beside.next === undefined ? pageOf(rows, question) : { rows, next: beside.next };
            const shown = question.fields ? page.rows.map((row) => only(row, question.fields!)) : page.rows;
            if (format === 'json') return { ...beside, rows: shown, next: page.next, position: `${position}`, asOf };
            const fields = question.fields ?? askable.columns.map(({ name }) => name);
            const columns = fields.flatMap((field) => askable.columns.find(({ name }) => name === field) ?? []);
            return fileOf(request, response, columns, shown, { next: page.next, position, format, asOf });
          }),
        ),
      ),
    );
  }

  /** An answer with a list is JSON, unless the request asks for the list as a file. */
  private withList(
    context: ExecutionContext,
    next: CallHandler,
    stated: StatedAnswers | undefined,
  ): Observable<unknown> {
    const list = stated && listOf(stated);
    if (!list) return next.handle();
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const format = formatOf(request);
    const { format: _, ...rest } = request.query;
    replaceQuery(request, rest);
    if (format === 'json') return next.handle();
    return from(this.position(context)).pipe(
      switchMap((position) =>
        next.handle().pipe(
          concatMap((answer: unknown) => {
            const rows = (answer as Readonly<Record<string, readonly Row[] | undefined>>)[list.name] ?? [];
            const file = { next: null, position, format, asOf: asOfIn(rest) };
            return fileOf(request, response, list.columns, rows, file);
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

function asOfIn({ asOf }: Query): string | null {
  return typeof asOf === 'string' ? asOf : null;
}

type Query = Readonly<Record<string, unknown>>;

/** Defines the property on the request, because Express parses the query again at each read. */
function replaceQuery(request: Request, query: Query): void {
  Object.defineProperty(request, 'query', { value: query });
}

interface File {
  readonly next: string | null;
  readonly position: bigint;
  readonly format: Exclude<Format, 'json'>;
  readonly asOf: string | null;
}

async function fileOf(
  request: Request,
  response: Response,
  columns: readonly Column[],
  rows: readonly Row[],
  file: File,
): Promise<string | StreamableFile> {
  sendFile(request, response, file);
  if (file.format === 'csv')
    return csvOf(
      columns.map(({ name }) => name),
      rows,
    );
  const { asOf, position, next } = file;
  const source = { question: request.originalUrl, asOf, position: `${position}`, more: next !== null };
  return new StreamableFile(await xlsxOf(columns, rows, source), { type: XLSX });
}

/** The next page and the position are headers, because a file has no place for them. */
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
