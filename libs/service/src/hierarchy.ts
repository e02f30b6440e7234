import { Inject, Injectable } from '@nestjs/common';
import type { LocalDate } from '@attain/values';
import type { FedHistory } from './history-feed.js';
import { HISTORY } from './tokens.js';

// A page asks for a few dates; a client that walks through years must not have them all kept.
const DATES_KEPT = 100;

/** Who stands below whom on which date, by all that is known now. */
@Injectable()
export class Hierarchy {
  readonly #reports = new Map<LocalDate, ReadonlyMap<string, readonly string[]>>();
  #head = -1n;

  constructor(@Inject(HISTORY) private readonly history: FedHistory) {}

  /** Everybody below a participant on that date, at any depth, without the participant. */
  below(participant: string, date: LocalDate): Set<string> {
    const reports = this.#reportsOn(date);
    const found = new Set<string>();
    const waiting = [participant];
    for (let manager = waiting.pop(); manager !== undefined; manager = waiting.pop()) {
      for (const report of reports.get(manager) ?? []) {
        if (found.has(report) || report === participant) continue;
        found.add(report);
        waiting.push(report);
      }
    }
    return found;
  }

  #reportsOn(date: LocalDate): ReadonlyMap<string, readonly string[]> {
    if (this.#head !== this.history.head || this.#reports.size >= DATES_KEPT) this.#reports.clear();
    this.#head = this.history.head;
    const known = this.#reports.get(date);
    if (known) return known;
    const managers = new Map<string, string | null>();
    // In the order of `from`: the last row that has begun by then, if it still holds.
    for (const { participant, from, to, manager } of this.history.people()) {
      if (from <= date) managers.set(participant, to === null || date <= to ? manager : null);
    }
    const reports = Map.groupBy([...managers.keys()], (participant) => managers.get(participant) ?? '');
    reports.delete('');
    this.#reports.set(date, reports);
    return reports;
  }
}
