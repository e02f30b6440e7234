import { Inject, Injectable } from '@nestjs/common';
import { type CurveQuestion, type DraftPlan, payCurve } from '@attain/compensation';
import { documentSchemas } from '@attain/contracts';
import { inTurns } from '@attain/service';
import { isCurrency, minorDigits } from '@attain/values';
import { PlanQueries } from '../plans/plan.queries.js';
import type { DraftDiff } from '../plans/plans.answers.js';
import type { CurveAnswer } from './drafts.answers.js';

@Injectable()
export class DraftQueries {
  private schema: Record<string, unknown> | undefined;

  constructor(@Inject(PlanQueries) private readonly plans: PlanQueries) {}

  /** The schema that the validator is made of, with the text of each key. */
  planSchema(): Record<string, unknown> {
    return (this.schema ??= documentSchemas().get('plan') as Record<string, unknown>);
  }

  /** Refused PLAN_INVALID. */
  async diff(document: unknown): Promise<DraftDiff> {
    return this.plans.changesOf(await this.plans.draft(document));
  }

  /** Refused PLAN_INVALID. */
  async curve(document: unknown, question: CurveQuestion): Promise<CurveAnswer> {
    const draft: DraftPlan = await this.plans.draft(document);
    const found = await inTurns(payCurve(draft.document, draft.uses, question));
    if (found === null) return { curve: null };
    const digits = isCurrency(found.currency) ? minorDigits(found.currency) : 2;
    return {
      curve: {
        ...found,
        fields: { ...found.fields },
        points: found.points.map(({ attained, credited, pay }) => ({
          attained: attained.toDecimal(6, 'half-up'),
          credited: credited.toDecimal(2, 'half-up'),
          pay: pay.toDecimal(digits, 'half-up'),
        })),
      },
    };
  }
}
