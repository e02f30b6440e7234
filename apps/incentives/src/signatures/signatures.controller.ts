import type { Context, Outcome, ReadModel, ReadModels } from '@attain/eventsourcing';
import {
  Answers,
  because,
  type Caller,
  Command,
  CommandContext,
  IsId,
  MayStateReason,
  Names,
  OutOfScope,
  Permit,
  READ_MODELS,
  Reads,
  Refuses,
  rowsOf,
  Scopes,
  shownRows,
  Who,
} from '@attain/service';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { SignatureCommands } from './signature.commands.js';
import { signaturesProjection } from './signatures.projection.js';
import { SignatureDocument } from './signatures.answers.js';

export class SignPlan {
  @ApiPropertyOptional({
    description: 'Who signs; the caller when absent. Only finance records the signature of somebody else.',
    example: 'ann',
  })
  @IsOptional()
  @IsId()
  participant?: string;

  @ApiPropertyOptional({
    description: 'The hash of the version that was read (409 HASH_DIFFERS if the version has another).',
  })
  @IsOptional()
  @IsString()
  @MaxLength(128)
  hash?: string;

  @MayStateReason('Why, or where the paper is.')
  reason?: string;
}
export class SignatureList {
  @ApiPropertyOptional({ example: 'ann' })
  @IsOptional()
  @IsId()
  participant?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsId()
  plan?: string;
}

@ApiTags('plans')
@Controller()
export class SignaturesController {
  private readonly model: ReadModel<SignatureDocument>;

  constructor(
    @Inject(SignatureCommands) private readonly commands: SignatureCommands,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(Names) private readonly names: Names,
    @Inject(READ_MODELS) models: ReadModels,
  ) {
    this.model = models.model<SignatureDocument>(signaturesProjection.name);
  }

  @Post('plans/:plan/versions/:version/sign')
  @Permit('plans:sign')
  @Command()
  @Refuses('PLAN_UNKNOWN', 'HASH_DIFFERS', 'PERSON_UNKNOWN')
  @ApiOperation({
    operationId: 'signPlanVersion',
    summary: 'Sign a version of a plan; finance may record a signature on paper',
  })
  async sign(
    @Who() caller: Caller,
    @Param('plan') plan: string,
    @Param('version') version: string,
    @Body() { participant, hash, reason }: SignPlan,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    const who = participant ?? caller.participant;
    if (who === undefined || (who !== caller.participant && !caller.roles.includes('finance'))) throw new OutOfScope();
    await this.names.requirePeople([{ id: who, field: 'participant' }], this.scopes.scopeOf(caller));
    return this.commands.sign({ participant: who, plan, version, hash }, because(context, reason));
  }

  @Get('signatures')
  @Answers(rowsOf(SignatureDocument))
  @Permit('plans:read')
  @Reads('signatures', 'history')
  @ApiOperation({
    operationId: 'listSignatures',
    summary: 'Signatures of plans: the caller’s own, and those of everybody below today',
  })
  async list(@Who() caller: Caller, @Query() asked: SignatureList): Promise<{ rows: SignatureDocument[] }> {
    const scope = this.scopes.scopeOf(caller);
    const rows = await shownRows(this.model, {
      asked: { ...asked },
      order: ['participant', 'plan'],
      isShown: (row) => scope.covers(row.participant, scope.today),
    });
    return { rows };
  }
}
