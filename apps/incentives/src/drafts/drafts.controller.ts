import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, type Caller, Jobs, JobView, may, OutOfScope, Permit, Reads, Refuses, Who } from '@attain/service';
import { documentIn, PlanDocumentBody } from '../plans/plan-body.js';
import { PlanQueries } from '../plans/plan.queries.js';
import { DraftDiff } from '../plans/plans.answers.js';
import { DraftQueries } from './draft.queries.js';
import { CurveAnswer, DocumentSchema, PlanCost } from './drafts.answers.js';
import { AskCost, AskCurve } from './drafts.dto.js';
import { PlanCostQueries } from './plan-cost.queries.js';

/** Questions about plan documents that nobody has published. */
@ApiTags('plans')
@Controller()
export class DraftsController {
  constructor(
    @Inject(DraftQueries) private readonly drafts: DraftQueries,
    @Inject(PlanQueries) private readonly plans: PlanQueries,
    @Inject(PlanCostQueries) private readonly costs: PlanCostQueries,
    @Inject(Jobs) private readonly jobs: Jobs,
  ) {}

  @Get('plans/schema')
  @Answers(DocumentSchema)
  @Permit('plans:read')
  @ApiOperation({
    operationId: 'getPlanSchema',
    summary: 'The JSON Schema of plan documents, with a description of each key',
  })
  schema(): DocumentSchema {
    return { schema: this.drafts.planSchema() };
  }

  @Post('plans/diff')
  @Answers(DraftDiff)
  @HttpCode(200)
  @Permit('plans:read')
  @Reads('plan-versions')
  @Refuses('PLAN_INVALID')
  @ApiOperation({
    operationId: 'diffPlanDraft',
    summary: 'The changes from the version that a document follows to the document; nothing is stored',
  })
  diff(@Body() body: PlanDocumentBody): Promise<DraftDiff> {
    return this.drafts.diff(documentIn(body));
  }

  @Post('plans/curve')
  @Answers(CurveAnswer)
  @HttpCode(200)
  @Permit('plans:read')
  @Refuses('PLAN_INVALID')
  @ApiOperation({
    operationId: 'drawPlanCurve',
    summary: 'The pay of a plan document at each attainment, computed by the engine; nothing is stored',
  })
  curve(@Body() { component, quota, target, ...body }: AskCurve): Promise<CurveAnswer> {
    return this.drafts.curve(documentIn(body), { component, quota, target });
  }

  @Post('plans/cost')
  @Answers(JobView)
  @HttpCode(202)
  @Permit('plan-costs:read')
  @Reads('history')
  @Refuses('PLAN_INVALID', 'JOBS_BUSY')
  @ApiOperation({
    operationId: 'startPlanCost',
    summary: 'Start to compute what a plan document would have paid on past periods; nothing is stored',
    description:
      'Runs as a job. Its `result` has the pay of each participant and period for callers who see the pay of everybody, and rounded sums for a ' +
      'plan author. A sum of fewer than five people, or of which one person has more than half, is withheld from a plan author.',
  })
  async cost(@Who() caller: Caller, @Body() { from, to, ...body }: AskCost): Promise<JobView> {
    const draft = await this.plans.draft(documentIn(body));
    const isPayShown = may(caller, 'plan-costs-of-each:read');
    return this.jobs.start(
      { kind: 'plan-cost', title: `Cost of ${draft.plan} ${draft.version}`, actor: caller.actor },
      (work) => this.costs.cost(draft, { from, to, isPayShown }, work),
    );
  }

  @Get('plan-costs/:job')
  @Answers(PlanCost, { list: 'rows' })
  @Permit('plan-costs:read')
  @ApiOperation({
    operationId: 'getPlanCost',
    summary:
      'The result of a finished cost of a plan document, for who started it and for who sees the pay of everybody',
  })
  found(@Who() caller: Caller, @Param('job') id: string): PlanCost {
    const job = this.jobs.view(id);
    const isShown = job?.actor === caller.actor || may(caller, 'plan-costs-of-each:read');
    if (job?.kind !== 'plan-cost' || job.state !== 'finished' || !isShown) throw new OutOfScope();
    return job.result as PlanCost;
  }
}
