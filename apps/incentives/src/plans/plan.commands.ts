import { Inject, Injectable } from '@nestjs/common';
import { documentOf, planSchema } from '@attain/contracts';
import type { Context, EventStore, Executor, Outcome } from '@attain/eventsourcing';
import { EVENT_STORE, EXECUTOR, keptAsEntered, lastEntered } from '@attain/service';
import { CompanyNow } from './company-now.js';
import { planDecider } from './plan.decider.js';
import { names } from './plan-names.rules.js';
import { usesOf } from './plan-uses.rules.js';

export interface Published extends Outcome {
  plan: string;
  version: string;
  /** Of the document and all that it uses. */
  hash: string;
}

@Injectable()
export class PlanCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CompanyNow) private readonly company: CompanyNow,
  ) {}

  /** One version of one plan. Refused PLAN_INVALID (`detail.problems`), PLAN_EXAMPLES (`detail.examples`), VERSION_EXISTS and OWN_PAY. */
  async publish(document: unknown, context: Context): Promise<Published> {
    const text = textOf(document);
    const uses = usesOf(text, await this.company.document(), await this.company.tables());
    const { plan = '', version = '' } = text as { plan?: string; version?: string };
    // Only of a document that the decider found valid.
    const concerned = await this.namedBy(context, () => text);
    const outcome = await this.executor.execute(
      planDecider(uses, concerned),
      plan === '' ? 'unnamed' : plan,
      { do: 'publish', document: text },
      context,
    );
    return { ...outcome, plan, version, hash: (await this.publishedIn(plan, version))?.hash ?? '' };
  }

  /** Retracts a version that its folder no longer has. An unknown version changes nothing. */
  async retract(plan: string, version: string, context: Context, { keepEntered = false } = {}): Promise<Outcome> {
    const entered =
      keepEntered &&
      (await lastEntered(this.store, `plan-${plan}`, ({ data }) => (data as { version: string }).version === version));
    if (entered) throw keptAsEntered(`version ${version} of ${plan}`, entered);
    const document = context.self && (await this.publishedIn(plan, version))?.document;
    const concerned = document ? await this.namedBy(context, () => document) : undefined;
    return this.executor.execute(planDecider({}, concerned), plan, { do: 'retract', plan, version }, context);
  }

  /** The names of the caller that a version contains. */
  private async namedBy(context: Context, document: () => unknown): Promise<() => string[]> {
    const places = await Promise.all(
      (context.self ?? []).map(async (participant) => ({
        participant,
        places: await this.company.places(participant),
      })),
    );
    return () =>
      places
        .filter((of) => names(planSchema.parse(document()), of.participant, of.places))
        .map(({ participant }) => participant);
  }

  private async publishedIn(plan: string, version: string): Promise<{ document: unknown; hash: string } | undefined> {
    let found: { document: unknown; hash: string } | undefined;
    for await (const page of this.store.readStream(`plan-${plan}`)) {
      for (const { type, data } of page) {
        const published = data as { version: string; document: unknown; hash: string };
        if (type === 'PlanPublished' && published.version === version) found = published;
      }
    }
    return found;
  }
}

/** As documents are stored: every scalar its text. */
export function textOf(document: unknown): Record<string, unknown> {
  const { value } = documentOf(document, 'plan');
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
