import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { EventStore } from '@attain/eventsourcing';
import type { Request, Response } from 'express';
import { from, map, type Observable, switchMap } from 'rxjs';
import { CONFIG, type Config } from './config.js';
import type { Permission } from './identity/roles.js';
import { ForeignModels, Malformed } from './problem.js';
import { Progress } from './progress.js';
import { COMMAND, PERMISSION, PUBLIC, READS } from './route.js';
import { EVENT_STORE } from './tokens.js';

/** Adds the position to the answers of commands, and lets queries wait for a position. */
@Injectable()
export class CommandInterceptor implements NestInterceptor {
  private first: bigint | undefined;

  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Progress) private readonly progress: Progress,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    this.refuseForeign(context);
    const http = context.switchToHttp();
    const response = http.getResponse<Response>();
    if (this.reflector.get<boolean | undefined>(COMMAND, context.getHandler())) {
      return next.handle().pipe(map((outcome: unknown) => effectOf(outcome, response)));
    }
    const models = this.reflector.get<string[] | undefined>(READS, context.getHandler());
    const asked = positionIn(http.getRequest<Request>());
    if (!models && asked === undefined) return next.handle();
    return from(this.wait(asked, models)).pipe(switchMap(() => next.handle()));
  }

  /**
   * Refuses while models do not follow from the log, because numbers would be wrong and commands would be decided
   * without the lost events.
   */
  private refuseForeign(context: ExecutionContext): void {
    const foreign = this.progress.foreign();
    if (foreign.length === 0) return;
    const places = [context.getHandler(), context.getClass()];
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(PERMISSION, places);
    const open = this.reflector.getAllAndOverride<string | undefined>(PUBLIC, places) !== undefined;
    if (open || (permission && /^(platform|session|users|audit):|^jobs:read$/.test(permission))) return;
    throw new ForeignModels(foreign);
  }

  /**
   * Even without a position, queries wait until the events that existed at the start are loaded, because half a history
   * gives wrong numbers.
   */
  private async wait(asked: bigint | undefined, of: readonly string[] | undefined): Promise<void> {
    this.first ??= await this.store.head();
    const first = this.first;
    const position = asked !== undefined && asked > first ? asked : first;
    // A position behind the head of the log cannot be waited for.
    if (position > first && position > (await this.store.head()))
      throw new Malformed([
        {
          field: 'Attain-Position',
          message: `expected a position that a command has answered, found ${position}, after the last event`,
        },
      ]);
    await this.progress.reached(position, { patience: this.config.WAIT_SECONDS * 1000, ...(of && { of }) });
  }
}

function positionIn(request: Request): bigint | undefined {
  const text = request.get('Attain-Position');
  if (text === undefined) return undefined;
  if (!/^\d{1,19}$/.test(text))
    throw new Malformed([{ field: 'Attain-Position', message: 'expected a position, such as 1234' }]);
  return BigInt(text);
}

function effectOf(outcome: unknown, response: Response): unknown {
  if (typeof outcome !== 'object' || outcome === null || !('position' in outcome)) return outcome;
  response.set('Attain-Position', String(outcome.position));
  if (!('stream' in outcome) || !('revision' in outcome)) return outcome;
  const { repeated, events: _, ...answer } = outcome as { repeated?: boolean; events?: number };
  // A repeated command has the same body as the first, byte for byte; a header states the repetition.
  if (repeated) response.set('Idempotent-Replayed', 'true');
  return answer;
}
