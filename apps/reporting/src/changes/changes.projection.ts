import type { AttainEvent } from '@attain/contracts';
import type { Projection } from '@attain/eventsourcing';
import { changedBy } from './changed.rules.js';
import type { ChangeRow } from './changes.answers.js';

/** A change with its place in the log; the value before is the value of the last change of the object. */
export type ChangeDocument = Omit<ChangeRow, 'before'> & { place: number };

type Recorded = Parameters<Projection<ChangeDocument, AttainEvent>['keys']>[0];

/** One document for each change. Of deals only changes by people are kept, because their imports are kept as imports. */
export const changesProjection: Projection<ChangeDocument, AttainEvent> = {
  name: 'changes',
  version: 1,
  indexes: [
    ['at', 'place'],
    ['kind', 'at'],
    ['kind', 'object', 'place'],
  ],
  categories: [
    'quota',
    'objective',
    'score',
    'leave',
    'participant',
    'relation',
    'plan',
    'signature',
    'adjustment',
    'period',
    'approval',
    'review',
    'release',
    'company',
    'table',
    'source',
    'rate',
    'import',
    'quarantine',
    'deal',
    'user',
  ],
  keys: (event) => (isKept(event) ? [event.id] : []),
  evolve(_, event) {
    const { id, type, stream, position, meta } = event;
    const changed = changedBy(event as AttainEvent, stream);
    if (changed === undefined) return undefined;
    return {
      event: id,
      at: meta.recorded,
      by: meta.actor,
      type,
      ...changed,
      reason: meta.reason ?? statedIn(event.data),
      effective: meta.effective ?? null,
      place: Number(position),
    };
  },
};

function isKept(event: Recorded): boolean {
  if (event.stream.startsWith('deal-') && !isByHand(event)) return false;
  return changedBy(event as AttainEvent, event.stream) !== undefined;
}

/** Some events carry their reason in their data. */
function statedIn(data: object): string | null {
  return 'reason' in data && typeof data.reason === 'string' ? data.reason : null;
}

/** An import states its cause, and the folder on the server's own disk is an actor of its own. */
function isByHand({ meta }: Recorded): boolean {
  return meta.causation === undefined && meta.actor !== 'folder';
}
