import { Catch, Inject, Injectable, type RpcExceptionFilter } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { BaseRpcContext, type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import {
  type Comparing,
  type EventBus,
  ForeignModel,
  type ModelComparison,
  type ReadModels,
  StoreFull,
} from '@attain/eventsourcing';
import { isObservable, lastValueFrom, type Observable, throwError } from 'rxjs';
import { CONFIG, type Config } from './config.js';
import { type Batch, type Consumer, EVENTS } from './consumer.js';
import { LOG, type Log } from './log.js';
import { Progress } from './progress.js';
import { EVENT_BUS, READ_MODELS, TOPOLOGY, type Topology } from './tokens.js';
import { tooLong } from './too-long.js';

/** The group of a batch. */
class EventContext extends BaseRpcContext<[string]> {
  constructor(group: string) {
    super([group]);
  }
  get group(): string {
    return this.getArgByIndex(0);
  }
}

/**
 * Nest would answer a handler's error with «Internal server error»; the bus needs the error itself, or the batch counts
 * as done.
 */
@Catch()
export class RethrowingFilter implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

interface Extras {
  token: symbol;
  name: string;
}

/**
 * Connects Nest's event handlers to the EventBus port: one subscription for each consumer group, one batch at a time.
 */
@Injectable()
export class EventTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = EVENTS;
  override readonly propagatesEventHandlerErrors = true;
  private closed: Promise<void> | undefined;
  private readonly running = new Map<string, Awaited<ReturnType<Consumer['start']>>>();

  constructor(
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(Progress) private readonly progress: Progress,
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
    @Inject(TOPOLOGY) private readonly topology: Topology,
    @Inject(READ_MODELS) private readonly models: ReadModels,
  ) {
    super();
  }

  /** Nest would chain two handlers of one group, and two that keep one model would overwrite each other's documents. */
  override addHandler(
    group: string,
    handler: MessageHandler,
    isEventHandler?: boolean,
    extras?: Record<string, unknown>,
  ): void {
    const name = (extras as Extras | undefined)?.name;
    if ([...this.messageHandlers.values()].some((known) => (known.extras as Extras | undefined)?.name === name)) {
      throw new Error(
        `Two features of this process declare ${name ?? group}; projections and policies need names of their own`,
      );
    }
    super.addHandler(group, handler, isEventHandler, extras);
  }

  override listen(callback: (error?: unknown) => void): void {
    this.subscribe().then(() => callback(), callback);
  }

  /** Stops new batches; resolves when running ones are done or their time is over. */
  override close(): Promise<void> {
    this.closed ??= this.stop();
    return this.closed;
  }

  /** Whether the group stopped for good because events are missing behind its position. */
  stopped(group: string): boolean {
    return this.running.get(group)?.failure() !== undefined;
  }

  /** Tries the parked events of a group again; undefined if the group does not exist. */
  async redrive(group: string): Promise<{ redriven: number; parked: number } | undefined> {
    return this.running.get(group)?.redrive();
  }

  /** The names of the groups with a model in this process. */
  get kept(): string[] {
    return [...this.messageHandlers].flatMap(([group, handler]) =>
      this.consumerOf(handler).declaration ? [group] : [],
    );
  }

  /** Compares the models of this process with the log, one after another. */
  async compared({ progress = () => undefined, ...comparing }: Comparing = {}): Promise<ModelComparison[]> {
    const compared: ModelComparison[] = [];
    const consumers = [...this.messageHandlers.values()].map((handler) => this.consumerOf(handler));
    for (const [n, consumer] of consumers.entries()) {
      const comparison = await consumer.compare?.({
        ...comparing,
        progress: (share) => progress((n + share) / consumers.length),
      });
      if (comparison) compared.push(comparison);
      progress((n + 1) / consumers.length);
    }
    return compared;
  }

  /**
   * Rebuilds the model of a group from the log. Resolves when the rebuild has begun, with false if this process keeps
   * no such model. A guest only removes the model; the process that keeps it rebuilds it at its next start.
   */
  async rebuild(group: string): Promise<boolean> {
    const handler = this.messageHandlers.get(group);
    const declaration = handler && this.consumerOf(handler).declaration;
    if (!handler || !declaration) return false;
    await this.running.get(group)?.stop();
    this.running.delete(group);
    await this.models.forget(declaration);
    if (this.topology.guest) this.progress.begin(group, (handler.extras as unknown as Extras).name, 0n);
    else await this.consume(group, handler);
    return true;
  }

  override on(): never {
    throw new Error('The event transport has no events of its own');
  }
  override unwrap<T>(): T {
    return this.bus as T;
  }

  private async stop(): Promise<void> {
    this.progress.stop();
    const stopped = Promise.all([...this.running.values()].map((running) => running.stop()));
    if (await tooLong(stopped, this.config.STOP_SECONDS))
      this.log.warn('Batches in hand did not end in time; they are delivered again at the next start');
  }

  private async subscribe(): Promise<void> {
    await Promise.all([...this.messageHandlers].map(([group, handler]) => this.consume(group, handler)));
    this.progress.started();
  }

  private async consume(group: string, handler: MessageHandler): Promise<void> {
    const { name } = handler.extras as unknown as Extras;
    const context = new EventContext(group);
    const onError = (error: unknown) => {
      this.log.failure(`The batch in hand of ${group} failed and is delivered again`, error, { group });
      if (error instanceof StoreFull) this.progress.full(group, error);
    };
    // The consumer follows the bus through Nest; its batches arrive at its event handler.
    const throughNest: EventBus = {
      close: () => this.bus.close(),
      subscribe: async (subscription) => {
        const { embedded, guest } = this.topology;
        const stored = async () => (await this.running.get(group)?.stored()) ?? subscription.after;
        this.progress.begin(
          group,
          name,
          subscription.after,
          embedded || subscription.everyProcess ? undefined : stored,
        );
        if (guest && !subscription.everyProcess) return { stop: async () => undefined };
        return this.bus.subscribe({
          ...subscription,
          handle: async (events, span) => {
            const batch: Batch = { group, events, span, take: () => subscription.handle(events, span) };
            const result: unknown = await handler(batch, context);
            // An error from a filter arrives as an observable and is lost unless somebody subscribes.
            if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
            this.progress.moved(group, span.through);
          },
        });
      },
    };
    try {
      this.running.set(group, await this.consumerOf(handler).start(throughNest, onError));
    } catch (error) {
      if (!(error instanceof ForeignModel)) throw error;
      this.log.error('A read model does not follow from this log: nothing is answered until it is built anew', {
        group,
        reason: error.message,
      });
      this.progress.stray(group, name, error.position, error.message);
    }
  }

  private consumerOf(handler: MessageHandler): Consumer {
    return this.modules.get<Consumer>((handler.extras as unknown as Extras).token, { strict: false });
  }
}
