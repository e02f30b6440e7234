import type { EventStore, ReadModel } from '@attain/eventsourcing';

/** Whether a model has every event of its categories; waits for it until the deadline. */
export async function caughtUp(
  store: EventStore,
  model: Pick<ReadModel, 'position'>,
  categories: readonly string[],
  milliseconds: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const head = await store.head();
  const until = performance.now() + milliseconds;
  for (let pause = 1; ; pause = Math.min(100, pause * 2)) {
    signal?.throwIfAborted();
    const after = await model.position();
    if (after >= head || (await isEmpty(store, categories, after, head))) return true;
    const left = until - performance.now();
    if (left <= 0) return false;
    await new Promise((resume) => setTimeout(resume, Math.min(pause, left)));
  }
}

async function isEmpty(
  store: EventStore,
  categories: readonly string[],
  after: bigint,
  upTo: bigint,
): Promise<boolean> {
  for await (const page of store.readAll({ categories, after, upTo, page: 1 })) if (page.length > 0) return false;
  return true;
}
