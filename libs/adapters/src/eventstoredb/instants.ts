import { beginStretch, CLOCK, type ReadAll, type StoredEvent, type Stretch, stretchAt } from '@attain/eventsourcing';

const PAGE = 1000;

/** Up to a thousand events: position of the last one, their count, and the latest instant from the stretch's beginning up to there. */
interface Block {
  last: bigint;
  count: number;
  latest: string;
}
interface Blocks extends Stretch {
  /** Position before its first event. */
  before: bigint;
  blocks: Block[];
}

/**
 * Finds positions by instants. Instants may step back along the log, so the latest one up to every thousandth event is cached
 * in memory: the first query scans the log, later ones only new events.
 */
export function createInstants(readAll: (options: ReadAll) => AsyncIterable<StoredEvent[]>): {
  positionAt(instant: string): Promise<bigint>;
} {
  const stretches: Blocks[] = [{ least: '', before: 0n, blocks: [] }];
  let passed = 0n;
  let extended: Promise<void> = Promise.resolve();

  function take({ category, position, meta: { recorded } }: StoredEvent): void {
    if (category === CLOCK) beginStretch(stretches, { least: recorded, before: passed, blocks: [] });
    const { blocks } = stretches.at(-1) as Blocks;
    const open = blocks.at(-1);
    const latest = open && open.latest > recorded ? open.latest : recorded;
    if (open && open.count < PAGE) Object.assign(open, { last: position, count: open.count + 1, latest });
    else blocks.push({ last: position, count: 1, latest });
    passed = position;
  }

  async function extend(): Promise<void> {
    for await (const page of readAll({ after: passed, page: PAGE })) page.forEach(take);
  }

  return {
    async positionAt(instant) {
      const at = new Date(instant).toISOString();
      extended = extended.catch(() => undefined).then(extend);
      await extended;
      const { before: begin, blocks } = stretches[stretchAt(stretches, at)] as Blocks;
      const known = blocks.findIndex(({ latest }) => latest > at);
      let before = blocks.at(known < 0 ? -1 : known - 1)?.last ?? begin;
      if (known < 0) return before;
      if (known === 0) before = begin;
      for await (const page of readAll({ after: before, upTo: blocks[known]?.last, page: PAGE })) {
        for (const { position, meta } of page) {
          if (meta.recorded > at) return before;
          before = position;
        }
      }
      return before;
    },
  };
}
