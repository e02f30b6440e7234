import { decodeEvent } from '@attain/contracts';
import { type EventStore, Refused } from '@attain/eventsourcing';
import { EVENT_STORE, FOLDER_PLANS, Handovers, type PlansAnswer, type PlansOrder, refusalIn } from '@attain/service';
import { canonicalJson } from '@attain/values';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { PlanCommands, textOf } from './plan.commands.js';

interface Standing {
  readonly plan: string;
  readonly version: string;
  readonly document: unknown;
}

/** The plans of a company folder, which its import hands over: new versions are published, those that the folder no longer has retracted. */
@Injectable()
export class FolderPlans implements OnModuleInit {
  constructor(
    @Inject(Handovers) private readonly handovers: Handovers,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(PlanCommands) private readonly plans: PlanCommands,
  ) {}

  onModuleInit(): void {
    this.handovers.take<PlansOrder>(FOLDER_PLANS, (order) => this.record(order));
  }

  private async record(order: PlansOrder): Promise<PlansAnswer> {
    const standing = await this.standing();
    const plans: PlansAnswer['plans'][number][] = [];
    for (const document of order.plans) plans.push(await this.publish(textOf(document), standing, order));
    const named = new Set(order.plans.map((document) => nameOf(textOf(document))));
    const gone: PlansAnswer['gone'][number][] = [];
    for (const [name, found] of standing) if (!named.has(name)) gone.push(await this.retract(found, order));
    return { plans, gone };
  }

  private async publish(document: Record<string, unknown>, standing: ReadonlyMap<string, Standing>, { mayPublish, context }: PlansOrder): Promise<PlansAnswer['plans'][number]> {
    const known = standing.get(nameOf(document));
    if (known && canonicalJson(known.document) === canonicalJson(document)) return { state: 'unchanged' };
    if (!mayPublish) return { state: 'forbidden' };
    try {
      const { events } = await this.plans.publish(document, context);
      return { state: events > 0 ? 'published' : 'unchanged' };
    } catch (error) {
      return { state: 'refused', problem: refusalIn(error) };
    }
  }

  private async retract({ plan, version }: Standing, { keepEntered, mayPublish, context }: PlansOrder): Promise<PlansAnswer['gone'][number]> {
    if (!mayPublish) return { plan, version, state: 'forbidden' };
    try {
      await this.plans.retract(plan, version, context, { keepEntered });
      return { plan, version, state: 'retracted' };
    } catch (error) {
      const kept = error instanceof Refused && error.code === 'ENTERED_BY_HAND';
      return { plan, version, state: kept ? 'kept' : 'refused', problem: refusalIn(error) };
    }
  }

  /** Every version that stands, as the log has it this moment. */
  private async standing(): Promise<Map<string, Standing>> {
    const versions = new Map<string, Standing>();
    for await (const page of this.store.readAll({ categories: ['plan'] })) {
      for (const { type, version, data } of page) {
        const event = decodeEvent(type, version, data);
        if (event.type === 'PlanPublished') versions.set(nameOf(event.data), event.data);
        else if (event.type === 'PlanRetracted') versions.delete(nameOf(event.data));
      }
    }
    return versions;
  }
}

function nameOf({ plan, version }: { plan?: unknown; version?: unknown }): string {
  return JSON.stringify([String(plan), String(version)]);
}
