import { type PlanDocument, planSchema } from '@attain/contracts';
import type { World } from '../plans/world.js';
import type { PlanInForce, PlanLife } from '../plans/world.js';

/** A version of a plan with its document and the days on which it is in force. */
export interface Published {
  readonly life: PlanLife;
  readonly inForce: PlanInForce;
  readonly document: PlanDocument;
}

/** Every version that holds on some day, by plan in byte order and by its days. */
export function published(world: World): readonly Published[] {
  return world.remember('published', world.touched.settings, () =>
    world.plans().flatMap((life) =>
      life.versions.flatMap((inForce) => {
        const fact = world.facts.plans.get(life.plan)?.find((entry) => entry.fact.id === inForce.version.event)?.fact;
        return fact?.type === 'PlanPublished'
          ? [{ life, inForce, document: planSchema.parse(fact.data.document) }]
          : [];
      }),
    ),
  );
}

export function planName({ version }: PlanInForce): string {
  return `${version.plan} ${version.version}`;
}

export function aboutPlan({ version: { plan, version } }: PlanInForce, path: (string | number)[]) {
  return { kind: 'plan' as const, plan, version, path };
}
