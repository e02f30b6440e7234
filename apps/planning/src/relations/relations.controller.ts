import type { Context, Outcome } from '@attain/eventsourcing';
import {
  because,
  type Caller,
  Command,
  CommandContext,
  IsDay,
  IsId,
  Names,
  Permit,
  Reason,
  Refuses,
  Scopes,
  Who,
} from '@attain/service';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { RelationCommands } from './relation.commands.js';

export class RetractRelation extends Reason {
  @ApiProperty({ example: 'ann' })
  @IsId()
  person!: string;

  @ApiProperty({ example: 'mentor' })
  @IsId()
  relation!: string;

  @ApiProperty({ description: 'Who is it of the person.', example: 'zoe' })
  @IsId()
  other!: string;

  @ApiProperty({ example: '2025-01-01' })
  @IsDay()
  from!: string;
}
export class RecordRelation extends RetractRelation {
  @ApiPropertyOptional({ example: '2025-12-31' })
  @IsOptional()
  @IsDay()
  to?: string;
}

@ApiTags('participants')
@Controller('relations')
export class RelationsController {
  constructor(
    @Inject(RelationCommands) private readonly relations: RelationCommands,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Post('record')
  @Permit('people:write')
  @Command()
  @Refuses('PERSON_UNKNOWN', 'DUPLICATE_ROW', 'INVALID_FIELD', 'OWN_PAY')
  @ApiOperation({
    operationId: 'recordRelation',
    summary: 'Record a named relation besides the manager: zoe is ann’s mentor',
  })
  async record(
    @Who() caller: Caller,
    @Body() { reason, to, ...relation }: RecordRelation,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    const { person, other } = relation;
    await this.names.requirePeople(
      [
        { id: person, field: 'person' },
        { id: other, field: 'other' },
      ],
      this.scopes.scopeOf(caller),
    );
    return this.relations.record({ ...relation, to: to ?? null }, because(context, reason));
  }

  @Post('retract')
  @Permit('people:write')
  @Command()
  @Refuses('INVALID_FIELD', 'OWN_PAY')
  @ApiOperation({ operationId: 'retractRelation', summary: 'Retract a relation that was never true' })
  retract(@Body() { reason, ...relation }: RetractRelation, @CommandContext() context: Context): Promise<Outcome> {
    return this.relations.retract(relation, because(context, reason));
  }
}
