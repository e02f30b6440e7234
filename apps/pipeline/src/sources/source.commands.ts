import { type SourceDocument, sourceSchema } from '@attain/contracts';
import type { Context, Executor, Outcome } from '@attain/eventsourcing';
import { EXECUTOR, Malformed } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import { importable } from '../imports/fields.rules.js';
import { sourceDecider } from './source.decider.js';

@Injectable()
export class SourceCommands {
  constructor(@Inject(EXECUTOR) private readonly executor: Executor) {}

  /** A sources/*.yaml document as written; Malformed with every error when it is none, or of a kind that cannot be imported yet. */
  async map(document: Readonly<Record<string, unknown>>, context: Context): Promise<Outcome> {
    const { source, as } = sourceDocument(document);
    return this.executor.execute(sourceDecider, `${source}~${as}`, { source, document }, context);
  }
}

export function sourceDocument(document: Readonly<Record<string, unknown>>): SourceDocument {
  const parsed = sourceSchema.safeParse(document);
  if (!parsed.success) throw new Malformed(parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'source', message })));
  const { as, source } = parsed.data;
  if (source.includes(':')) throw new Malformed([{ field: 'source', message: 'expected a name without a colon' }]);
  if (!importable.some((kind) => kind === as)) throw new Malformed([{ field: 'as', message: `not supported yet: imports of ${as}`, code: 'not-supported' }]);
  return parsed.data;
}
