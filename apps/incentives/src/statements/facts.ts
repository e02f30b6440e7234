import { Inject, Injectable } from '@nestjs/common';
import type { AttainEvent } from '@attain/contracts';
import type { EventStore } from '@attain/eventsourcing';
import { EVENT_STORE, type FedHistory, HISTORY, type Scope } from '@attain/service';
import { type Concerned, isRecordSeen, isShown } from './shown-facts.rules.js';

/** The content of an event, who recorded it and why, and when it became known. */
export interface Said {
  event: string;
  stream: string;
  position: string;
  type: AttainEvent['type'];
  /** Null, like the reason, for days that the caller may not see. */
  data: unknown;
  recorded: string;
  actor: string;
  reason: string | null;
  effective: string | null;
}

@Injectable()
export class Facts {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  /**
   * The fact that moved a number, which may be of a record of somebody else, as in a contest, or of another day of the window: then
   * without what it says.
   */
  async cause(event: string, scope: Scope, concerned: Concerned): Promise<Said | null> {
    const said = await this.said(event, scope, concerned);
    const record = this.history.record(event);
    if (said === null || scope.everyone || record === null || isRecordSeen(record, scope, concerned)) return said;
    return { ...said, data: null, reason: null, effective: null };
  }

  /** Null when the log has no such event; without what it says where that is not the scope's to see. */
  async said(event: string, scope: Scope, concerned: Concerned): Promise<Said | null> {
    const fact = this.history.fact(event);
    if (!fact) return null;
    const { position, stream, type, data, recorded } = fact;
    const stored = await this.store.readAt(position);
    if (!stored) return null;
    const { actor, reason = null, effective = null } = stored.meta;
    const said = { event, stream, position: String(position), type, recorded, actor };
    const shown = scope.everyone || isShown(fact, scope, concerned, this.history.company().calendar);
    return shown ? { ...said, data, reason, effective } : { ...said, data: null, reason: null, effective: null };
  }
}
