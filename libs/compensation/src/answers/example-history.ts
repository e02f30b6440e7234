import type { AttainEvent, PlanExample } from '@attain/contracts';
import { creditRules as creditTexts } from '@attain/contracts';
import { dateOf, instant, startOfDay } from '@attain/values';
import type { Fact } from './api.js';

type Step = NonNullable<PlanExample['history']>[number];
type Fields = Readonly<Record<string, string | undefined>>;

const SOURCE = 'example';
const OWN_PERSON_FIELDS = ['role', 'manager', 'team', 'region', 'currency', 'to'] as const;

/** The history of an example: each step becomes the events that it becomes in a real company. */
export class ExampleHistory {
  readonly facts: Fact[] = [];
  private readonly people = new Map<
    string,
    { from: string; row: Record<string, string | null>; fields: Record<string, string> }
  >();
  private readonly open = new Set<string>();
  private recorded = '';

  constructor(
    private readonly zone: string,
    from: string,
  ) {
    this.recorded = startOfDay(from, zone);
  }

  /** Takes a step; throws an Error on a kind that the check of plans refuses. */
  step(step: Step): void {
    const { at } = step as { at?: string };
    if (at !== undefined) this.recorded = at.length === 10 ? startOfDay(at, this.zone) : instant(at);
    // Closing a period or deciding about a late change does not change what is earned.
    if ('close' in step || 'approve' in step || 'dismiss' in step) return;
    if ('person' in step) return this.person(step.person as Fields & { id: string; from: string });
    if ('leave' in step) {
      const { participant, from, to = null } = step.leave;
      return this.record(`leave-${participant}`, {
        type: 'LeaveRecorded',
        data: { participant, source: null, from, to },
      });
    }
    if ('adjust' in step) return this.adjust(step.adjust);
    if ('sign' in step) {
      const { participant, plan, version = '' } = step.sign;
      // An example is published without a hash.
      return this.record(`signature-${participant}~${plan}`, {
        type: 'PlanSigned',
        data: { participant, plan, version, hash: '' },
      });
    }
    if ('score' in step)
      return this.record(`score-${step.score.participant}`, { type: 'ScoreRecorded', data: step.score });
    if ('rate' in step)
      return this.record(`rate-${step.rate.from}-${step.rate.to}`, { type: 'ExchangeRateRecorded', data: step.rate });
    if ('quota' in step)
      return this.quota(
        step.quota.for,
        step.quota.measure,
        step.quota.period,
        step.quota.amount,
        step.quota.currency,
        step.quota.credit,
        step.quota.target,
      );
    if ('account' in step) return this.account(step.account as Fields & { id: string });
    if ('deal' in step) return this.deal(step.deal.id, step.deal as Fields);
    if ('won' in step) return this.won(step.won.id, step.won as Fields);
    if ('lost' in step) return this.lost(step.lost.id, step.lost as Fields);
    if ('reopened' in step) return this.record(streamOf(step.reopened.id), { type: 'DealReopened', data: {} });
    if ('changed' in step) return this.deal(step.changed.id, step.changed as Fields);
    if ('split' in step) {
      const { deal, revenue = {}, overlay = {} } = step.split;
      return this.record(streamOf(deal), { type: 'DealSplit', data: { revenue, overlay } });
    }
    for (const kind of ['cancelled', 'refunded', 'churned', 'credited'] as const) {
      if (!(kind in step)) continue;
      const { id, deal, invoice, date, amount } = (step as unknown as Record<string, Fields & { date: string }>)[kind]!;
      const reversal = id ?? `${kind} ${date} ${this.facts.length}`;
      const data = { reversal, kind, date, amount: amount ?? null };
      if (invoice !== undefined) return this.record(`invoice-${SOURCE}:${invoice}`, { type: 'InvoiceReversed', data });
      return this.record(streamOf(deal ?? ''), { type: 'DealReversed', data });
    }
    if ('invoice' in step || 'paid' in step) return this.related(step as { invoice?: Fields; paid?: Fields });
    throw new Error(
      `the check of plans lets no step ${Object.keys(step)
        .filter((key) => key !== 'at')
        .join(', ')} into an example`,
    );
  }

  record(stream: string, event: AttainEvent): void {
    const position = BigInt(this.facts.length + 1);
    this.facts.push({ ...event, id: `${stream}@${position}`, position, stream, recorded: this.recorded } as Fact);
  }

