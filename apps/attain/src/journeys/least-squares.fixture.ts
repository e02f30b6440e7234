/** One linear equation: Σ factor · unknown = is. */
export interface Equation {
  readonly terms: ReadonlyMap<string, number>;
  readonly is: number;
}

/** What a pivot may have lost to rounding before it counts for nothing. */
const NOTHING = 1e-9;

/** The unknowns that the equations determine, by the least sum of squares; those that they leave open are left out. */
export function leastSquares(equations: readonly Equation[]): Map<string, number> {
  const names = [...new Set(equations.flatMap(({ terms }) => [...terms.keys()]))].sort();
  const scales = names.map((name) => Math.hypot(...equations.map(({ terms }) => terms.get(name) ?? 0)) || 1);
  const rows = equations.map(({ terms }) => names.map((name, i) => (terms.get(name) ?? 0) / scales[i]!));
  const matrix = names.map((_, i) => [
    ...names.map((_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    rows.reduce((sum, row, k) => sum + row[i]! * equations[k]!.is, 0),
  ]);
  const pivots = reduce(matrix, names.length);
  const open = names.map((_, i) => i).filter((i) => !pivots.has(i));
  const found = new Map<string, number>();
  for (const [column, row] of pivots) {
    if (open.some((i) => Math.abs(matrix[row]![i]!) > 1e-6)) continue;
    found.set(names[column]!, matrix[row]![names.length]! / scales[column]!);
  }
  return found;
}

/** Gauss and Jordan with the largest pivot that is left; the row of each column that has one. */
function reduce(matrix: number[][], size: number): Map<number, number> {
  const pivots = new Map<number, number>();
  for (let row = 0; row < size; row += 1) {
    let [best, at, of] = [NOTHING, -1, -1];
    for (let i = row; i < size; i += 1) {
      for (let j = 0; j < size; j += 1) {
        const value = Math.abs(matrix[i]![j]!);
        if (!pivots.has(j) && value > best) [best, at, of] = [value, i, j];
      }
    }
    if (at < 0) break;
    [matrix[row], matrix[at]] = [matrix[at]!, matrix[row]!];
    const pivot = matrix[row]![of]!;
    matrix[row] = matrix[row]!.map((value) => value / pivot);
    for (let i = 0; i < size; i += 1) {
      const factor = i === row ? 0 : matrix[i]![of]!;
      if (factor !== 0) matrix[i] = matrix[i]!.map((value, j) => value - factor * matrix[row]![j]!);
    }
    pivots.set(of, row);
  }
  return pivots;
}
