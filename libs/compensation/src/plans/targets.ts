import type { PlanComponent } from '@attain/contracts';
import { Exact } from '@attain/values';
import type { Environment } from '../language/index.js';
import type { TierRule } from './tiers.rules.js';
import { type WindowFormula, windowFormulaOf } from './window-formulas.js';

/** A level of a target, with the share that it pays once the axis has reached it. */
interface Level extends TierRule {
  readonly pays: Exact;
  /** A level with an unmet condition does not apply. */
  readonly when: WindowFormula | null;
  /** `from` and `pays` as the plan writes them. */
  readonly written: { readonly from: string; readonly pays: string };
}
export interface WeightedObjective {
  readonly name: string;
  readonly weight: Exact;
  /** The event that assigned it; null if the plan names it. */
  readonly event: string | null;
}
/**
 * The pay of a component for a window as a whole: shares of a target, by levels or a curve of the axis, or by
 * objectives.
 */
export interface TargetRule {
  readonly amount: WindowFormula | 'assigned';
  readonly levels: readonly Level[];
  readonly objectives: readonly WeightedObjective[] | 'assigned' | null;
}

/** Null if a component has no target. */
export function targetOf(
  { target, tiers, objectives }: PlanComponent,
  environment: Environment,
  unit: Exact,
): TargetRule | null {
  if (target === undefined) return null;
  return {
    amount: target === 'assigned' ? target : windowFormulaOf(target, environment),
    levels: (tiers ?? []).map(({ from, pays = '0%', when }) => {
      const percent = from.endsWith('%');
      return {
        from: percent ? Exact.parse(from) : Exact.parse(from).times(unit),
        percent,
        retroactive: null,
        pays: Exact.parse(pays),
        when: when === undefined ? null : windowFormulaOf(when, environment),
        written: { from, pays },
      };
    }),
    objectives:
      typeof objectives === 'object'
        ? Object.entries(objectives).map(([name, weight]) => ({ name, weight: Exact.parse(weight), event: null }))
        : (objectives ?? null),
  };
}
