import { leaveRow, personRow, quotaRow, scoreRow } from '@attain/contracts';
import { type Context, Refused } from '@attain/eventsourcing';
import { Inject, Injectable } from '@nestjs/common';
import { LeaveCommands } from './leaves/leave.commands.js';
import { ParticipantCommands } from './participants/participant.commands.js';
import { QuotaCommands } from './quotas/quota.commands.js';
import { ScoreCommands } from './scores/score.commands.js';
import type { Synced, SyncOptions } from './sync.js';

type Rows = readonly Readonly<Record<string, string>>[];
interface Schema<Row> {
  safeParse(
    row: unknown,
  ):
    | { success: true; data: Row }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

/** People, quotas, leaves and scores that an import of pipeline reads: rows of texts, as people.csv and quotas.csv have them. */
@Injectable()
export class PlanningRows {
  constructor(
    @Inject(ParticipantCommands) private readonly participants: ParticipantCommands,
    @Inject(QuotaCommands) private readonly quotas: QuotaCommands,
    @Inject(LeaveCommands) private readonly leaves: LeaveCommands,
    @Inject(ScoreCommands) private readonly scores: ScoreCommands,
  ) {}

  people(rows: Rows, options: SyncOptions, context: Context): Promise<Synced> {
    return sound(rows, personRow, options, (people, only) => this.participants.sync(people, only, context));
  }

  quotaRows(rows: Rows, options: SyncOptions, context: Context): Promise<Synced> {
    return sound(rows, quotaRow, options, (quotas, only) => this.quotas.sync(quotas, only, context));
  }

  scoreRows(rows: Rows, options: SyncOptions, context: Context): Promise<Synced> {
    return sound(rows, scoreRow, options, (scores, only) => this.scores.sync(scores, only, context));
  }

  leaveRows(source: string, rows: Rows, options: SyncOptions, context: Context): Promise<Synced> {
    return sound(rows, leaveRow, options, (leaves, only) => this.leaves.sync(source, leaves, only, context));
  }
}

/** Malformed rows are refused one by one. Then the file is incomplete, so nothing is retracted. */
async function sound<Row>(
  rows: Rows,
  schema: Schema<Row>,
  options: SyncOptions,
  sync: (rows: Row[], options: SyncOptions) => Promise<Synced>,
): Promise<Synced> {
  const refused: Synced['refused'] = [];
  const places: number[] = [];
  const parsed: Row[] = [];
  rows.forEach((row, at) => {
    const result = schema.safeParse(row);
    if (result.success) {
      places.push(at);
      parsed.push(result.data);
    } else
      refused.push({
        at,
        error: new Refused(
          'INVALID_ROW',
          result.error.issues.map(({ path, message }) => `${path.join('.') || 'row'}: ${message}`).join('; '),
        ),
      });
  });
  const synced = await sync(parsed, { ...options, complete: options.complete && refused.length === 0 });
  const kept = synced.kept.map((one) => ({ ...one, at: places[one.at] ?? -1 }));
  const later = synced.refused.map(({ at, error }) => ({ at: at < 0 ? at : places[at]!, error }));
  return { ...synced, kept, refused: [...refused, ...later].sort((a, b) => a.at - b.at) };
}
