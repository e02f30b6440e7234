import type { PlanDocument } from '@attain/contracts';
import type { ReversalPolicy } from '../../facts/reversals.rules.js';
import type { Environment } from '../../language/index.js';
import { windowEnvironment } from '../window-formulas.js';
import type { MeasureUnit } from './company-check.js';

/** The definitions that the parts of a plan are checked against. */
export interface PlanContext {
  readonly environment: Environment;
  /** Null for an invalid or unsupported measure. */
  readonly measures: ReadonlyMap<string, MeasureUnit | null>;
  /** How reversals change the credits of a measure, unless they undo them. */
  readonly reversals: ReadonlyMap<string, ReversalPolicy>;
  /** The reason that a measure is invalid or unsupported. */
  readonly refused: ReadonlyMap<string, { readonly code: string; readonly message: string }>;
  readonly plan: PlanDocument;
  readonly currency: string;
}

/** The names that expressions of a window may use: the participant's fields and the valid measures. */
export function namesOfWindow(
  environment: Environment,
  measures: ReadonlyMap<string, MeasureUnit | null>,
): Environment {
  return windowEnvironment(
    environment,
    new Map(
      [...measures].flatMap(([name, unit]) =>
        unit === null ? [] : [[name, unit === 'ratio' ? ('rate' as const) : unit] as const],
      ),
    ),
  );
}
