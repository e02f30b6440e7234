import type { Context, EventStore, Executor, Outcome } from '@attain/eventsourcing';
import { EVENT_STORE, EXECUTOR } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { signatureDecider } from './signature.decider.js';

export interface Signing {
  readonly participant: string;
  readonly plan: string;
  /** Default: the version that was published last. */
  readonly version?: string | undefined;
  /** The hash that was read. */
  readonly hash?: string | undefined;
}

@Injectable()
export class SignatureCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  /** Refused PLAN_UNKNOWN, and HASH_DIFFERS if the version differs from the one that was read. */
  async sign({ participant, plan, version, hash: read }: Signing, context: Context): Promise<Outcome> {
    const versions = await this.versions(plan);
    const asked = version ?? [...versions.keys()].at(-1) ?? '';
    return this.executor.execute(
      signatureDecider,
      `${participant}~${plan}`,
      { do: 'sign', participant, plan, version: asked, hash: versions.get(asked), read },
      context,
    );
  }

  /** The hash of each valid version, in the order of publishing. */
  private async versions(plan: string): Promise<Map<string, string>> {
    const versions = new Map<string, string>();
    for await (const page of this.store.readStream(`plan-${plan}`)) {
      for (const { type, data } of page) {
        const { version, hash } = data as { version: string; hash: string };
        versions.delete(version);
        if (type === 'PlanPublished') versions.set(version, hash);
      }
    }
    return versions;
  }
}