  /** Fields that change; the others stay as they were in the row before. */
  person({ id, from, ...changes }: Fields & { id: string; from: string }): void {
    const before = this.people.get(id);
    const own: Record<string, string | null> = { ...before?.row, to: null };
    const fields = { ...before?.fields };
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined || name === 'name') continue;
      if ((OWN_PERSON_FIELDS as readonly string[]).includes(name)) own[name] = value === '' ? null : value;
      else fields[name] = value;
    }
    this.people.set(id, { from, row: own, fields });
    const { role = null, manager = null, team = null, region = null, currency = null, to = null } = own;
    this.record(`participant-${id}`, {
      type: 'ParticipantAssigned',
      data: { participant: id, from, to, role, manager, team, region, currency, fields },
    });
  }

  quota(
    forWhom: string,
    measure: string,
    period: string,
    amount: string,
    currency?: string,
    credit?: string,
    target?: string,
  ): void {
    const stream = `quota-${forWhom}~${measure}`;
    if (amount === 'none')
      return this.record(stream, { type: 'QuotaWithdrawn', data: { for: forWhom, measure, period } });
    const rules = credit === undefined ? ['sales'] : creditTexts(credit);
    this.record(stream, {
      type: 'QuotaAssigned',
      data: {
        for: forWhom,
        measure,
        period,
        amount,
        target: target ?? null,
        credit: rules,
        currency: currency ?? null,
      },
    });
  }

  won(id: string, fields: Fields): void {
    this.deal(id, fields);
    this.record(streamOf(id), {
      type: 'DealWon',
      data: { closed: fields['closed'] ?? dateOf(this.recorded, this.zone) },
    });
  }

  private adjust(adjust: Extract<Step, { adjust: unknown }>['adjust']): void {
    const { participant, period, amount, plan = null, deal, for: concerns = null, reason = 'an example' } = adjust;
    const adjustment = `adjustment ${this.facts.length}`;
    const record = deal === undefined ? null : { source: SOURCE, id: deal };
    this.record(`adjustment-${adjustment}`, {
      type: 'AdjustmentProposed',
      data: { adjustment, participant, period, amount, plan, record, for: concerns, reason },
    });
    this.record(`adjustment-${adjustment}`, { type: 'AdjustmentApproved', data: { adjustment, participant } });
  }

  private lost(id: string, fields: Fields): void {
    this.deal(id, fields);
    this.record(streamOf(id), { type: 'DealLost', data: { closed: fields['closed'] ?? null } });
  }

  private deal(id: string, { id: _, source: __, ...fields }: Fields): void {
    const stated = Object.fromEntries(
      Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    if (this.open.has(id)) {
      if (Object.keys(stated).length > 0) this.record(streamOf(id), { type: 'DealAmended', data: { fields: stated } });
      return;
    }
    this.open.add(id);
    this.record(streamOf(id), { type: 'DealOpened', data: { source: SOURCE, id, fields: stated } });
  }

  private related({ invoice, paid }: { invoice?: Fields; paid?: Fields }): void {
    const { id = `P${this.facts.length}`, deal, invoice: paidInvoice, date, ...others } = (invoice ?? paid)!;
    const ref = (of: string | undefined) => (of === undefined ? null : { source: SOURCE, id: of });
    const fields = Object.fromEntries(
      Object.entries(others).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const data = { source: SOURCE, id, deal: ref(deal) };
    if (paid === undefined)
      return this.record(`invoice-${SOURCE}:${id}`, {
        type: 'InvoiceRecorded',
        data: { ...data, fields: { ...fields, ...(date !== undefined && { date }) } },
      });
    this.record(`payment-${SOURCE}:${id}`, {
      type: 'PaymentRecorded',
      data: { ...data, invoice: ref(paidInvoice), fields: { ...fields, paid: date ?? '' } },
    });
  }

  private account({ id, ...fields }: Fields & { id: string }): void {
    const stated = Object.fromEntries(
      Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    this.record(`account-${SOURCE}:${id}`, { type: 'AccountRecorded', data: { source: SOURCE, id, fields: stated } });
  }
}

function streamOf(deal: string): string {
  return `deal-${SOURCE}:${deal}`;
}
