import type { AdjustmentFact, FactOf, Stream } from './entries.js';
import { sees, type View } from './view.js';

/** An adjustment that one person proposed and another approved. */
export interface Adjustment {
  readonly proposal: FactOf<'AdjustmentProposed'>;
  readonly approval: FactOf<'AdjustmentApproved'>;
}

/** The approved adjustments in a view, in the order of their approval. */
export function approvedIn(entries: Stream<AdjustmentFact>, view: View): readonly Adjustment[] {
  const proposals = new Map<string, FactOf<'AdjustmentProposed'>>();
  const approved: Adjustment[] = [];
  for (const { at, fact } of entries) {
    // A proposal becomes known with its approval.
    if (fact.type === 'AdjustmentProposed') proposals.set(fact.data.adjustment, fact);
    else if (fact.type === 'AdjustmentApproved' && sees(view, at)) {
      const proposal = proposals.get(fact.data.adjustment);
      if (proposal !== undefined) approved.push({ proposal, approval: fact });
    }
  }
  return approved;
}
