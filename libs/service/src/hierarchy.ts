import { Inject, Injectable } from '@nestjs/common';
import { dayBefore } from '@attain/values';
import type { FedHistory } from './fed-history.js';
import { always, intersected, type Spans, united, without } from './spans.rules.js';
import { HISTORY } from './tokens.js';

// About the number of managers who ask between two changes; each entry has a few spans for each report.
const MANAGERS_KEPT = 500;

interface Rows {
  /** The days on which each person has a row. */
  active: ReadonlyMap<string, Spans>;
  /** Manager → direct reports with their days. */
  reports: ReadonlyMap<string, ReadonlyMap<string, Spans>>;
}

/** Who is above whom on which days, past and future, by all facts known now. */
@Injectable()
export class Hierarchy {
  private readonly branches = new Map<string, ReadonlyMap<string, Spans>>();
  private rows: Rows | undefined;
  private head = -1n;

  constructor(@Inject(HISTORY) private readonly history: FedHistory) {}

  /** All people below a participant on any day, at any depth, with the days; without the participant. */
  below(participant: string): ReadonlyMap<string, Spans> {
    const { reports } = this.current();
    const known = this.branches.get(participant);
    if (known) return known;
    const found = new Map<string, Spans>();
    const waiting: { manager: string; on: Spans }[] = [{ manager: participant, on: [always] }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const [report, days] of reports.get(next.manager) ?? []) {
        if (report === participant) continue;
        const before = found.get(report) ?? [];
        // Only new days are followed further down, so a circle ends.
        const on = without(intersected(days, next.on), before);
        if (on.length === 0) continue;
        found.set(report, united(before, on));
        waiting.push({ manager: report, on });
      }
    }
    if (this.branches.size >= MANAGERS_KEPT) this.branches.clear();
    this.branches.set(participant, found);
    return found;
  }

  /** The days on which somebody has a row. */
  active(participant: string): Spans {
    return this.current().active.get(participant) ?? [];
  }

  private current(): Rows {
    if (this.rows && this.head === this.history.head) return this.rows;
    this.branches.clear();
    this.head = this.history.head;
    this.rows = rowsOf(this.history.people());
    return this.rows;
  }
}

function rowsOf(people: ReturnType<FedHistory['people']>): Rows {
  const active = new Map<string, Spans>();
  const reports = new Map<string, Map<string, Spans>>();
  people.forEach(({ participant, from, to, manager }, at) => {
    // In the order of `from`: a row ends before the participant's next row begins.
    const next = people[at + 1];
    const latest = next?.participant === participant ? dayBefore(next.from) : always.to;
    const days = { from, to: to === null || to > latest ? latest : to };
    if (days.to < days.from) return;
    active.set(participant, united(active.get(participant) ?? [], [days]));
    if (manager === null) return;
    const own = reports.get(manager) ?? new Map<string, Spans>();
    reports.set(manager, own.set(participant, united(own.get(participant) ?? [], [days])));
  });
  return { active, reports };
}
