import { type Context, type EventMeta, type EventStore, Refused } from '@attain/eventsourcing';

/** Somebody's own command, which no import caused. */
export interface Entered {
  readonly by: string;
  readonly since: string;
  readonly reason: string | null;
}

/** What carries out a folder's import: events of one share a cause, by which later imports know that nobody entered them by hand. */
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

/** Undefined of an event that an import or a policy caused, or that a folder on the server's own disk brought. */
export function enteredBy({ actor, causation, recorded, reason }: EventMeta): Entered | undefined {
  return causation === undefined && actor !== 'folder'
    ? { by: actor, since: recorded, reason: reason ?? null }
    : undefined;
}

/** Whether the last event of a stream was entered by hand. */
export async function lastEntered(
  store: EventStore,
  stream: string,
  concerns: (event: { type: string; data: unknown }) => boolean = () => true,
): Promise<Entered | undefined> {
  let last: EventMeta | undefined;
  for await (const page of store.readStream(stream)) for (const event of page) if (concerns(event)) last = event.meta;
  return last && enteredBy(last);
}

/** What an import that may not overwrite is answered where somebody entered something else. */
export function keptAsEntered(what: string, entered: Entered): Refused {
  const why = entered.reason === null ? '' : ` (${entered.reason})`;
  return new Refused(
    'ENTERED_BY_HAND',
    `${what} was entered by ${entered.by} on ${entered.since.slice(0, 10)}${why} with another value, which is kept unless the import overwrites it`,
    { ...entered },
  );
}
