import type { Context, Outcome } from '@attain/eventsourcing';
import {
  Answers,
  because,
  type Caller,
  Command,
  CommandContext,
  Malformed,
  Names,
  Permit,
  Reads,
  Refuses,
  rowsOf,
  Scopes,
  Who,
} from '@attain/service';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ParticipantCommands } from './participant.commands.js';
import { AssignParticipant, NameParticipant, OnDay, RetractAssignment } from './participants.dto.js';
import { ParticipantQueries } from './participant.queries.js';
import { Branch, ParticipantOn, ParticipantRows } from './participants.answers.js';

@ApiTags('participants')
@Controller('participants')
export class ParticipantsController {
  constructor(
    @Inject(ParticipantCommands) private readonly participants: ParticipantCommands,
    @Inject(ParticipantQueries) private readonly queries: ParticipantQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(Names) private readonly names: Names,
  ) {}

  @Get()
  @Answers(rowsOf(ParticipantOn))
  @Permit('people:read')
  @Reads('participants')
  @ApiOperation({
    operationId: 'listParticipants',
    summary: 'Participants on a day: the caller and everybody below in the hierarchy of that day',
  })
  async list(@Who() caller: Caller, @Query() { on }: OnDay): Promise<{ rows: ParticipantOn[] }> {
    return { rows: await this.queries.on(this.scopes.scopeOf(caller), on) };
  }

  @Get('hierarchy')
  @Answers(rowsOf(Branch))
  @Permit('people:read')
  @Reads('participants')
  @ApiOperation({ operationId: 'getHierarchy', summary: 'The hierarchy of a day as a tree' })
  async hierarchy(@Who() caller: Caller, @Query() { on }: OnDay): Promise<{ rows: Branch[] }> {
    return { rows: await this.queries.hierarchy(this.scopes.scopeOf(caller), on) };
  }

  @Get(':participant')
  @Answers(ParticipantRows)
  @Permit('people:read')
  @Reads('participants')
  @ApiOperation({
    operationId: 'getParticipant',
    summary: 'Every row of a participant, on the days on which the caller may see it',
  })
  one(@Who() caller: Caller, @Param('participant') participant: string): Promise<ParticipantRows> {
    return this.queries.one(this.scopes.scopeOf(caller), participant);
  }

  @Post(':participant/name')
  @Permit('people:write')
  @Command()
  @Refuses('OWN_PAY')
  @ApiOperation({ operationId: 'nameParticipant', summary: 'Name a participant, in an event of its own' })
  name(
    @Param('participant') participant: string,
    @Body() { name, reason }: NameParticipant,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.participants.name(participant, name, because(context, reason));
  }

  @Post(':participant/assign')
  @Permit('people:write')
  @Command()
  @Refuses('PERSON_UNKNOWN', 'OVERLAP', 'HIERARCHY_CYCLE', 'DUPLICATE_ROW', 'INVALID_FIELD', 'OWN_PAY')
  @ApiOperation({
    operationId: 'assignParticipant',
    summary: 'Record the row of a participant from a day on: role, manager, team, region',
  })
  async assign(
    @Who() caller: Caller,
    @Param('participant') participant: string,
    @Body() { reason, ...row }: AssignParticipant,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    const bad = Object.entries(row.fields ?? {}).find(([, value]) => typeof value !== 'string' || value.length > 4000);
    if (bad)
      throw new Malformed([{ field: `fields.${bad[0]}`, message: 'expected a text of at most 4000 characters' }]);
    if (row.manager && row.manager !== participant)
      await this.names.requirePeople([{ id: row.manager, field: 'manager' }], this.scopes.scopeOf(caller));
    return this.participants.assign(participant, row, because(context, reason));
  }

  @Post(':participant/retract')
  @Permit('people:write')
  @Command()
  @Refuses('ROW_UNKNOWN', 'OVERLAP', 'HIERARCHY_CYCLE', 'OWN_PAY')
  @ApiOperation({ operationId: 'retractAssignment', summary: 'Retract a row that was never true' })
  retract(
    @Param('participant') participant: string,
    @Body() { from, reason }: RetractAssignment,
    @CommandContext() context: Context,
  ): Promise<Outcome> {
    return this.participants.retract(participant, from, because(context, reason));
  }
}
