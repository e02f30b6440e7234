import type { ReadAll, StoredEvent } from '@attain/eventsourcing';

const PAGE = 1000;

/** A stretch of the log: position of its last event, events in it, and the latest instant told up to there. */
interface Stretch {
  last: bigint;
  count: number;
  latest: string;
}

/**
 * Finds positions by instants. Instants may step back along the log, so it keeps the latest one up to every thousandth event,
 * in memory: one pass over the log when it is first asked, then only over what is new.
 */
export function createInstants(readAll: (options: ReadAll) => AsyncIterable<StoredEvent[]>): { positionAt(instant: string): Promise<bigint> } {
  const stretches: Stretch[] = [];
  let extended: Promise<void> = Promise.resolve();

  async function extend(): Promise<void> {
    for await (const page of readAll({ after: stretches.at(-1)?.last ?? 0n, page: PAGE })) {
      const open = stretches.at(-1);
      const latest = page.reduce((before, { meta }) => (meta.recorded > before ? meta.recorded : before), open?.latest ?? '');
      const last = page.at(-1)?.position ?? 0n;
      if (open && open.count + page.length <= PAGE) Object.assign(open, { last, count: open.count + page.length, latest });
      else stretches.push({ last, count: page.length, latest });
    }
  }

  return {
    async positionAt(instant) {
      const at = new Date(instant).toISOString();
      extended = extended.catch(() => undefined).then(extend);
      await extended;
      const known = stretches.findIndex(({ latest }) => latest > at);
      let before = stretches.at(known < 0 ? -1 : known - 1)?.last ?? 0n;
      if (known < 0) return before;
      if (known === 0) before = 0n;
      for await (const page of readAll({ after: before, upTo: stretches[known]?.last, page: PAGE })) {
        for (const { position, meta } of page) {
          if (meta.recorded > at) return before;
          before = position;
        }
      }
      return before;
    },
  };
}
