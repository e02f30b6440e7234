import type { Context, EventStore } from '@attain/eventsourcing';
import { EVENT_STORE } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import type { As } from '../imports/fields.rules.js';
import { Imports } from '../imports/imports.js';
import type { CorrectedRow, QuarantineDocument } from './quarantine.answers.js';
import { quarantineDecider } from './quarantine.decider.js';
import { waitingKey } from './waiting.rules.js';

/** Reads a corrected row again, and returns its state. */
@Injectable()
export class Corrections {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(Imports) private readonly imports: Imports,
  ) {}

  async replay(row: QuarantineDocument, corrected: string, context: Context): Promise<CorrectedRow> {
    const { quarantine, source, as } = row;
    const { position } = await this.imports.replay({ source, as: as as As, only: quarantine }, context);
    const last = BigInt(position) > BigInt(corrected) ? position : corrected;
    const problem = await this.problemOf(row);
    return { quarantine, recorded: problem === null, problem, position: last };
  }

  private async problemOf(row: QuarantineDocument): Promise<CorrectedRow['problem']> {
    const { category } = quarantineDecider;
    let problem: CorrectedRow['problem'] = null;
    for await (const page of this.store.readStream(`${category}-${waitingKey(row.as, row)}`))
      for (const { type, data } of page) {
        if (type === 'RowReleased') problem = null;
        if (type !== 'RowQuarantined') continue;
        const { field, expected, found } = data as QuarantineDocument;
        problem = { field, expected, found };
      }
    return problem;
  }
}
