import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { AttainEvent } from '@attain/contracts';
import { type Decoded, type ReadModels, type Reaction, Transient } from '@attain/eventsourcing';
import { type FedHistory, HISTORY, NotReady, READ_MODELS, type Reacting } from '@attain/service';
import { issuedStatementsProjection, WHOLE } from '../statements/issued-statements.projection.js';
import { Anchors } from './anchors.js';

/** Milliseconds for which the policy waits for the statements of a close, so that the anchor covers them. */
const PATIENCE = 10_000;

/**
 * A period is closed → an anchor is stored outside the database. A repeated event writes nothing twice. If the anchor cannot be
 * written, the event is parked with the reason, so that an operator sees a directory without room or rights.
 */
@Injectable()
export class WriteAnchors implements Reacting {
  constructor(
    @Inject(Anchors) private readonly anchors: Anchors,
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(READ_MODELS) private readonly models: ReadModels,
  ) {}

  async react(event: Decoded<AttainEvent>): Promise<Reaction[]> {
    if (event.type !== 'PeriodClosed') return [];
    const { period, participants } = event.data;
    await this.history.reached(event.position).catch((error: unknown) => {
      throw error instanceof NotReady ? new Transient(error.message) : error;
    });
    const issued = this.models.model(issuedStatementsProjection.name);
    for (let left = PATIENCE; left > 0 && (await issued.count({ period, ...WHOLE })) < participants; left -= 50)
      await pause(50);
    await this.anchors.keepClose(period, event.position);
    return [];
  }
}
