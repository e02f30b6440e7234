import type { z } from 'zod';

/** Stored events are the published language: past tense, strict schema, version = number of upcasts + 1. */
export interface EventType<Name extends string = string, Data = unknown> {
  readonly type: Name;
  readonly category: string;
  readonly version: number;
  readonly schema: z.ZodType<Data>;
  /** Upcast n turns the data of version n + 1 into version n + 2. */
  readonly upcasts: readonly ((data: unknown) => unknown)[];
  /** Reads the usual form of the data as the schema would, only faster; undefined leaves the data to the schema. */
  readonly usual?: ((data: unknown) => Data | undefined) | undefined;
}

export function eventType<Name extends string, Data>(
  category: string,
  type: Name,
  schema: z.ZodType<Data>,
  upcasts: readonly ((data: unknown) => unknown)[] = [],
  usual?: (data: unknown) => Data | undefined,
): EventType<Name, Data> {
  return { type, category, version: upcasts.length + 1, schema, upcasts, usual };
}

/** An event of a type, as commands return it. */
export type EventOf<T> = T extends EventType<infer Name, infer Data> ? { type: Name; data: Data } : never;
