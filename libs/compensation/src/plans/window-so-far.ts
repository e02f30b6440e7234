import type { Exact } from '@attain/values';
import type { Ast, Binding } from '../language/index.js';

/** The values of a component's window that its expressions may use, at the end of a pay period; null for undefined. */
export interface WindowSoFar {
  /** The currency of sums of money. */
  readonly currency: string;
  /** The attainment of the participant, or of the team, region or role that a field of theirs names. */
  attainment(measure: string, among: string | null): Exact | null;
  sum(measure: string): Exact | null;
  /** The number of credited records. */
  deals(): Exact;
  /** The score of an objective; 0 without one. */
  score(objective: string): Exact;
}

/** The questions of an expression about the window. */
export interface Asking {
  /** Whether it uses the window at all. */
  readonly isWindowed: boolean;
  /** The measures that it uses. */
  readonly asks: readonly string[];
}

/** Reads the answers of the window in a scope; without a window they are undefined. */
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

/** The questions in the parts of an expression. */
export function askingOf(parts: readonly Ast[], windowed: readonly unknown[]): Asking {
  const asks = parts.flatMap((part) => {
    if (part.kind !== 'call' || (part.name !== 'attainment' && part.name !== 'sum')) return [];
    const [measure] = part.args;
    return measure?.kind === 'text' ? [measure.value] : measure?.kind === 'field' ? [measure.name] : [];
  });
  return { isWindowed: windowed.length > 0, asks: [...new Set(asks)] };
}
