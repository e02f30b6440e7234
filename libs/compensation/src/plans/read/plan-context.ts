import type { PlanDocument } from '@attain/contracts';
import type { ReversalPolicy } from '../../facts/reversals.rules.js';
import type { Environment } from '../../language/index.js';
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
