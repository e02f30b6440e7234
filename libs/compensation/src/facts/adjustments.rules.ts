import type { AdjustmentFact, FactOf, Stream } from './entries.js';
import { sees, type View } from './view.js';

/** An adjustment that somebody proposed and somebody else approved. */
export interface Adjustment {
  readonly proposal: FactOf<'AdjustmentProposed'>;
  readonly approval: FactOf<'AdjustmentApproved'>;
}

/** The approved adjustments that a view sees, in the order in which they were approved. */
export function approvedIn(entries: Stream<AdjustmentFact>, view: View): readonly Adjustment[] {
  const proposals = new Map<string, FactOf<'AdjustmentProposed'>>();
  const approved: Adjustment[] = [];
  for (const { at, fact } of entries) {
    // What an approval approves is known with it.
    if (fact.type === 'AdjustmentProposed') proposals.set(fact.data.adjustment, fact);
    else if (fact.type === 'AdjustmentApproved' && sees(view, at)) {
      const proposal = proposals.get(fact.data.adjustment);
      if (proposal !== undefined) approved.push({ proposal, approval: fact });
    }
  }
  return approved;
}
