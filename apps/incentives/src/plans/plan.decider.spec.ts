import { describe, expect, it } from '@jest/globals';
import type { Uses } from '@attain/compensation';
import { planPublished } from '@attain/contracts';
import { Refused } from '@attain/eventsourcing';
import { behaviour, refused } from '@attain/eventsourcing/testing';
import { planDecider, type PlanEvent, planHash } from './plan.decider.js';

const uses: Uses = { currency: 'USD', measures: { revenue: { counts: 'amount', of: 'deals' } } };
const plan = {
  plan: 'AE',
  version: '2025.1',
  effective: { from: '2025-01-01' },
  assignedTo: { roles: ['AE'] },
  pays: 'monthly',
  components: [
    {
      name: 'Commission',
      measure: 'revenue',
      per: 'month',
      tiers: [
        { from: '0%', rate: '10%' },
        { from: '100%', rate: '15%' },
      ],
    },
  ],
};
const example = { name: 'over the quota', quota: '100', deals: ['90', '30'], lines: ['9', '4'], total: '13' };
const publish = (document: Record<string, unknown>) => ({ do: 'publish', document }) as const;
const published = (document: Record<string, unknown>, with_: Uses = uses): PlanEvent => ({
  type: 'PlanPublished',
  data: {
    plan: 'AE',
    version: String(document['version']),
    document,
    uses: { ...with_ },
    hash: planHash(document, with_),
  },
});
const { given } = behaviour(planDecider(uses));
const refusal = (document: Record<string, unknown>): Refused => {
  try {
    planDecider(uses).decide(publish(document), { versions: {} });
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error('was not refused');
};

describe('a plan version', () => {
  it('is published with the copy of all that it uses, and a hash over both', () => {
    given([])
      .when(publish(plan))
      .then([published(plan)]);
    expect(planPublished.schema.safeParse(published(plan).data).success).toBe(true);
    expect(planHash(plan, { ...uses, currency: 'EUR' })).not.toBe(planHash(plan, uses));
  });

  it('published again with the same document is nothing new, also when the company has changed since', () => {
    given([published(plan)])
      .when(publish({ ...plan }))
      .then([]);
    behaviour(planDecider({ ...uses, currency: 'EUR' }))
      .given([published(plan)])
      .when(publish(plan))
      .then([]);
  });

  it('never changes: another document needs another version', () => {
    const changed = { ...plan, pays: 'quarterly' };
    given([published(plan)])
      .when(publish(changed))
      .then(refused('VERSION_EXISTS'));
    given([published(plan)])
      .when(publish({ ...changed, version: '2025.2' }))
      .then([published({ ...changed, version: '2025.2' })]);
  });

  it('that is not valid is refused with every problem at its place', () => {
    const { code, detail } = refusal({
      ...plan,
      pays: 'weekly',
      components: [{ name: 'Commission', measure: 'margin', rate: '10%' }],
    });
    expect(code).toBe('PLAN_INVALID');
    expect((detail?.['problems'] as { path: unknown[] }[]).map(({ path }) => path)).toEqual([['pays']]);
    expect(
      refusal({ ...plan, components: [{ name: 'Commission', measure: 'margin', rate: '10%' }] }).detail,
    ).toMatchObject({
      problems: [{ path: ['components', 0, 'measure'], code: 'unknown-name' }],
    });
  });

  it('whose own rates convert nothing is refused, never ignored', () => {
    expect(refusal({ ...plan, planRates: { EUR: '1.1' } }).detail).toMatchObject({
      problems: [{ path: ['planRates'], code: 'value' }],
    });
  });

  it('is published when its examples pass', () => {
    const tested = { ...plan, examples: [example] };
    given([])
      .when(publish(tested))
      .then([published(tested)]);
  });

  it('is refused while one of its examples fails, with what was expected and what came out', () => {
    const { code, detail, message } = refusal({
      ...plan,
      examples: [example, { ...example, name: 'wrong', total: '14' }],
    });
    expect(code).toBe('PLAN_EXAMPLES');
    expect(detail).toMatchObject({
      examples: [{ name: 'wrong', failures: [{ path: ['examples', 1, 'total'], expected: '14', actual: '13' }] }],
    });
    expect(message).toBe('1 of its examples fail: "wrong": examples.1.total is 13, not 14');
  });

  it('is retracted once, and may then be published anew', () => {
    const retract = { do: 'retract', plan: 'AE', version: '2025.1' } as const;
    const retracted: PlanEvent = { type: 'PlanRetracted', data: { plan: 'AE', version: '2025.1' } };
    given([published(plan)])
      .when(retract)
      .then([retracted]);
    given([published(plan), retracted])
      .when(retract)
      .then([]);
    given([published(plan), retracted])
      .when(publish({ ...plan, pays: 'quarterly' }))
      .then([published({ ...plan, pays: 'quarterly' })]);
  });
});
