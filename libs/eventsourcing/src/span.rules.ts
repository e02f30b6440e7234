import type { StoredEvent } from './events.js';
import type { Span } from './ports.js';

/** Events are missing between the group's position and the batch, or the batch has another order; only a rebuild helps. */
export class Gap extends Error {
  override readonly name = 'Gap';
}

/**
 * A batch must begin at the group's position or before, and lie within its span in the order of positions; events of one
 * stream follow one another. Positions themselves may jump where other categories are left out.
 */
export function checkSpan(
  group: string,
  position: bigint,
  events: readonly StoredEvent[],
  { after, through }: Span,
): void {
  if (after > position)
    throw new Gap(`${group} holds events up to ${position}, but the next batch begins after ${after}`);
  let last = after;
  const revisions = new Map<string, number>();
  for (const event of events) {
    if (event.position <= last || event.position > through)
      throw new Gap(`${group}: position ${event.position} came after ${last} in a batch that ends at ${through}`);
    const revision = revisions.get(event.stream);
    if (revision !== undefined && event.revision !== revision + 1)
      throw new Gap(
        `${group}: ${event.stream} goes from revision ${revision} to ${event.revision} at position ${event.position}`,
      );
    revisions.set(event.stream, event.revision);
    last = event.position;
  }
}
