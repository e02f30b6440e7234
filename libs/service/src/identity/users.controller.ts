import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Context } from '@attain/eventsourcing';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsOptional, IsString, Length } from 'class-validator';
import type { Response } from 'express';
import { Malformed, OutOfScope } from '../problem.js';
import { because, MayStateReason } from '../reason.dto.js';
import { CommandContext, Permit } from '../route.js';
import { refuseGuessable } from './password-strength.js';
import { type Role, roles } from './roles.js';
import { Sessions } from './sessions.js';
import { actorOf } from './users.decider.js';
import { userName, Users } from './users.js';
import { Answers, nothing, Refuses } from '../answers/answers.js';
import { rowsOf } from '../answers/terms.js';
import { SettledChange, PendingChange, SessionRow, User, UserChange } from './identity.answers.js';

export class ChangeReason {
  @MayStateReason()
  reason?: string;
}

export class UserBody extends ChangeReason {
  @IsArray()
  @ArrayMaxSize(8)
  @ArrayUnique()
  @IsIn(roles, { each: true })
  roles!: Role[];

  @IsOptional()
  @IsString()
  @Length(1, 400)
  participant?: string;

  /** The only source that an integration may import. */
  @IsOptional()
  @IsString()
  @Length(1, 400)
  source?: string;

  /** For a new user, or to replace the password; the user chooses another at the first sign-in. */
  @IsOptional()
  @IsString()
  @Length(12, 1000)
  password?: string;
}

/** Only where no identity provider is configured. */
@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(
    @Inject(Users) private readonly users: Users,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  @Get()
  @Answers(rowsOf(User))
  @Permit('users:read')
  @ApiOperation({ operationId: 'listUsers', summary: 'Local users, without their secrets' })
  async list(): Promise<{ rows: User[] }> {
    return { rows: await this.users.list() };
  }

  @Get('changes')
  @Answers(rowsOf(PendingChange))
  @Permit('user-changes:read')
  @ApiOperation({ operationId: 'listPendingChanges', summary: 'Changes that wait for another admin' })
  async pending(): Promise<{ rows: PendingChange[] }> {
    return { rows: await this.users.pending() };
  }

  @Post('changes/:change/approve')
  @Answers(SettledChange)
  @HttpCode(200)
  @Permit('users:write')
  @Refuses(
    'CHANGE_UNKNOWN',
    'CHANGE_STALE',
    'SECOND_ADMIN',
    'NOT_AN_ADMIN',
    'LAST_ADMIN',
    'OWN_ROLES',
    'PASSWORD_MISSING',
  )
  @ApiOperation({
    operationId: 'approveUserChange',
    summary:
      'Approve a change that another admin proposed; a password in the change then needs the code of this answer',
  })
  async approve(
    @Param('change') change: string,
    @Body() { reason }: ChangeReason,
    @CommandContext() context: Context,
  ): Promise<SettledChange> {
    const waiting = (await this.users.pending()).find((one) => one.change === change);
    const changed = await this.users.approve(change, because(context, reason));
    if (waiting) await this.sessions.endAllOf(actorOf(waiting.user));
    return changed;
  }

  @Post('changes/:change/reject')
  @Answers(nothing)
  @HttpCode(204)
  @Permit('user-changes:reject')
  @Refuses('CHANGE_UNKNOWN', 'NOT_AN_ADMIN', 'OWN_ROLES')
  @ApiOperation({
    operationId: 'rejectUserChange',
    summary:
      'Reject a waiting change, or withdraw your own; the removal of an admin is rejected by a third admin or by finance',
  })
  async reject(
    @Param('change') change: string,
    @Body() { reason }: ChangeReason,
    @CommandContext() context: Context,
  ): Promise<void> {
    await this.users.reject(change, because(context, reason));
  }

  @Get(':name/changes')
  @Answers(rowsOf(UserChange))
  @Permit('users:read')
  @ApiOperation({
    operationId: 'listUserChanges',
    summary: 'Every change of a user: who, when, why, before and after, and who agreed',
  })
  async changes(@Param('name') name: string): Promise<{ rows: UserChange[] }> {
    return { rows: await this.users.changesOf(name) };
  }

  @Put(':name')
  @Answers({ 200: User, 202: PendingChange })
  @Permit('users:write')
  @Refuses('OWN_ROLES', 'PASSWORD_MISSING', 'LAST_ADMIN')
  @ApiOperation({
    operationId: 'putUser',
    summary: 'Add or change a user, and end the user’s sessions; 202 if another admin must approve the change first',
  })
  async put(
    @Param('name') name: string,
    @Body() body: UserBody,
    @CommandContext() context: Context,
    @Res({ passthrough: true }) response: Response,
  ): Promise<User | PendingChange> {
    if (!userName.test(name))
      throw new Malformed([{ field: 'name', message: 'expected 1 to 200 letters, digits and . _ @ + -' }]);
    const { roles: held, participant = null, source = null, password, reason } = body;
    if (password !== undefined)
      await refuseGuessable('password', password, participant === null ? [name] : [name, participant]);
    const user = { name, roles: held, participant, source };
    return (await this.settled(name, await this.users.put(user, password, because(context, reason)), response)) ?? user;
  }

  @Delete(':name')
  @Answers({ 202: PendingChange, 204: nothing })
  @HttpCode(204)
  @Permit('users:write')
  @Refuses('OWN_ROLES', 'LAST_ADMIN', 'USER_UNKNOWN')
  @ApiOperation({
    operationId: 'removeUser',
    summary:
      'Remove a user, and end the user’s sessions; 202 if another admin must approve the removal first, as for an admin',
  })
  async remove(
    @Param('name') name: string,
    @Query() { reason }: ChangeReason,
    @CommandContext() context: Context,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PendingChange | undefined> {
    const changed = await this.users.remove(name, because(context, reason));
    await this.settled(name, changed, response);
    return changed.waits ?? undefined;
  }

  @Get(':name/sessions')
  @Answers(rowsOf(SessionRow))
  @Permit('users:read')
  @ApiOperation({ operationId: 'listUserSessions', summary: 'Sessions and tokens of a user' })
  async sessionsOf(@Param('name') name: string): Promise<{ rows: SessionRow[] }> {
    return { rows: await this.sessions.of(actorOf(name)) };
  }

  @Delete(':name/sessions')
  @Answers(nothing)
  @HttpCode(204)
  @Permit('users:write')
  @ApiOperation({ operationId: 'endUserSessions', summary: 'End all sessions and tokens of a user' })
  async endSessions(@Param('name') name: string): Promise<void> {
    await this.sessions.endAllOf(actorOf(name));
  }

  @Delete(':name/sessions/:id')
  @Answers(nothing)
  @HttpCode(204)
  @Permit('users:write')
  @ApiOperation({ operationId: 'endUserSession', summary: 'End one session or token of a user' })
  async endSession(@Param('name') name: string, @Param('id') id: string): Promise<void> {
    if (!(await this.sessions.endOne(actorOf(name), id))) throw new OutOfScope();
  }

  private async settled(
    name: string,
    { user, waits }: SettledChange,
    response: Response,
  ): Promise<User | PendingChange | null> {
    if (waits) {
      response.status(202);
      return waits;
    }
    await this.sessions.endAllOf(actorOf(name));
    return user;
  }
}
