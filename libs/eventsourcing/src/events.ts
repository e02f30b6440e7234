/** Who, why and when of an event. `recorded` is the instant at which it became known, `effective` the date that it concerns, if any. */
export interface EventMeta {
  actor: string;
  correlation: string;
  recorded: string;
  causation?: string;
  reason?: string;
  effective?: string;
  /** Idempotency key of the request that caused the event, and the fingerprint of that request's body. */
  key?: string;
  fingerprint?: string;
}

export interface NewEvent<Data = unknown> {
  /** UUID; deterministic for imports, so that a repeated import stores nothing new. */
  id: string;
  type: string;
  version: number;
  data: Data;
  meta: EventMeta;
  /** `data` as canonical JSON, if the caller has that text already: serializing it only once saves much of an import's time. */
  json?: string;
}

export interface StoredEvent<Data = unknown> extends Omit<NewEvent<Data>, 'json'> {
  /** Commit order of the whole store: above 0 and increasing, by steps of any size; text at every edge. */
  position: bigint;
  /** `<category>-<key>`; the category is the part before the first `-`. */
  stream: string;
  category: string;
  /** Order within the stream, from 0. */
  revision: number;
}

export function categoryOf(stream: string): string {
  const dash = stream.indexOf('-');
  return dash < 0 ? stream : stream.slice(0, dash);
}
