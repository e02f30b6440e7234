import { Inject, Injectable } from '@nestjs/common';
import { type DocumentNode, planSchema } from '@attain/contracts';
import { checkPlan, type DraftPlan, type ExampleResult, type Problem, runExamples } from '@attain/compensation';
import type { ReadModels } from '@attain/eventsourcing';
import { type Caller, notFound, OutOfScope, READ_MODELS } from '@attain/service';
import { CompanyNow } from './company-now.js';
import { textOf } from './plan.commands.js';
import { placedExamples, placedProblems } from './placed.rules.js';
import { planHash, requireValid } from './plan.decider.js';
import { changesBetween } from './plan-diff.rules.js';
import { planSentences } from './plan-sentences.rules.js';
import { usesOf } from './plan-uses.rules.js';
import { type PlanVersion, planVersionKey, planVersionsProjection } from './plan-versions.projection.js';
import type { DraftDiff, PlanCheck, PlanDiff, PlanSummary } from './plans.answers.js';

export type { PlanCheck, PlanDiff, PlanSummary } from './plans.answers.js';

interface UnplacedCheck {
  problems: Problem[];
  examples: ExampleResult[];
  hash: string | null;
}

@Injectable()
export class PlanQueries {
  constructor(
    @Inject(READ_MODELS) private readonly models: ReadModels,
    @Inject(CompanyNow) private readonly company: CompanyNow,
  ) {}

  /** The result of publishing; nothing is stored. */
  async check(document: unknown): Promise<UnplacedCheck> {
    const text = textOf(document);
    const uses = usesOf(text, await this.company.document(), await this.company.tables());
    const problems = checkPlan(text, uses);
    if (problems.length > 0) return { problems, examples: [], hash: null };
    return { problems, examples: runExamples(text, uses), hash: planHash(text, uses) };
  }

  /** The same for a document whose parts have places. */
  async checkPlaced(node: DocumentNode, { hasLines }: { hasLines: boolean }): Promise<PlanCheck> {
    const { problems, examples, hash } = await this.check(node.value);
    return {
      problems: placedProblems(node, problems, hasLines),
      examples: placedExamples(node, examples, hasLines),
      hash,
    };
  }

  /** A valid document with the settings that it would be published with. Refused PLAN_INVALID. */
  async draft(document: unknown): Promise<DraftPlan> {
    const text = textOf(document);
    const uses = usesOf(text, await this.company.document(), await this.company.tables());
    requireValid(text, uses);
    const { plan, version } = planSchema.parse(text);
    return { plan, version, document: text, uses: { ...uses }, hash: planHash(text, uses) };
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
    return between(before, after);
  }

  /** The changes from the version that a draft follows to the draft; null if it is the first of its plan. */
  async changesOf(draft: DraftPlan): Promise<DraftDiff> {
    const from = firstDay(draft.document);
    const others = (await this.list()).filter(({ plan, version }) => plan === draft.plan && version !== draft.version);
    const { version } = others.findLast((one) => one.from <= from) ?? others.at(-1) ?? {};
    const before = version === undefined ? undefined : await this.version(draft.plan, version);
    return before === undefined
      ? { follows: null, changes: [], sentences: [] }
      : { follows: before.version, ...between(before, draft) };
  }

  private model() {
    return this.models.model<PlanVersion>(planVersionsProjection.name);
  }
}

function firstDay(document: Readonly<Record<string, unknown>>): string {
  return (document as { effective: { from: string } }).effective.from;
}

type Documented = Pick<PlanVersion, 'document' | 'uses'>;

function between(before: Documented, after: Documented): PlanDiff {
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
