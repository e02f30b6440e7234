import type {
  EventBus,
  FollowedStore,
  ModelWriter,
  Publisher,
  ReadModels,
  Span,
  StoredEvent,
} from '@attain/eventsourcing';

/** Treats every rejection of a batch as acceptance. */
export const deafBus =
  (swallowed: () => void) =>
  (bus: EventBus): EventBus => ({
    ...bus,
    subscribe: (subscribe) =>
      bus.subscribe({ ...subscribe, handle: (events, span) => subscribe.handle(events, span).catch(swallowed) }),
  });

/** Drops batches that arrive while one is handled. */
export const droppingBus =
  (dropped: () => void) =>
  (bus: EventBus): EventBus => ({
    ...bus,
    subscribe(subscribe) {
      let busy = false;
      const handle = async (events: readonly StoredEvent[], span: Span): Promise<void> => {
        if (busy) return dropped();
        busy = true;
        void subscribe
          .handle(events, span)
          .catch((error: unknown) => subscribe.onError?.(error))
          .finally(() => (busy = false));
      };
      return bus.subscribe({ ...subscribe, handle });
    },
  });

/** Continues from its own position, even if another process has worked meanwhile. */
export const forgetfulBus = (bus: EventBus): EventBus => ({
  ...bus,
  subscribe: ({ resume: _, ...subscribe }) => bus.subscribe(subscribe),
});

/** Numbers events in the order of arrival. */
export function countingBus(bus: EventBus): EventBus {
  return {
    ...bus,
    subscribe(subscribe) {
      let at = 0n;
      const handle = (events: readonly StoredEvent[]): Promise<void> => {
        const after = at;
        const numbered = events.map((event, n) => ({
          ...event,
          position: after + BigInt(n + 1),
          stream: event.stream,
          revision: n,
        }));
        at += BigInt(events.length);
        return subscribe.handle(numbered, { after, through: at });
      };
      return bus.subscribe({ ...subscribe, handle });
    },
  };
}

/** Writes without checking any position. */
export function unguardedModels(models: ReadModels): ReadModels {
  // Ahead of the position of every other process.
  const forced = (): bigint => (1n << 60n) + process.hrtime.bigint();
  return writing(models, (writer) => ({
    ...writer,
    getMany: async (keys) =>
      new Map([...(await writer.getMany(keys))].map(([key, placed]) => [key, { ...placed, position: 0n }])),
    async commit(write) {
      const documents = new Map([...write.documents].map(([key, placed]) => [key, { ...placed, position: forced() }]));
      for (;;) {
        const after = await writer.position();
        const position = after > write.position ? after : write.position;
        try {
          return await writer.commit({ ...write, after, position, documents });
        } catch (error) {
          if ((await writer.position()) === after) throw error;
        }
      }
    },
  }));
}

/** Moves the position before the documents are written; `between` may be the end of it. */
export function prematureModels(models: ReadModels, between: () => Promise<void>): ReadModels {
  return committing(models, async (commit, write) => {
    await commit({ ...write, documents: new Map() });
    if (write.documents.size > 0) await between();
    await commit({ ...write, after: write.position });
  });
}

type Commit = ModelWriter['commit'];
export function committing(
  models: ReadModels,
  commit: (commit: Commit, write: Parameters<Commit>[0]) => Promise<void>,
): ReadModels {
  return writing(models, (writer) => ({ ...writer, commit: (write) => commit(writer.commit.bind(writer), write) }));
}
function writing(models: ReadModels, spoil: (writer: ModelWriter) => ModelWriter): ReadModels {
  return {
    ...models,
    writer: async (declaration) => spoil((await models.writer(declaration)) as ModelWriter) as never,
  };
}

/** Sends without waiting for an acknowledgement. */
export const careless =
  (swallowed: () => void) =>
  (publisher: Publisher): Publisher => ({
    ...publisher,
    publish: (events, span) => publisher.publish(events, span).catch(swallowed),
  });

/** Has no canary: once the subscription is silent, it receives nothing for ever. */
export const trusting =
  (silent: () => boolean) =>
  (store: FollowedStore): FollowedStore => ({
    ...store,
    onAppend: (listener) => store.onAppend(() => (silent() ? undefined : listener())),
  });
