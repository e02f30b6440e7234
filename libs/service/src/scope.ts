import { Inject, Injectable } from '@nestjs/common';
import { anyOf, type Clock, type Filter } from '@attain/eventsourcing';
import { dateOf, type LocalDate } from '@attain/values';
import type { FedHistory } from './fed-history.js';
import type { Caller } from './identity/caller.js';
import { Hierarchy } from './hierarchy.js';
import { OutOfScope } from './problem.js';
import { reach } from './identity/roles.js';
import { always, type Days, intersected, isIn, type Spans, without } from './spans.rules.js';
import { CLOCK, HISTORY } from './tokens.js';

declare const scoped: unique symbol;

/** The date of a row of a read model: a field of it, or fixed days; `where` selects the rows. */
export type RowDate = ({ readonly field: string } | { readonly on: LocalDate | Days }) & { readonly where?: Filter };

/**
 * The rows that a caller may see: the caller's own rows, and those of people below the caller on the date of the row
 * itself. Dates in a request never widen it. Only `Scopes` creates a scope, and never an empty one.
 */
export interface Scope {
  readonly [scoped]: true;
  /** Finance, auditors, plan authors and approvers see everybody. */
  readonly everyone: boolean;
  /** The people of whom some row is visible; empty if everyone is. */
  readonly participants: ReadonlySet<string>;
  /** The company's day, which dates open records. */
  readonly today: LocalDate;
  /** Whether rows of that date are visible; for a span, of all its days on which the participant has a row. */
  covers(participant: string, when: LocalDate | Days): boolean;
  /** Throws OutOfScope (404) unless covered. */
  require(participant: string, when: LocalDate | Days): void;
  /** The people whose rows of that date, or of all those days, are visible; undefined for everybody. */
  covered(when: LocalDate | Days): ReadonlySet<string> | undefined;
  /** The days whose rows are visible. */
  spans(participant: string): Spans;
  /** The part of a filter that keeps rows inside the scope, by the field that names their participant and by their dates. */
  filter(participant: string, ...dates: readonly [RowDate, ...RowDate[]]): Filter;
}

@Injectable()
export class Scopes {
  constructor(
    @Inject(Hierarchy) private readonly hierarchy: Hierarchy,
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The scope of a caller; throws OutOfScope (404) if it is empty. */
  scopeOf(caller: Caller): Scope {
    const reaches = caller.roles.map((role) => reach[role]);
    const today = this.today();
    if (reaches.includes('everyone')) return scope({ today });
    const { participant } = caller;
    if (participant === undefined) throw new OutOfScope();
    const active = (of: string) => this.hierarchy.active(of);
    if (reaches.includes('below'))
      return scope({ today, own: { participant, below: this.below(participant, today), active } });
    if (reaches.includes('self')) return scope({ today, own: { participant, below: new Map(), active } });
    throw new OutOfScope();
  }

  /** The people whom a manager sees, with the days; a company may withdraw also the past days from a former manager. */
  private below(participant: string, today: LocalDate): ReadonlyMap<string, Spans> {
    const below = this.hierarchy.below(participant);
    if (this.history.company().formerManagers === 'keep') return below;
    return new Map(
      [...below].flatMap(([report, spans]): [string, Spans][] => {
        const left = isIn(spans, today) ? spans : spans.filter(({ from }) => from > today);
        return left.length > 0 ? [[report, left]] : [];
      }),
    );
  }

  /** The company's day. */
  today(): LocalDate {
    return dateOf(this.clock(), this.history.company().timeZone);
  }
}

/** For callers who have the data, such as the command line on a folder. */
export function everybody(today: LocalDate): Scope {
  return scope({ today });
}

interface Reach {
  today: LocalDate;
  /** Absent for everybody. */
  own?: { participant: string; below: ReadonlyMap<string, Spans>; active(participant: string): Spans };
}

function scope({ today, own }: Reach): Scope {
  const participants: ReadonlySet<string> = new Set(own && [own.participant, ...own.below.keys()]);
  const spans = (participant: string): Spans => {
    if (!own || participant === own.participant) return [always];
    return own.below.get(participant) ?? [];
  };
  const covers = (participant: string, when: LocalDate | Days): boolean => {
    if (!own || participant === own.participant) return true;
    const seen = own.below.get(participant);
    if (!seen) return false;
    if (typeof when === 'string') return isIn(seen, when);
    const there = intersected(own.active(participant), [when]);
    return there.length > 0 && without(there, seen).length === 0;
  };
  const covered = (when: LocalDate | Days) =>
    own && new Set([...participants].filter((participant) => covers(participant, when)));
  const reports = (when: LocalDate | Days) =>
    own ? [...own.below.keys()].filter((participant) => covers(participant, when)) : [];
  return {
    everyone: !own,
    participants,
    today,
    covers,
    covered,
    spans,
    require(participant: string, when: LocalDate | Days) {
      if (!covers(participant, when)) throw new OutOfScope();
    },
    filter(field: string, ...dates: readonly RowDate[]): Filter {
      if (!own) return {};
      const others = dates.flatMap(({ where, ...date }) =>
        ('on' in date ? onDays(field, reports(date.on)) : ofDates(field, date.field, own.below)).map((alternative) => ({
          ...alternative,
          ...where,
        })),
      );
      return { [anyOf]: [{ [field]: own.participant }, ...others] };
    },
  } as Scope;
}

function onDays(field: string, reports: readonly string[]): Filter[] {
  return reports.length === 0 ? [] : [{ [field]: { in: reports } }];
}

/** One alternative for people with the same span, because most of a team come and go with their manager. */
function ofDates(field: string, date: string, below: ReadonlyMap<string, Spans>): Filter[] {
  const sharing = new Map<string, { days: Days; people: string[] }>();
  for (const [participant, spans] of below) {
    for (const days of spans) {
      const key = `${days.from}..${days.to}`;
      const shared = sharing.get(key) ?? { days, people: [] };
      shared.people.push(participant);
      sharing.set(key, shared);
    }
  }
  return [...sharing.values()].map(({ days, people }) => ({ [field]: { in: people }, [date]: { ...days } }));
}
