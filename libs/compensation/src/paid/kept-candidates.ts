import type { Facts } from '../facts/facts.js';
import { LIVE } from '../facts/view.js';
import { Candidates, type ResolvedCut } from './candidates.js';

/** A statement asks for the candidates since the period before; its balances ask for those of that period. */
const KEPT = 2;

/** The results of the last calls. */
export class KeptCandidates {
  private readonly kept = new Map<string, Candidates>();

  constructor(private readonly facts: Facts) {}

  between(older: ResolvedCut, newer: ResolvedCut): Candidates {
    const key = JSON.stringify([
      older.position,
      older.effective,
      newer.position,
      newer.effective,
      [...(newer.closing?.keys() ?? [])],
      newer.position === LIVE ? String(this.facts.head) : '',
    ]);
    const candidates = this.kept.get(key) ?? new Candidates(this.facts, older, newer);
    if (!this.kept.has(key) && this.kept.size >= KEPT) this.kept.delete(this.kept.keys().next().value!);
    this.kept.set(key, candidates);
    return candidates;
  }
}
