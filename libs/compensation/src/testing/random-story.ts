import { addDays } from '@attain/values';
import type { Fact } from '../answers/api.js';
import { type Action, type Random, sellers } from './random-history.js';
import { Story } from './story.js';

/** The facts of a random history; several may share an instant. */
export function randomStory({ actions, components: chosen, reversals, prorate, within }: Random): Story {
  const measures = {
    size: { is: 'revenue / contracts' },
    revenue: { counts: 'amount', of: 'deals', reversals },
    contracts: { counts: '1', of: 'deals', reversals },
    collected: { counts: 'amount', of: 'payments' },
  };
  const story = new Story({ measures, prorate })
    .person('vic', 'Director', '2024-12-01')
    .person('mo', 'Manager', '2024-12-01', { manager: 'vic' });
  for (const id of sellers) story.person(id, 'AE', '2024-12-15', { manager: 'mo' });
  const plan = (version: string, from: string, list: readonly unknown[]) =>
    story.plan('AE', {
      version,
      effective: { from },
      components: list,
      ...(within !== null && { corrections: { within, later: 'review' } }),
    });
  plan('1', '2025-01-01', chosen);
  const override = [
    {
      name: 'Override',
      credit: ['reports'],
      measure: 'revenue',
      per: 'month',
      tiers: [
        { from: '0', rate: '1%' },
        { from: '10000', rate: '2%' },
      ],
    },
  ];
  story.plan('Managers', {
    effective: { from: '2025-01-01' },
    assignedTo: { roles: ['Manager', 'Director'] },
    components: override,
  });
  for (const id of sellers) story.quota(id, 'revenue', '2025', 60000);

  const builder = new StoryBuilder(story, plan, chosen);
  let turn = 0;
  story.at('2025-01-05');
  for (const { action, later } of actions) {
    if (later) story.at(everyFourHours((turn += 1)));
    builder.take(action, turn);
  }
  return story;
}

/** The steps so far, because some are not valid twice or too early. */
class StoryBuilder {
  private readonly won = new Set<string>();
  private readonly known = new Set<string>();
  private month = 0;
  private version = 1;

  constructor(
    private readonly story: Story,
    private readonly plan: (version: string, from: string, components: readonly unknown[]) => void,
    private readonly chosen: readonly unknown[],
  ) {}

  take(step: Action, turn: number): void {
    switch (step.kind) {
      case 'win':
        this.win(step);
        break;
      case 'reprice':
        if (this.won.has(step.deal))
          this.story.record(`deal-crm:${step.deal}`, {
            type: 'DealRepriced',
            data: { amount: step.amount, currency: null },
          });
        break;
      case 'redate':
        if (this.won.has(step.deal))
          this.story.record(`deal-crm:${step.deal}`, { type: 'DealRedated', data: { closed: step.closed } });
        break;
      case 'reassign':
        if (this.won.has(step.deal))
          this.story.record(`deal-crm:${step.deal}`, { type: 'DealReassigned', data: { owner: step.owner } });
        break;
      case 'split':
        if (this.won.has(step.deal)) this.story.split(step.deal, step.revenue, step.overlay ? { cid: '25%' } : {});
        break;
      case 'cancel':
        if (this.won.has(step.deal)) this.story.cancel(step.deal, step.date, step.part === 'all' ? null : '1.00');
        break;
      case 'pay':
        this.pay(step);
        break;
      case 'reopen':
        if (this.won.delete(step.deal)) this.story.record(`deal-crm:${step.deal}`, { type: 'DealReopened', data: {} });
        break;
      case 'retract':
        if (this.won.delete(step.deal)) {
          this.known.delete(step.deal);
          this.story.record(`deal-crm:${step.deal}`, { type: 'DealRetracted', data: {} });
        }
        break;
      case 'quota':
        this.story.quota(step.for, 'revenue', step.period, step.amount);
        break;
      case 'person':
        this.story.person(step.person, step.role, step.from, { manager: step.manager });
        break;
      case 'leave':
        this.story.leave(step.person, step.from, addDays(step.from, step.days));
        break;
      case 'rate':
        this.story.rate('EUR', 'USD', step.date, step.rate);
        break;
      case 'version':
        this.version += 1;
        this.plan(String(this.version), step.from, [
          { ...(this.chosen[0] as object), where: 'amount > 10' },
          { name: 'Flat', measure: 'revenue', rate: step.rate },
        ]);
        break;
      case 'unpublish':
        if (this.version === 1) break;
        this.story.record('plan-AE', { type: 'PlanRetracted', data: { plan: 'AE', version: String(this.version) } });
        this.version -= 1;
        break;
      case 'close':
        this.month += 1;
        if (this.month <= 4) this.story.close(`2025-0${this.month}`, everyFourHours(turn));
        break;
    }
  }

  private win(step: Extract<Action, { kind: 'win' }>): void {
    if (this.won.has(step.deal)) return;
    const { kind: _, deal: id, closed, ...fields } = step;
    if (this.known.has(id)) this.story.record(`deal-crm:${id}`, { type: 'DealWon', data: { closed } });
    else this.story.won(id, closed, fields);
    this.known.add(id);
    this.won.add(id);
  }

  private pay(step: Extract<Action, { kind: 'pay' }>): void {
    const fields = { amount: step.amount, paid: step.date, currency: 'USD' };
    this.story.record(`payment-crm:${step.payment}`, {
      type: 'PaymentRecorded',
      data: { source: 'crm', id: step.payment, deal: { source: 'crm', id: step.deal }, invoice: null, fields },
    });
  }
}

/** The facts of each instant in another order that keeps each stream's own; a closing stays where it is. */
export function reordered(facts: readonly Fact[], order: readonly number[]): Fact[] {
  const result: Fact[] = [];
  let group: Fact[] = [];
  let turn = 0;
  const flush = () => {
    const waiting = [...group];
    while (waiting.length > 0) {
      const firsts = waiting.filter(
        (fact, index) => waiting.findIndex(({ stream }) => stream === fact.stream) === index,
      );
      const next = firsts[order[turn++ % order.length]! % firsts.length]!;
      result.push(next);
      waiting.splice(waiting.indexOf(next), 1);
    }
    group = [];
  };
  for (const fact of facts) {
    if (fact.type === 'PeriodClosed' || (group.length > 0 && group[0]!.recorded !== fact.recorded)) flush();
    if (fact.type === 'PeriodClosed') result.push(fact);
    else group.push(fact);
  }
  flush();
  return result.map((fact, index) => ({ ...fact, position: BigInt(index + 1) }));
}

function everyFourHours(turn: number): string {
  return `${addDays('2025-01-06', Math.floor(turn / 6))}T${String((turn % 6) * 4).padStart(2, '0')}:00:00.000Z`;
}
