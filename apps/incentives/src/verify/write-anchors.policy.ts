import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { AttainEvent } from '@attain/contracts';
import { type Decoded, type ReadModels, type Reaction, Transient } from '@attain/eventsourcing';
import { type FedHistory, HISTORY, NotReady, READ_MODELS, type Reacting } from '@attain/service';
import { issuedStatementsProjection, WHOLE } from '../statements/issued-statements.projection.js';
import { Anchors } from './anchors.js';

/** Milliseconds in which the statements of a close are waited for, so that its anchor holds them too. */
const PATIENCE = 10_000;

/**
 * A period is closed → an anchor is kept outside the database. No command follows, and heard again nothing is written twice. An anchor
 * that cannot be written parks the event with the reason, so that nobody takes a place without room or rights for an anchor.
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
