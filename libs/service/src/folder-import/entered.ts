import { type Context, type EventMeta, type EventStore, Refused } from '@attain/eventsourcing';

/** A command that a person gave, not an import. */
export interface Entered {
  readonly by: string;
  readonly since: string;
  readonly reason: string | null;
}

/**
 * The context of a folder import. Its events share a cause, by which later imports recognize that nobody entered them
 * by hand.
 */
export function importing(
  context: Context,
  { import: id, reason }: { readonly import?: string | undefined; readonly reason?: string | undefined },
): Context {
  return {
    ...context,
    ...(id !== undefined && { causation: `folder-${id}` }),
    ...(reason !== undefined && { reason }),
  };
}

/** Undefined for an event of an import, of a policy, or of a folder on the server's own disk. */
export function enteredBy({ actor, causation, recorded, reason }: EventMeta): Entered | undefined {
  return causation === undefined && actor !== 'folder'
    ? { by: actor, since: recorded, reason: reason ?? null }
    : undefined;
}

/** The last event of a stream, if a person entered it by hand. */
export async function lastEntered(
  store: EventStore,
  stream: string,
  concerns: (event: { type: string; data: unknown }) => boolean = () => true,
): Promise<Entered | undefined> {
  let last: EventMeta | undefined;
  for await (const page of store.readStream(stream)) for (const event of page) if (concerns(event)) last = event.meta;
  return last && enteredBy(last);
}

/** The answer to an import without the right to overwrite, for a record that somebody entered by hand. */
export function keptAsEntered(what: string, entered: Entered): Refused {
  const why = entered.reason === null ? '' : ` (${entered.reason})`;
  return new Refused(
    'ENTERED_BY_HAND',
    `${what} was entered by ${entered.by} on ${entered.since.slice(0, 10)}${why} with another value, which is kept unless the import overwrites it`,
    { ...entered },
  );
}
