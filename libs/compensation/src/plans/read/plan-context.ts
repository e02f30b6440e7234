import type { PlanDocument } from '@attain/contracts';
import type { ReversalPolicy } from '../../facts/reversals.rules.js';
import type { Environment } from '../../language/index.js';
import { windowEnvironment } from '../window-formulas.js';
import type { MeasureUnit } from './company-check.js';

/** What the parts of a plan are held to. */
export interface PlanContext {
  readonly environment: Environment;
  /** Null for a measure that is not right or not supported. */
  readonly measures: ReadonlyMap<string, MeasureUnit | null>;
  /** What reversals do to the credits of a measure, where they do not undo them. */
  readonly reversals: ReadonlyMap<string, ReversalPolicy>;
  /** Why a measure is not right or not supported. */
  readonly refused: ReadonlyMap<string, { readonly code: string; readonly message: string }>;
  readonly plan: PlanDocument;
  readonly currency: string;
}

/** The names that expressions of a window may use: the participant's fields, and the measures that are right. */
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
