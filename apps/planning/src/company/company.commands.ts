import { checkCompany } from '@attain/compensation';
import type { Context, EventStore, Executor, Outcome } from '@attain/eventsourcing';
import { EVENT_STORE, EXECUTOR, keptAsEntered, lastEntered, Malformed } from '@attain/service';
import { canonicalJson } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { statesOf, syncStreams, type StreamSync, type Synced, type SyncOptions } from '../sync.js';
import { bearsOnHistory, NO_USES } from './company-changes.rules.js';
import { COMPANY, companyDecider, companyDeciderOf } from './company.decider.js';
import { type Replacing, UsesOfCompany } from './company-uses.js';
import { type Table, type TableCommand, tableDecider } from './table.decider.js';

@Injectable()
export class CompanyCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(UsesOfCompany) private readonly uses: UsesOfCompany,
  ) {}

  /**
   * company.yaml as written; Malformed with every error if it is invalid. Refused MEASURE_IN_USE, CURRENCY_IN_USE, CALENDAR_IN_USE
   * and TIME_ZONE_IN_USE if stored numbers would lose their meaning. `replacing`: the quotas and plans of the same import.
   */
  async configure(
    document: Readonly<Record<string, unknown>>,
    context: Context,
    replacing?: Replacing,
  ): Promise<Outcome> {
    const tables = [...(await statesOf(this.store, tableDecider)).values()].filter((table) => table !== null);
    const problems = checkCompany(
      document,
      Object.fromEntries(tables.map(({ table, columns, rows }) => [table, { columns, rows }])),
    );
    if (problems.length > 0)
      throw new Malformed(
        problems.map(({ path, code, message }) => ({ field: path.join('.') || 'company', message, code })),
      );
    const before = (await statesOf(this.store, companyDecider)).get(COMPANY) ?? null;
    // The log is read only for changes that a use could forbid.
    const uses = bearsOnHistory(before, document) ? await this.uses.now(replacing) : NO_USES;
    return this.executor.execute(companyDeciderOf(uses), COMPANY, { document }, context);
  }

  /** Refused ENTERED_BY_HAND if somebody entered another document by hand. */
  async refuseEntered(document: Readonly<Record<string, unknown>>): Promise<void> {
    const entered = await lastEntered(this.store, `${companyDecider.category}-${COMPANY}`);
    const now = (await statesOf(this.store, companyDecider)).get(COMPANY);
    if (entered && canonicalJson(now) !== canonicalJson(document)) throw keptAsEntered('the company document', entered);
  }

  defineTable(table: Table, context: Context): Promise<Outcome> {
    return this.executor.execute(tableDecider, table.table, { do: 'define', table }, context);
  }

  retractTable(table: string, context: Context): Promise<Outcome> {
    return this.executor.execute(tableDecider, table, { do: 'retract', table }, context);
  }

  async syncTables(tables: readonly Table[], options: SyncOptions, context: Context): Promise<Synced> {
    const streams: StreamSync<TableCommand>[] = tables.map((table, at) => ({
      id: table.table,
      at,
      command: { do: 'define', table },
    }));
    if (options.complete) {
      const named = new Set(tables.map(({ table }) => table));
      for (const [table, state] of await statesOf(this.store, tableDecider)) {
        if (state !== null && !named.has(table))
          streams.push({ id: table, at: undefined, command: { do: 'retract', table } });
      }
    }
    return syncStreams(this.executor, tableDecider, streams, context, {
      keep: options.keep,
      parts: { keyOf: () => 'table', whole: true },
    });
  }
}
