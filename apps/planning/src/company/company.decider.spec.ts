import type { Refused } from '@attain/eventsourcing';
import { behaviour, refused } from '@attain/eventsourcing/testing';
import { describe, expect, it } from '@jest/globals';
import { type CompanyUses, NO_USES, type PlanUse } from './company-changes.rules.js';
import { companyDecider, companyDeciderOf } from './company.decider.js';
import { type Table, tableDecider, type TableEvent } from './table.decider.js';

describe('The company', () => {
  const { given } = behaviour(companyDecider);
  it('is configured once for one document, in any order of its keys', () => {
    const document = { company: 'Maven', currency: 'USD' };
    given([])
      .when({ document })
      .then([{ type: 'CompanyConfigured', data: { document } }]);
    given([{ type: 'CompanyConfigured', data: { document } }])
      .when({ document: { currency: 'USD', company: 'Maven' } })
      .then([]);
  });
});

describe('A company document that records depend on', () => {
  const before = {
    currency: 'USD',
    measures: {
      revenue: { counts: 'amount', of: 'deals' },
      logos: { counts: '1', of: 'deals' },
      services: { counts: 'amount', of: 'deals' },
      both: { is: 'revenue + services' },
    },
  };
  const { measures } = before;
  const plan = (version: string, component: object): PlanUse => ({
    plan: 'AE',
    version,
    document: {
      plan: 'AE',
      version,
      effective: { from: '2025-01-01' },
      assignedTo: { roles: ['AE'] },
      pays: 'monthly',
      components: [{ name: 'Commission', measure: 'revenue', ...component }],
    },
    uses: before,
  });
  const quota = { for: 'ann', measure: 'logos', period: '2025-01' };
  const decided = (document: object, uses: Partial<CompanyUses>) => () =>
    companyDeciderOf({ ...NO_USES, ...uses }).decide({ document: document as Record<string, unknown> }, before);
  const refusal = (code: string, uses: string[]) =>
    expect.objectContaining({ code, detail: expect.objectContaining({ uses }) });
  const { logos: _, ...withoutLogos } = measures;
  const { revenue: __, ...withoutRevenue } = measures;

  it('keeps a measure while a quota or a published plan uses it', () => {
    expect(decided({ ...before, measures: withoutLogos }, { quotas: [quota] })).toThrow(
      refusal('MEASURE_IN_USE', ['quota of logos for ann in 2025-01']),
    );
    expect(decided({ currency: 'USD' }, { quotas: [quota] })).toThrow(
      refusal('MEASURE_IN_USE', ['quota of logos for ann in 2025-01']),
    );
    for (const component of [{ rate: '1%' }, { measure: 'both', rate: '1%' }]) {
      expect(decided({ ...before, measures: withoutRevenue }, { plans: [plan('1', component)] })).toThrow(
        refusal('MEASURE_IN_USE', ['plan AE 1']),
      );
    }
    const by = plan('2', { by: 'logos', per: 'month', tiers: [{ from: '0', rate: '1%' }] });
    expect(decided({ ...before, measures: withoutLogos }, { plans: [by, plan('1', { rate: '1%' })] })).toThrow(
      refusal('MEASURE_IN_USE', ['plan AE 2']),
    );
  });

  it('loses a measure that nothing uses, and may define one anew', () => {
    expect(
      decided(
        { ...before, measures: withoutLogos },
        { quotas: [{ ...quota, measure: 'revenue' }], plans: [plan('1', { rate: '1%' })] },
      )(),
    ).toHaveLength(1);
    expect(
      decided(
        { ...before, measures: { ...measures, revenue: { counts: 'amount - cost', of: 'deals' } } },
        { quotas: [{ ...quota, measure: 'revenue' }] },
      )(),
    ).toHaveLength(1);
  });

  it('keeps its currency under deals, quotas and closed periods, its calendar under quotas and closed periods, its time zone under closed periods', () => {
    const changed = {
      currency: { ...before, currency: 'EUR' },
      calendar: { ...before, fiscalYear: { starts: '02-01' } },
      zone: { ...before, timeZone: 'Europe/Berlin' },
    };
    const uses = { deals: { hasDeals: true }, quotas: { quotas: [quota] }, closed: { closed: ['2025-01'] } };
    const refusals = Object.entries(changed).flatMap(([what, document]) =>
      Object.entries(uses).flatMap(([use, standing]) => {
        try {
          decided(document, standing)();
          return [];
        } catch (error) {
          return [`${what}: ${use}: ${(error as Refused).code}`];
        }
      }),
    );
    expect(refusals).toEqual([
      'currency: deals: CURRENCY_IN_USE',
      'currency: quotas: CURRENCY_IN_USE',
      'currency: closed: CURRENCY_IN_USE',
      'calendar: quotas: CALENDAR_IN_USE',
      'calendar: closed: CALENDAR_IN_USE',
      'zone: closed: TIME_ZONE_IN_USE',
    ]);
    const same = { ...before, company: 'Maven', fiscalYear: { starts: '01-01', calendar: 'months' }, timeZone: 'UTC' };
    expect(decided(same, { hasDeals: true, quotas: [quota], closed: ['2025-01'] })()).toHaveLength(1);
  });
});

describe('A rate table', () => {
  const { given } = behaviour(tableDecider);
  const table: Table = {
    table: 'line rates',
    columns: ['line', 'rate'],
    rows: [
      ['hardware', '6%'],
      ['*', '4%'],
    ],
  };
  const defined: TableEvent = {
    type: 'TableDefined',
    data: {
      table: 'line rates',
      columns: ['line', 'rate'],
      rows: [
        ['hardware', '6%'],
        ['*', '4%'],
      ],
    },
  };
  it('is defined, and not twice', () => {
    given([]).when({ do: 'define', table }).then([defined]);
    given([defined]).when({ do: 'define', table }).then([]);
    given([defined])
      .when({ do: 'retract', table: 'line rates' })
      .then([{ type: 'TableRetracted', data: { table: 'line rates' } }]);
  });
  it('has rows of one width and columns of different names', () => {
    given([])
      .when({ do: 'define', table: { ...table, rows: [['hardware']] } })
      .then(refused('INVALID_TABLE'));
    given([])
      .when({ do: 'define', table: { ...table, columns: ['rate', 'rate'] } })
      .then(refused('INVALID_TABLE'));
    given([])
      .when({ do: 'define', table: { ...table, columns: ['rate'], rows: [['1']] } })
      .then(refused('INVALID_TABLE'));
  });
});
