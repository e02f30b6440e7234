import type { AttainEvent } from '@attain/contracts';
import { canonicalJson, sha256, startOfDay } from '@attain/values';
import type { Fact, History } from '../answers/api.js';
import { createHistory } from '../answers/history.js';

type Fields = Readonly<Record<string, string | number>>;
type Shares = Readonly<Record<string, string>>;

/** A company's history in the steps of scenarios: each becomes the events that the services would record. */
export class Story {
  readonly facts: Fact[] = [];
  private now = '2015-01-01T00:00:00.000Z';
  private company: Record<string, unknown> = {
    currency: 'USD',
    measures: { revenue: { counts: 'amount', of: 'deals' } },
  };
  private readonly fieldsOf = new Map<string, Record<string, string>>();
  private readonly quotas = new Set<string>();

  constructor(company: Record<string, unknown> = {}) {
    this.company = { ...this.company, ...company };
    this.record('company-main', { type: 'CompanyConfigured', data: { document: this.company } });
  }

  /** Sets the instant of the following steps: a date is its beginning in UTC. */
  at(moment: string): this {
    this.now = moment.length === 10 ? startOfDay(moment, 'UTC') : moment;
    return this;
  }

  record(stream: string, event: AttainEvent): this {
    const position = BigInt(this.facts.length + 1);
    this.facts.push({ ...event, id: `e${position}`, position, stream, recorded: this.now } as Fact);
    return this;
  }

  person(
    participant: string,
    role: string,
    from: string,
    more: Partial<{ manager: string; team: string; region: string; currency: string; to: string }> = {},
  ): this {
    const { manager = null, team = null, region = null, currency = null, to = null } = more;
    return this.record(`participant-${participant}`, {
      type: 'ParticipantAssigned',
      data: { participant, from, to, role, manager, team, region, currency, fields: {} },
    });
  }

  relation(person: string, relation: string, other: string, from: string): this {
    return this.record(`relation-${person}`, {
      type: 'RelationRecorded',
      data: { person, relation, other, from, to: null },
    });
  }

  leave(participant: string, from: string, to: string | null = null): this {
    return this.record(`leave-${participant}`, {
      type: 'LeaveRecorded',
      data: { participant, source: null, from, to },
    });
  }

  quota(
    forWhom: string,
    measure: string,
    period: string,
    amount: number | string | 'none',
    credit: string[] = ['sales'],
  ): this {
    const stream = `quota-${forWhom}~${measure}`;
    if (amount === 'none')
      return this.record(stream, { type: 'QuotaWithdrawn', data: { for: forWhom, measure, period } });
    const type = this.quotas.has(`${stream}${period}`) ? 'QuotaChanged' : 'QuotaAssigned';
    this.quotas.add(`${stream}${period}`);
    return this.record(stream, {
      type,
      data: { for: forWhom, measure, period, amount: String(amount), target: null, credit, currency: null },
    });
  }

  rate(from: string, to: string, date: string, rate: string): this {
    return this.record(`rate-${from}-${to}`, { type: 'ExchangeRateRecorded', data: { from, to, date, rate } });
  }

  /** `document`: as YAML would give it; version, dates, assignment and pay periods have defaults. */
  plan(plan: string, document: Record<string, unknown>, tables?: Record<string, unknown>): this {
    const whole = {
      plan,
      version: '1',
      effective: { from: '2015-01-01' },
      assignedTo: { roles: ['AE'] },
      pays: 'monthly',
      ...document,
    };
    const uses = { ...this.company, ...(tables === undefined ? {} : { tables }) };
    const data = {
      plan,
      version: String(whole.version),
      document: whole,
      uses,
      hash: sha256(canonicalJson([whole, uses])),
    };
    return this.record(`plan-${plan}`, { type: 'PlanPublished', data });
  }

  opened(id: string, fields: Fields): this {
    const texts = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
    this.fieldsOf.set(id, texts);
    return this.record(`deal-crm:${id}`, { type: 'DealOpened', data: { source: 'crm', id, fields: texts } });
  }

  won(id: string, closed: string, fields: Fields = {}): this {
    if (!this.fieldsOf.has(id)) this.opened(id, fields);
    return this.record(`deal-crm:${id}`, { type: 'DealWon', data: { closed } });
  }

  /** Won by its owner for an amount. */
  sold(owner: string, id: string, amount: number | string, closed: string, fields: Fields = {}): this {
    return this.won(id, closed, { owner, amount, ...fields });
  }

  reprice(id: string, amount: number | string): this {
    return this.record(`deal-crm:${id}`, { type: 'DealRepriced', data: { amount: String(amount), currency: null } });
  }

  amend(id: string, fields: Record<string, string | null>): this {
    return this.record(`deal-crm:${id}`, { type: 'DealAmended', data: { fields } });
  }

  split(id: string, revenue: Shares, overlay: Shares = {}): this {
    return this.record(`deal-crm:${id}`, { type: 'DealSplit', data: { revenue, overlay } });
  }

  cancel(
    id: string,
    date: string,
    amount: number | string | null = null,
    kind: 'cancelled' | 'refunded' = 'cancelled',
  ): this {
    const reversal = `${kind}-${date}-${this.facts.length}`;
    return this.record(`deal-crm:${id}`, {
      type: 'DealReversed',
      data: { reversal, kind, date, amount: amount === null ? null : String(amount) },
    });
  }

  /** Closes a period and every earlier one, as the service does; at its end unless another instant is given. */
  close(period: string, moment?: string): this {
    const history = this.history();
    const end = history.company().calendar.period(period).to;
    this.now = moment ?? `${end}T23:59:59.999Z`;
    for (const { period: closing, cut, runHash, statements } of history.closings(period, this.now)) {
      const data = {
        period: closing.name,
        effective: cut.effective,
        known: cut.known,
        position: String(history.head),
        participants: statements.length,
        runHash,
      };
      this.record(`period-${closing.name}`, { type: 'PeriodClosed', data });
    }
    return this;
  }

  history(): History {
    const history = createHistory();
    history.append(this.facts);
    return history;
  }
}
