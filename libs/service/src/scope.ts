import { Inject, Injectable } from '@nestjs/common';
import type { Filter } from '@attain/eventsourcing';
import type { LocalDate } from '@attain/values';
import type { Caller } from './identity/caller.js';
import { Hierarchy } from './hierarchy.js';
import { OutOfScope } from './problem.js';
import { reach } from './identity/roles.js';

declare const scoped: unique symbol;

/** Whose rows may be seen; only `Scopes` makes one, and never an empty one. */
export interface Scope {
  readonly [scoped]: true;
  /** Finance, auditors and approvers see everybody. */
  readonly everyone: boolean;
  /** Participants whose rows are seen; empty when everyone's are. */
  readonly participants: ReadonlySet<string>;
  /** The date whose hierarchy counted. */
  readonly date: LocalDate;
  covers(participant: string): boolean;
  /** Throws OutOfScope (404) unless covered. */
  require(participant: string): void;
  /** The part of a filter that keeps rows of `field` inside the scope. */
  filter(field: string): Filter;
}

@Injectable()
export class Scopes {
  constructor(@Inject(Hierarchy) private readonly hierarchy: Hierarchy) {}

  /** What the caller may see by the hierarchy of that date; throws OutOfScope (404) when that is nobody. */
  scopeOf(caller: Caller, date: LocalDate): Scope {
    const reaches = caller.roles.map((role) => reach[role]);
    if (reaches.includes('everyone')) return scope(true, new Set(), date);
    const { participant } = caller;
    if (participant === undefined) throw new OutOfScope();
    if (reaches.includes('below'))
      return scope(false, new Set([participant, ...this.hierarchy.below(participant, date)]), date);
    if (reaches.includes('self')) return scope(false, new Set([participant]), date);
    throw new OutOfScope();
  }
}

/** For whoever has the data anyway: the command line on a folder. */
export function everybody(date: LocalDate): Scope {
  return scope(true, new Set(), date);
}

function scope(everyone: boolean, participants: ReadonlySet<string>, date: LocalDate): Scope {
  const covers = (participant: string) => everyone || participants.has(participant);
  return {
    everyone,
    participants,
    date,
    covers,
    require(participant: string) {
      if (!covers(participant)) throw new OutOfScope();
    },
    filter: (field: string): Filter => (everyone ? {} : { [field]: { in: [...participants] } }),
  } as Scope;
}
