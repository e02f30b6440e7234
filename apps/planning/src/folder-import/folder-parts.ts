import type { LeaveRow, ObjectiveRow, PersonRow, QuotaRow, RateRow, RelationRow, ScoreRow } from '@attain/contracts';
import { type Context, type EventStore, Refused } from '@attain/eventsourcing';
import {
  type CompanyAnswer,
  type CompanyOrder,
  EVENT_STORE,
  FOLDER_COMPANY,
  FOLDER_ROWS,
  type FolderKind,
  Handovers,
  refusalIn,
  type RowsAnswer,
  type RowsOrder,
} from '@attain/service';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CompanyCommands } from '../company/company.commands.js';
import { versionName } from '../company/company-uses.js';
import type { Table } from '../company/table.decider.js';
import { LeaveCommands } from '../leaves/leave.commands.js';
import { ObjectiveCommands } from '../objectives/objective.commands.js';
import { ParticipantCommands } from '../participants/participant.commands.js';
import { PlanningRows } from '../planning-rows.js';
import { QuotaCommands } from '../quotas/quota.commands.js';
import { RateCommands } from '../rates/rate.commands.js';
import { RelationCommands } from '../relations/relation.commands.js';
import { ScoreCommands } from '../scores/score.commands.js';
import type { Synced, SyncOptions } from '../sync.js';

const MOST_KEPT = 1000;
type Sync = (rows: readonly never[], options: SyncOptions, context: Context) => Promise<Synced>;

/** The parts of a company folder or of an export that planning owns, which the import hands over. */
@Injectable()
export class FolderParts implements OnModuleInit {
  private readonly kinds: Readonly<Record<FolderKind, Sync>>;

  constructor(
    @Inject(Handovers) private readonly handovers: Handovers,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CompanyCommands) private readonly company: CompanyCommands,
    @Inject(PlanningRows) private readonly texts: PlanningRows,
    @Inject(ParticipantCommands) participants: ParticipantCommands,
    @Inject(RelationCommands) relations: RelationCommands,
    @Inject(RateCommands) rates: RateCommands,
    @Inject(QuotaCommands) quotas: QuotaCommands,
    @Inject(LeaveCommands) leaves: LeaveCommands,
    @Inject(ObjectiveCommands) objectives: ObjectiveCommands,
    @Inject(ScoreCommands) scores: ScoreCommands,
  ) {
    this.kinds = {
      tables: (rows: readonly Table[], ...more) => company.syncTables(rows, ...more),
      people: (rows: readonly PersonRow[], ...more) => participants.sync(rows, ...more),
      relations: (rows: readonly RelationRow[], ...more) => relations.sync(rows, ...more),
      rates: (rows: readonly RateRow[], ...more) => rates.sync(rows, ...more),
      quotas: (rows: readonly QuotaRow[], ...more) => quotas.sync(rows, ...more),
      objectives: (rows: readonly ObjectiveRow[], ...more) => objectives.sync(rows, ...more),
      scores: (rows: readonly ScoreRow[], ...more) => scores.sync(rows, ...more),
      leaves: (rows: readonly LeaveRow[], ...more) => leaves.sync(null, rows, ...more),
    };
  }

  onModuleInit(): void {
    this.handovers.take<RowsOrder>(FOLDER_ROWS, (order) => this.rows(order));
    this.handovers.take<CompanyOrder>(FOLDER_COMPANY, (order) => this.configured(order));
  }

  private async rows({ kind, rows, texts, source, complete, keepEntered, context }: RowsOrder): Promise<RowsAnswer> {
    const options: SyncOptions = { complete, ...(keepEntered && { keep: this.store }) };
    const { refused, kept, ...counts } = await this.syncOf(kind, texts, source)(
      rows as readonly never[],
      options,
      context,
    );
    return {
      ...counts,
      refused: refused.map(({ at, error }) => ({ at, problem: refusalIn(error) })),
      kept: kept.slice(0, MOST_KEPT),
    };
  }

  private syncOf(kind: FolderKind, texts: boolean, source = ''): Sync {
    if (!texts) return this.kinds[kind];
    if (kind === 'people') return (rows, options, context) => this.texts.people(rows, options, context);
    if (kind === 'quotas') return (rows, options, context) => this.texts.quotaRows(rows, options, context);
    if (kind === 'scores') return (rows, options, context) => this.texts.scoreRows(rows, options, context);
    if (kind === 'leaves') return (rows, options, context) => this.texts.leaveRows(source, rows, options, context);
    throw new Refused('NOT_SUPPORTED', `no export brings ${kind}`);
  }

  private async configured({ document, keepEntered, replacing, context }: CompanyOrder): Promise<CompanyAnswer> {
    if (keepEntered) await this.company.refuseEntered(document);
    const plans = replacing.plans && new Set(replacing.plans.map(({ plan, version }) => versionName(plan, version)));
    const { events } = await this.company.configure(document, context, {
      quotas: replacing.quotas,
      plans,
      keepEntered,
    });
    return { changed: events > 0 };
  }
}
