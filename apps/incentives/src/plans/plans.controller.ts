import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { planSchema, yamlOf } from '@attain/contracts';
import type { Context, Outcome } from '@attain/eventsourcing';
import {
  Answers,
  because,
  type Caller,
  Command,
  CommandContext,
  IsId,
  may,
  MayStateReason,
  Names,
  Permit,
  Reads,
  Refuses,
  rowsOf,
  Scopes,
  Who,
} from '@attain/service';
import { documentIn, PlanBody, readPlan } from './plan-body.js';
import { PlanCommands, textOf } from './plan.commands.js';
import { PlanQueries } from './plan.queries.js';
import { WarningQueries } from '../warnings/warning.queries.js';
import { PlanCheck, PlanDiff, PlanSummary, PlanVersion, PublishedWithWarnings } from './plans.answers.js';

export class RetractPlan {
  @MayStateReason('Why it is taken back.')
  reason?: string;
}

export class TwoVersions {
  @ApiProperty({ example: '2025.1' })
  @IsId()
  from!: string;

  @ApiProperty({ example: '2025.2' })
  @IsId()
  to!: string;
}

@ApiTags('plans')
@Controller('plans')
export class PlansController {
  constructor(
    @Inject(PlanCommands) private readonly commands: PlanCommands,
    @Inject(PlanQueries) private readonly queries: PlanQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(Names) private readonly names: Names,
    @Inject(WarningQueries) private readonly warnings: WarningQueries,
  ) {}

  @Post()
  @Answers(PublishedWithWarnings)
  @Permit('plans:write')
  @Command()
  @Refuses('PLAN_INVALID', 'PLAN_EXAMPLES', 'VERSION_EXISTS', 'PERSON_UNKNOWN', 'OWN_PAY')
  @ApiOperation({
    operationId: 'publishPlan',
    summary:
      'Publish a version; answers with `warnings` about it. Refused PLAN_INVALID, PERSON_UNKNOWN, PLAN_EXAMPLES, VERSION_EXISTS, or OWN_PAY when it names its author',
  })
  async publish(
    @Who() caller: Caller,
    @Body() body: PlanBody,
    @CommandContext() context: Context,
  ): Promise<PublishedWithWarnings> {
    const document = documentIn(body);
    await this.names.requirePeople(peopleIn(document), this.scopes.scopeOf(caller));
    const published = await this.commands.publish(document, because(context, body.reason));
    return {
      ...published,
      warnings: await this.warnings.ofPlan(published, published.position, { money: may(caller, 'warnings:read') }),
    };
  }

  @Post(':plan/versions/:version/retract')
  @Permit('plans:write')
  @Command()
  @Refuses('OWN_PAY')
  @ApiOperation({
    operationId: 'retractPlanVersion',
    summary: 'Retract a version, so that its pay is computed again; a version that does not exist changes nothing',
  })
  retract(
    @Param('plan') plan: string,
    @Param('version') version: string,
    @Body() { reason }: RetractPlan,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.commands.retract(plan, version, because(context, reason));
  }

  @Post('check')
  @Answers(PlanCheck)
  @HttpCode(200)
  @Permit('plans:read')
  @ApiOperation({
    operationId: 'checkPlan',
    summary: 'Check a plan: its problems and the results of its examples, each with its line; nothing is stored',
  })
  check(@Body() body: PlanBody): Promise<PlanCheck> {
    const { node, problems } = readPlan(body);
    return node === undefined
      ? Promise.resolve({ problems, examples: [], hash: null })
      : this.queries.checkPlaced(node, { hasLines: body.text !== undefined });
  }

  @Get()
  @Answers(rowsOf(PlanSummary))
  @Permit('plans:read')
  @Reads('plan-versions')
  @ApiOperation({ operationId: 'listPlans', summary: 'Every version with its effective dates and assignment' })
  async list(): Promise<{ rows: PlanSummary[] }> {
    return { rows: await this.queries.list() };
  }

  @Get(':plan/versions/:version')
  @Answers(PlanVersion)
  @Permit('plans:read')
  @Reads('plan-versions')
  @ApiOperation({
    operationId: 'getPlanVersion',
    summary: 'One version as it was published, with the settings that it uses',
  })
  async version(
    @Who() caller: Caller,
    @Param('plan') plan: string,
    @Param('version') version: string,
  ): Promise<PlanVersion> {
    const found = await this.queries.version(plan, version);
    if (!found) throw await this.queries.unknown(caller, plan, version);
    return { ...found, text: yamlOf(planSchema.parse(found.document)) };
  }

  @Get(':plan/diff')
  @Answers(PlanDiff, { list: 'changes' })
  @Permit('plans:read')
  @Reads('plan-versions')
  @ApiOperation({
    operationId: 'diffPlanVersions',
    summary: 'The changes from one version to another, each with its place and a sentence',
  })
  async diff(
    @Who() caller: Caller,
    @Param('plan') plan: string,
    @Query() { from, to }: TwoVersions,
  ): Promise<PlanDiff> {
    return this.queries.diff(caller, plan, from, to);
  }
}

/** The people that a valid plan names. `publish` reports the problems of an invalid plan. */
function peopleIn(document: unknown): { id: string; field: string }[] {
  const { data } = planSchema.safeParse(textOf(document));
  const { people = [], except = [] } = data?.assignedTo ?? {};
  return [
    ...people.map((id) => ({ id, field: 'assignedTo.people' })),
    ...except.map((id) => ({ id, field: 'assignedTo.except' })),
  ];
}
