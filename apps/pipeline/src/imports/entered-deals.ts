import type { Decider, EventStore } from '@attain/eventsourcing';
import { type Entered, enteredBy } from '@attain/service';
import type { KeptRecord } from './imports.answers.js';

export type { KeptRecord } from './imports.answers.js';

/** By record, who last entered each part of it by hand: its fields, its split, its reversals. */
export type EnteredRecords = ReadonlyMap<string, ReadonlyMap<string, Entered>>;

const partOf = (type: string): string =>
  type === 'DealSplit' ? 'split' : /^(Deal|Invoice)Revers(al|ed)/.test(type) ? 'reversals' : 'fields';

/** Records that somebody entered by hand and no import has changed since. */
export async function enteredRecords(
  store: EventStore,
  category: string,
  signal?: AbortSignal,
): Promise<EnteredRecords> {
  const found = new Map<string, Map<string, Entered>>();
  for await (const page of store.readAll({ categories: [category] })) {
    signal?.throwIfAborted();
    for (const { stream, type, meta } of page) {
      const id = stream.slice(category.length + 1);
      const entered = enteredBy(meta);
      const parts = found.get(id);
      if (entered) found.set(id, (parts ?? new Map<string, Entered>()).set(partOf(type), entered));
      else if (parts?.delete(partOf(type)) && parts.size === 0) found.delete(id);
    }
  }
  return found;
}

/** Decides like the other decider, but keeps and lists records that were entered by hand. */
export function keepingRecords<S, C, E extends { type: string; data: unknown }>(
  decider: Decider<S, C, E>,
  entered: EnteredRecords,
  report: (kept: KeptRecord) => void,
): Decider<S, { readonly id: string; readonly command: C }, E> {
  return {
    ...decider,
    decide({ id, command }, state) {
      const events = decider.decide(command, state);
      const parts = entered.get(id);
      const contrary = parts ? events.filter(({ type }) => parts.has(partOf(type))) : [];
      const [first] = contrary;
      if (!first) return events;
      report({ id, ...parts!.get(partOf(first.type))!, instead: contrary.map(({ type }) => type) });
      return events.filter((event) => !contrary.includes(event));
    },
  };
}
