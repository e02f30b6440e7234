import { Refused } from '@attain/eventsourcing';
import { FOLDER_PLANS, Handovers, type PlansAnswer, type PlansOrder, refusalIn } from '@attain/service';
import { canonicalJson } from '@attain/values';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CompanyNow, planKey, type StandingPlan } from './company-now.js';
import { PlanCommands, textOf } from './plan.commands.js';

/** The plans of a company folder, which its import hands over: new versions are published, those that the folder no longer has retracted. */
@Injectable()
export class FolderPlans implements OnModuleInit {
  constructor(
    @Inject(Handovers) private readonly handovers: Handovers,
    @Inject(CompanyNow) private readonly company: CompanyNow,
    @Inject(PlanCommands) private readonly plans: PlanCommands,
  ) {}

  onModuleInit(): void {
    this.handovers.take<PlansOrder>(FOLDER_PLANS, (order) => this.record(order));
  }

  private async record(order: PlansOrder): Promise<PlansAnswer> {
    const standing = await this.company.plans();
    const plans: PlansAnswer['plans'][number][] = [];
    for (const document of order.plans) plans.push(await this.publish(textOf(document), standing, order));
    const named = new Set(order.plans.map((document) => planKey(textOf(document))));
    const gone: PlansAnswer['gone'][number][] = [];
    for (const [name, found] of standing) if (!named.has(name)) gone.push(await this.retract(found, order));
    return { plans, gone };
  }

  private async publish(
    document: Record<string, unknown>,
    standing: ReadonlyMap<string, StandingPlan>,
    { mayPublish, context }: PlansOrder,
  ): Promise<PlansAnswer['plans'][number]> {
    const known = standing.get(planKey(document));
    if (known && canonicalJson(known.document) === canonicalJson(document)) return { state: 'unchanged' };
    if (!mayPublish) return { state: 'forbidden' };
    try {
      const { events } = await this.plans.publish(document, context);
      return { state: events > 0 ? 'published' : 'unchanged' };
    } catch (error) {
      return { state: 'refused', problem: refusalIn(error) };
    }
  }

  private async retract(
    { plan, version }: StandingPlan,
    { keepEntered, mayPublish, context }: PlansOrder,
  ): Promise<PlansAnswer['gone'][number]> {
    if (!mayPublish) return { plan, version, state: 'forbidden' };
    try {
      await this.plans.retract(plan, version, context, { keepEntered });
      return { plan, version, state: 'retracted' };
    } catch (error) {
      const kept = error instanceof Refused && error.code === 'ENTERED_BY_HAND';
      return { plan, version, state: kept ? 'kept' : 'refused', problem: refusalIn(error) };
    }
  }
}
