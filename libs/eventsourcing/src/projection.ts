import type { StoredEvent } from './events.js';
import type { Document, ModelDeclaration } from './ports.js';

/**
 * A read model as a pure function: each document of `keys(event)` is evolved by itself, so that any store can guard it by
 * position. `evolve` sees decoded data only; returning undefined removes the document. A throw parks the event.
 */
export interface Projection<D extends Document = Document> extends ModelDeclaration {
  categories: readonly string[];
  keys(event: StoredEvent<never> & { data: never }): readonly string[];
  evolve(document: D | undefined, event: StoredEvent<never> & { data: never }, key: string): D | undefined;
}
