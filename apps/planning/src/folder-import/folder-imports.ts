import { leaveRow, personRow, quotaRow, rateRow, relationRow, tableRows } from '@attain/contracts';
import { type Clock, type Context, type EventStore, Refused } from '@attain/eventsourcing';
import { CLOCK, EVENT_STORE, importing, IsId, Jobs, type JobView, rowsOf, RowsQuestion } from '@attain/service';
import { newUuid } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import type { IncomingMessage } from 'node:http';
import { CompanyCommands } from '../company/company.commands.js';
import { LeaveCommands } from '../leaves/leave.commands.js';
import { ParticipantCommands } from '../participants/participant.commands.js';
import { QuotaCommands } from '../quotas/quota.commands.js';
import { RateCommands } from '../rates/rate.commands.js';
import { RelationCommands } from '../relations/relation.commands.js';
import type { Kept, Synced, SyncOptions } from '../sync.js';

export type FolderKind = 'tables' | 'people' | 'relations' | 'rates' | 'quotas' | 'leaves';
export class LeaveRowsQuestion extends RowsQuestion {
  @ApiPropertyOptional({ description: 'The source whose export says so; absent for leaves that a person brings.', example: 'hr' })
  @IsOptional()
  @IsId()
  source?: string;
}
/** What a job of rows answers: counts of streams, and the rows behind what was refused or kept, by index. */
export interface FolderRowsResult extends Omit<Synced, 'refused' | 'kept'> {
  readonly import: string;
  readonly rows: number;
  readonly refused: readonly { at: number; code: string; message: string }[];
  /** At most 1,000, of `keptInAll`. */
  readonly kept: readonly Kept[];
  readonly keptInAll: number;
}
const MOST_LISTED = 1000;

/** The rows of a company folder that planning owns, each kind as a job. */
@Injectable()
export class FolderImports {
  private readonly kinds: Readonly<Record<FolderKind, (request: IncomingMessage, source: string | null) => Promise<{ rows: number; sync(options: SyncOptions, context: Context): Promise<Synced> }>>>;

  constructor(
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CompanyCommands) company: CompanyCommands,
    @Inject(ParticipantCommands) participants: ParticipantCommands,
    @Inject(RelationCommands) relations: RelationCommands,
    @Inject(RateCommands) rates: RateCommands,
    @Inject(QuotaCommands) quotas: QuotaCommands,
    @Inject(LeaveCommands) leaves: LeaveCommands,
  ) {
    const read =
      <Row>(schema: Parameters<typeof rowsOf<Row>>[1], sync: (rows: Row[], options: SyncOptions, context: Context, source: string | null) => Promise<Synced>) =>
      async (request: IncomingMessage, source: string | null) => {
        const rows = await rowsOf(request, schema);
        return { rows: rows.length, sync: (options: SyncOptions, context: Context) => sync(rows, options, context, source) };
      };
    this.kinds = {
      tables: read(tableRows, (rows, options, context) => company.syncTables(rows, options, context)),
      people: read(personRow, (rows, options, context) => participants.sync(rows, options, context)),
      relations: read(relationRow, (rows, options, context) => relations.sync(rows, options, context)),
      rates: read(rateRow, (rows, options, context) => rates.sync(rows, options, context)),
      quotas: read(quotaRow, (rows, options, context) => quotas.sync(rows, options, context)),
      leaves: read(leaveRow, (rows, options, context, source) => leaves.sync(source, rows, options, context)),
    };
  }

  /** Malformed before anything is recorded where a row is none; answers with the job. */
  async start(kind: FolderKind, request: IncomingMessage, question: LeaveRowsQuestion, { key: _, ...told }: Context): Promise<{ import: string; job: JobView }> {
    const id = question.import ?? newUuid();
    const { rows, sync } = await this.kinds[kind](request, question.source ?? null);
    const context = importing({ ...told, recorded: this.clock() }, { import: id, reason: question.reason });
    const options: SyncOptions = { complete: question.complete === 'yes', ...(question.overwrite !== 'yes' && { keep: this.store }) };
    const job = this.jobs.start({ id: `folder-${newUuid()}`, kind: 'folder', title: `${kind} of a folder`, actor: told.actor }, async ({ progress }): Promise<FolderRowsResult> => {
      progress(0, rows);
      const { refused, kept, ...counts } = await sync(options, context);
      progress(rows, rows);
      return { import: id, rows, ...counts, refused: refused.map(refusalOf), kept: kept.slice(0, MOST_LISTED), keptInAll: kept.length };
    });
    return { import: id, job };
  }
}

function refusalOf({ at, error }: { at: number; error: Error }): FolderRowsResult['refused'][number] {
  if (!(error instanceof Refused)) throw error;
  return { at, code: error.code, message: error.message };
}
