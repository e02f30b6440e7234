import type { Exact } from '@attain/values';
import type { Ast, Binding } from '../language/index.js';

/** What expressions of a component may ask about its window, as it stands at the end of a pay period; null is undefined. */
export interface WindowSoFar {
  /** In which sums are money. */
  readonly currency: string;
  /** Of the participant, or of the team, the region or the role that a field of theirs names. */
  attainment(measure: string, among: string | null): Exact | null;
  sum(measure: string): Exact | null;
  /** How many records are credited. */
  deals(): Exact;
  /** Of an objective without a score 0. */
  score(objective: string): Exact;
}

/** What an expression asks about the window. */
export interface Asking {
  /** Whether it asks anything at all. */
  readonly isWindowed: boolean;
  /** The measures that it asks about. */
  readonly asks: readonly string[];
}

/** Reads the answers of the window that a scope has; without one they are undefined. */
export function windowBinding<Scope extends { readonly soFar?: WindowSoFar | undefined }>(): Pick<
  Binding<Scope>,
  'attainment' | 'sum' | 'deals' | 'score'
> {
  return {
    attainment: (measure, among) => (scope) => {
      const whose = among === null ? null : among(scope);
      return among !== null && typeof whose !== 'string'
        ? null
        : (scope.soFar?.attainment(measure, whose as string | null) ?? null);
    },
    sum:
      (measure) =>
      ({ soFar }) =>
        soFar?.sum(measure) ?? null,
    deals: ({ soFar }) => soFar?.deals() ?? null,
    score: (objective) => (scope) => {
      const name = objective(scope);
      return typeof name === 'string' ? (scope.soFar?.score(name) ?? null) : null;
    },
  };
}

/** What the parts of an expression ask. */
export function askingOf(parts: readonly Ast[], windowed: readonly unknown[]): Asking {
  const asks = parts.flatMap((part) => {
    if (part.kind !== 'call' || (part.name !== 'attainment' && part.name !== 'sum')) return [];
    const [measure] = part.args;
    return measure?.kind === 'text' ? [measure.value] : measure?.kind === 'field' ? [measure.name] : [];
  });
  return { isWindowed: windowed.length > 0, asks: [...new Set(asks)] };
}
