import { type Context, type EventStore, type Executor, type Outcome, Refused } from '@attain/eventsourcing';
import { type Days, EVENT_STORE, EXECUTOR } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { namesOf } from '../participants/names-of.js';
import { calendarOf, CompanyQueries } from '../company/company.queries.js';
import { statesOf, syncStreams, together, type StreamSync, type Synced, type SyncOptions } from '../sync.js';
import { type QuotaCommand, quotaDecider, type QuotaKey } from './quota.decider.js';
import { quotaOf, type QuotaFacts, type QuotaRow } from './quota.rules.js';

export type QuotaFileRow = QuotaRow & { readonly reason?: string | undefined };

@Injectable()
export class QuotaCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CompanyQueries) private readonly company: CompanyQueries,
  ) {}

  /** Records QuotaAssigned first, then QuotaChanged for differences. Refused: UNKNOWN_PERIOD, UNKNOWN_MEASURE, INVALID_FIELD. */
  async assign(row: QuotaRow, context: Context): Promise<Outcome> {
    if (row.amount === 'none') return this.withdraw(row, context);
    return this.execute(row, { do: 'assign', quota: quotaOf(row) }, context);
  }

  async withdraw(which: QuotaKey, context: Context): Promise<Outcome> {
    return this.execute(which, { do: 'withdraw', which }, context);
  }

  /** The days of a period of the company's calendar; Refused UNKNOWN_PERIOD. */
  async daysOf(period: string): Promise<Days> {
    return periodOf(period, await this.facts());
  }

  /** The rows of quotas.csv; `none` withdraws. Rows of one person and measure are refused together. */
  async sync(rows: readonly QuotaFileRow[], options: SyncOptions, context: Context): Promise<Synced> {
    const decider = quotaDecider(await this.facts());
    const paid = await this.withNames(context);
    const known = await statesOf(this.store, decider);
    const files = new Map<string, { at: number; rows: QuotaFileRow[] }>();
    rows.forEach((row, at) => {
      const file = files.get(keyOf(row)) ?? { at, rows: [] };
      file.rows.push(row);
      files.set(keyOf(row), file);
    });
    // Commands share their metadata and the reason is in it, so each reason is recorded separately.
    const byReason = new Map<string, StreamSync<QuotaCommand>[]>();
    for (const [id, { at, rows: listed }] of files) {
      const { for: whose, measure } = listed[0]!;
      const before = Object.values(known.get(id) ?? {});
      const stays = options.complete ? [] : before.filter(({ period }) => !listed.some((row) => row.period === period));
      const quotas = [...stays, ...listed.filter(({ amount }) => amount !== 'none').map(quotaOf)];
      const reason = listed.findLast((row) => row.reason)?.reason ?? '';
      byReason.set(reason, [
        ...(byReason.get(reason) ?? []),
        { id, at, command: { do: 'sync', for: whose, measure, quotas } },
      ]);
    }
    if (options.complete) {
      const gone = [...known].filter(([id, state]) => !files.has(id) && Object.keys(state).length > 0);
      const streams = gone.map(([id, state]): StreamSync<QuotaCommand> => {
        const { for: whose, measure } = Object.values(state)[0]!;
        return { id, at: undefined, command: { do: 'sync', for: whose, measure, quotas: [] } };
      });
      byReason.set('', [...(byReason.get('') ?? []), ...streams]);
    }
    const parts: Synced[] = [];
    for (const [reason, streams] of byReason) {
      const of = { keyOf: ({ period }: { period: string }) => period };
      parts.push(
        await syncStreams(
          this.executor,
          decider,
          streams,
          { ...paid, ...(reason && { reason }) },
          { keep: options.keep, parts: of },
        ),
      );
    }
    return parts.length === 0
      ? { changed: 0, unchanged: 0, retracted: 0, refused: [], kept: [], position: '0' }
      : together(parts);
  }

  private async execute(which: QuotaKey, command: QuotaCommand, context: Context): Promise<Outcome> {
    const facts = await this.facts();
    return this.executor.execute(quotaDecider(facts), keyOf(which), command, {
      ...(await this.withNames(context)),
      effective: context.effective ?? periodOf(which.period, facts).from,
    });
  }

  /** A quota of a team or region counts for its members too. */
  private async withNames(context: Context): Promise<Context> {
    return context.self === undefined ? context : { ...context, self: await namesOf(this.store, context.self) };
  }

  private async facts(): Promise<QuotaFacts> {
    const company = await this.company.company();
    return { calendar: calendarOf(company), measures: company?.measures && Object.keys(company.measures) };
  }
}

/** A quota is effective from the first day of its period, unless another day is given. */
function periodOf(period: string, { calendar }: QuotaFacts): Days {
  try {
    return calendar.period(period);
  } catch (error) {
    throw new Refused('UNKNOWN_PERIOD', `period: ${(error as Error).message}`, { field: 'period' });
  }
}

function keyOf({ for: whose, measure }: { for: string; measure: string }): string {
  return `${whose}~${measure}`;
}
