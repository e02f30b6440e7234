import { Inject, Injectable } from '@nestjs/common';
import type { AttainEvent } from '@attain/contracts';
import type { EventStore } from '@attain/eventsourcing';
import { EVENT_STORE, type FedHistory, HISTORY } from '@attain/service';

/** What an event said, who said it and why, and when that became known. */
export interface Said {
  event: string;
  stream: string;
  position: string;
  type: AttainEvent['type'];
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

  /** Null when the log has no such event. */
  async said(event: string): Promise<Said | null> {
    const fact = this.history.fact(event);
    if (!fact) return null;
    const { position, stream, type, data, recorded } = fact;
    const stored = await this.store.readAt(position);
    if (!stored) return null;
    const { actor, reason = null, effective = null } = stored.meta;
    return { event, stream, position: String(position), type, data, recorded, actor, reason, effective };
  }
}
