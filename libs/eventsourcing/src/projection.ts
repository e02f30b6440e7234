import type { StoredEvent } from './events.js';
import type { Document, ModelDeclaration } from './ports.js';

/** A stored event with its data decoded into today's shape. */
export type Decoded<E extends { type: string; data: unknown }> = E extends unknown
  ? Omit<StoredEvent, 'type' | 'data'> & E
  : never;

/**
 * A read model as a pure function. Each document of `keys(event)` evolves independently, so that any store can guard it by
 * position. Returning undefined removes the document. A throw parks the event.
 */
export interface Projection<D extends Document, E extends { type: string; data: unknown }> extends ModelDeclaration {
  categories: readonly string[];
  keys(event: Decoded<E>): readonly string[];
  evolve(document: D | undefined, event: Decoded<E>, key: string): D | undefined;
}
