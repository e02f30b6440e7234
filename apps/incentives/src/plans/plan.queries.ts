import { Inject, Injectable } from '@nestjs/common';
import { planSchema } from '@attain/contracts';
import { checkPlan, runExamples } from '@attain/compensation';
import type { ReadModels } from '@attain/eventsourcing';
import { type Caller, notFound, OutOfScope, READ_MODELS } from '@attain/service';
import { CompanyNow } from './company-now.js';
import { textOf } from './plan.commands.js';
import { planHash } from './plan.decider.js';
import { changesBetween } from './plan-diff.rules.js';
import { planSentences } from './plan-sentences.rules.js';
import { usesOf } from './plan-uses.rules.js';
import { type PlanVersion, planVersionKey, planVersionsProjection } from './plan-versions.projection.js';
import type { PlanCheck, PlanDiff, PlanSummary } from './plans.answers.js';

export type { PlanCheck, PlanDiff, PlanSummary } from './plans.answers.js';

@Injectable()
export class PlanQueries {
  constructor(
    @Inject(READ_MODELS) private readonly models: ReadModels,
    @Inject(CompanyNow) private readonly company: CompanyNow,
  ) {}

  /** The result of publishing; nothing is stored. */
  async check(document: unknown): Promise<PlanCheck> {
    const text = textOf(document);
    const uses = usesOf(text, await this.company.document(), await this.company.tables());
    const problems = checkPlan(text, uses);
    if (problems.length > 0) return { problems, examples: [], hash: null };
    return { problems, examples: runExamples(text, uses), hash: planHash(text, uses) };
  }

  /** Every valid version, by plan and first day. */
  async list(): Promise<PlanSummary[]> {
    const versions = await this.model().find({
      sort: [
        { field: 'plan', order: 'ascending' },
        { field: 'from', order: 'ascending' },
      ],
    });
    return versions.map(({ document: _document, uses: _uses, ...summary }) => summary);
  }

  version(plan: string, version: string): Promise<PlanVersion | undefined> {
    return this.model().get(planVersionKey(plan, version));
  }

  /** The plan, or the version of a known plan, does not exist. */
  async unknown(caller: Pick<Caller, 'roles'>, plan: string, version: string): Promise<OutOfScope> {
    const versions = await this.list();
    const own = versions.filter((one) => one.plan === plan).map((one) => one.version);
    return own.length > 0
      ? notFound(caller, { kind: 'version', name: version, in: `plan ${JSON.stringify(plan)}`, known: own })
      : notFound(caller, { kind: 'plan', name: plan, known: versions.map((one) => one.plan) });
  }

  /**
   * The changes from one version to another, in the document and in the settings it uses; throws OutOfScope if one does
   * not exist.
   */
  async diff(caller: Pick<Caller, 'roles'>, plan: string, from: string, to: string): Promise<PlanDiff> {
    const [before, after] = [await this.version(plan, from), await this.version(plan, to)];
    if (!before || !after) throw await this.unknown(caller, plan, before ? to : from);
    const changes = [
      ...changesBetween(before.document, after.document),
      ...changesBetween(before.uses, after.uses, ['uses']),
    ];
    const sentences = planSentences(planSchema.parse(before.document), planSchema.parse(after.document), {
      before: before.uses,
      after: after.uses,
    });
    return { changes, sentences };
  }

  private model() {
    return this.models.model<PlanVersion>(planVersionsProjection.name);
  }
}
