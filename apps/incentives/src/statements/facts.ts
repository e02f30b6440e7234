import { Inject, Injectable } from '@nestjs/common';
import type { AttainEvent } from '@attain/contracts';
import type { EventStore } from '@attain/eventsourcing';
import { EVENT_STORE, type FedHistory, HISTORY, type Scope } from '@attain/service';
import { type Concerned, isRecordSeen, isShown } from './shown-facts.rules.js';

/** The content of an event, who recorded it and why, and when it became known. */
export interface StatedFact {
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
   * The fact that moved a number. In a contest it may be of another participant's record, and it may be of another day of the window:
   * then its content is withheld.
   */
  async cause(event: string, scope: Scope, concerned: Concerned): Promise<StatedFact | null> {
    const fact = await this.fact(event, scope, concerned);
    const record = this.history.record(event);
    if (fact === null || scope.everyone || record === null || isRecordSeen(record, scope, concerned)) return fact;
    return { ...fact, data: null, reason: null, effective: null };
  }

  /** Null if the log has no such event. The content is withheld if the scope may not see it. */
  async fact(event: string, scope: Scope, concerned: Concerned): Promise<StatedFact | null> {
    const found = this.history.fact(event);
    if (!found) return null;
    const { position, stream, type, data, recorded } = found;
    const stored = await this.store.readAt(position);
    if (!stored) return null;
    const { actor, reason = null, effective = null } = stored.meta;
    const fact = { event, stream, position: String(position), type, recorded, actor };
    const shown = scope.everyone || isShown(found, scope, concerned, this.history.company().calendar);
    return shown ? { ...fact, data, reason, effective } : { ...fact, data: null, reason: null, effective: null };
  }
}
