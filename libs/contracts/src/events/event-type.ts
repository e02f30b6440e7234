import type { z } from 'zod';

/** Stored events are the published language: past tense, strict schema, version = number of upcasts + 1. */
export interface EventType<Name extends string = string, Data = unknown> {
  readonly type: Name;
  readonly category: string;
  readonly version: number;
  readonly schema: z.ZodType<Data>;
  /** Upcast n turns the data of version n + 1 into version n + 2. */
  readonly upcasts: readonly ((data: unknown) => unknown)[];
}

export function eventType<Name extends string, Data>(
  category: string,
  type: Name,
  schema: z.ZodType<Data>,
  upcasts: readonly ((data: unknown) => unknown)[] = [],
): EventType<Name, Data> {
  return { type, category, version: upcasts.length + 1, schema, upcasts };
}

/** An event of a type, as commands return it. */
export type EventOf<T> = T extends EventType<infer Name, infer Data> ? { type: Name; data: Data } : never;
