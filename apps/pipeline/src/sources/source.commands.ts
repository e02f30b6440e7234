import { type SourceDocument, sourceSchema } from '@attain/contracts';
import type { Context, EventStore, Executor, Outcome } from '@attain/eventsourcing';
import { EVENT_STORE, EXECUTOR, keptAsEntered, lastEntered, Malformed } from '@attain/service';
import { canonicalJson } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { sourceDecider } from './source.decider.js';

@Injectable()
export class SourceCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  /** A sources/*.yaml document as written; Malformed with every error if it is invalid, or of a kind that cannot be imported yet. */
  async map(
    document: Readonly<Record<string, unknown>>,
    context: Context,
    { keepEntered = false } = {},
  ): Promise<Outcome> {
    const { source, as } = sourceDocument(document);
    if (keepEntered) await this.refuseEntered(`${source}~${as}`, document);
    return this.executor.execute(sourceDecider, `${source}~${as}`, { source, document }, context);
  }

  private async refuseEntered(id: string, document: Readonly<Record<string, unknown>>): Promise<void> {
    const stream = `${sourceDecider.category}-${id}`;
    const entered = await lastEntered(this.store, stream);
    let now: unknown;
    for await (const page of this.store.readStream(stream))
      now = (page.at(-1)?.data as { document?: unknown } | undefined)?.document;
    if (entered && canonicalJson(now) !== canonicalJson(document))
      throw keptAsEntered(`the source ${id.replace('~', ' of ')}`, entered);
  }
}

function sourceDocument(document: Readonly<Record<string, unknown>>): SourceDocument {
  const parsed = sourceSchema.safeParse(document);
  if (!parsed.success)
    throw new Malformed(
      parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'source', message })),
    );
  const { source } = parsed.data;
  if (source.includes(':')) throw new Malformed([{ field: 'source', message: 'expected a name without a colon' }]);
  return parsed.data;
}
