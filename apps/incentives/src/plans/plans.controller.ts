import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { formatPath, ofRequests, parseDocuments, planSchema } from '@attain/contracts';
import type { Context, Outcome } from '@attain/eventsourcing';
import {
  Answers,
  because,
  type Caller,
  Command,
  CommandContext,
  IsId,
  Malformed,
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
import { IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import { PlanCommands, textOf } from './plan.commands.js';
import { PlanQueries } from './plan.queries.js';
import { WarningQueries } from '../warnings/warning.queries.js';
import { PlanCheck, PlanDiff, PlanSummary, PlanVersion, PublishedWithWarnings } from './plans.answers.js';

export class PlanBody {
  @ApiPropertyOptional({
    description: 'The plan document as YAML or JSON text.',
    example: 'attain: 1\nplan: Account executive\nversion: 2025.1\n…',
  })
  @IsOptional()
  @IsString()
  @MaxLength(ofRequests.characters)
  text?: string;

  @ApiPropertyOptional({ description: 'Or the plan document itself.', type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  document?: Record<string, unknown>;

  @MayStateReason('Why it is published.')
  reason?: string;
}

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
    summary: 'Check a plan: its problems, its warnings and the results of its examples; nothing is stored',
  })
  check(@Body() body: PlanBody): Promise<PlanCheck> {
    return this.queries.check(documentIn(body));
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
    return found;
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

function documentIn({ text, document }: PlanBody): unknown {
  if ((text === undefined) === (document === undefined))
    throw new Malformed([{ field: 'text', message: 'expected either text or document' }]);
  if (text === undefined) {
    const inexact = inexactIn(document, ['document']);
    if (inexact)
      throw new Malformed([
        { field: formatPath(inexact), message: 'a number that JSON does not keep exactly; write it as a text' },
      ]);
    return document;
  }
  const { documents, problems } = parseDocuments(text, 'text', ofRequests);
  if (problems.length > 0) {
    throw new Malformed(
      problems.map(({ line, column, path, message, code }) => ({
        field: ['text', formatPath(path)].filter(Boolean).join('.'),
        message: `line ${line}, column ${column}: ${message}`,
        code,
      })),
    );
  }
  if (documents.length !== 1)
    throw new Malformed([{ field: 'text', message: `expected one plan, found ${documents.length} documents` }]);
  return documents[0]?.value;
}

/** The place of a number that lost digits in JSON. */
function inexactIn(value: unknown, path: readonly (string | number)[]): readonly (string | number)[] | undefined {
  if (typeof value === 'number')
    return Math.abs(value) > Number.MAX_SAFE_INTEGER || String(value).includes('e') || String(value).length > 16
      ? path
      : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = inexactIn(part, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found) return found;
  }
  return undefined;
}
