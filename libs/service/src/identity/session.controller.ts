import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Req,
  Res,
  UnauthorizedException,
} from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import type { Context } from '@attain/eventsourcing';
import type { Request, Response } from 'express';
import { LOG, type Log } from '../log.js';
import { Malformed, OutOfScope, TooMany } from '../problem.js';
import { stateOf } from '../request.js';
import { CommandContext, Permit, Public, Who } from '../route.js';
import type { Caller } from './caller.js';
import { refuseGuessable } from './password-strength.js';
import { type Session, Sessions } from './sessions.js';
import { SignInBrake } from './sign-in-brake.js';
import { SignIns } from './sign-ins.js';
import { actorOf } from './users.decider.js';
import { Users } from './users.js';
import { Answers, nothing, Refuses } from '../answers/answers.js';
import { rowsOf } from '../answers/terms.js';
import { SessionRow, SessionView } from './identity.answers.js';

export class SignIn {
  @IsString()
  @Length(1, 200)
  name!: string;

  @IsString()
  @Length(1, 1000)
  password!: string;

  /** `cookie` for a browser (default), `token` for a program, which sends it as `Authorization: Bearer`. */
  @IsOptional()
  @IsIn(['cookie', 'token'])
  give?: 'cookie' | 'token';
}

export class SignOut {
  @IsOptional()
  @IsString()
  csrf?: string;
}

export class NewPassword {
  @IsString()
  @Length(1, 1000)
  now!: string;

  @IsString()
  @Length(12, 1000)
  next!: string;

  /** The CSRF token of a form. */
  @IsOptional()
  @IsString()
  csrf?: string;
}

@ApiTags('session')
@Controller('session')
export class SessionController {
  constructor(
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  @Get()
  @Answers(SessionView)
  @Permit('session:read')
  @ApiOperation({
    operationId: 'getSession',
    summary: 'My name, roles and permissions, and the CSRF token of my session',
  })
  whoAmI(@Who() caller: Caller, @Req() request: Request): SessionView {
    const { session, byCookie } = stateOf(request);
    return this.signIns.view(caller, byCookie ? session : undefined);
  }

  @Delete()
  @Answers(nothing)
  @HttpCode(204)
  @Permit('session:write')
  @Refuses('SESSION_ELSEWHERE')
  @ApiOperation({ operationId: 'signOut', summary: 'Sign out: the session or token that asks ends' })
  end(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    return this.signIns.end(request, response);
  }

  @Get('all')
  @Answers(rowsOf(SessionRow))
  @Permit('session:read')
  @ApiOperation({
    operationId: 'listSessions',
    summary: 'My sessions and tokens: when each began, was last seen and ends',
  })
  async all(@Who() caller: Caller, @Req() request: Request): Promise<{ rows: SessionRow[] }> {
    const { session } = stateOf(request);
    const rows = await this.sessions.of(caller.actor, session);
    return { rows: isShared(caller) ? rows.filter(({ current }) => current) : rows };
  }

  @Delete(':id')
  @Answers(nothing)
  @HttpCode(204)
  @Permit('session:write')
  @Refuses('SESSION_ELSEWHERE')
  @ApiOperation({ operationId: 'endSession', summary: 'End one of my sessions or tokens' })
  async endOne(@Who() caller: Caller, @Param('id') id: string, @Req() request: Request): Promise<void> {
    const { rows } = await this.all(caller, request);
    if (!rows.some((row) => row.id === id)) throw new OutOfScope();
    await this.sessions.endOne(caller.actor, id);
  }

  @Post('end')
  @Answers(nothing)
  @HttpCode(303)
  @Permit('session:write')
  @Refuses('SESSION_ELSEWHERE')
  @ApiOperation({ operationId: 'signOutFromForm', summary: 'Sign out, from a form' })
  async endFromForm(
    @Body() _form: SignOut,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.signIns.end(request, response);
    response.set('Location', '/');
  }
}

/** Only where no identity provider is configured. */
@ApiTags('session')
@Controller('session')
export class LocalSessionController {
  constructor(
    @Inject(SignIns) private readonly signIns: SignIns,
    @Inject(Users) private readonly users: Users,
    @Inject(SignInBrake) private readonly brake: SignInBrake,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Post()
  @Answers({ 200: SessionView, 303: nothing })
  @HttpCode(200)
  @Public('a person who signs in has no session yet')
  @ApiOperation({ operationId: 'signIn', summary: 'Sign in with a local name and password' })
  async begin(
    @Body() { name, password, give }: SignIn,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionView | undefined> {
    const session = sessionOf(name, request);
    if (await this.held(request, response, this.brake.attempt(name, request.ip, session))) return undefined;
    const caller = await this.users.verified(name, password);
    if (!caller) {
      this.log.info('A sign-in failed');
      if (isForm(request)) return this.signIns.home(response, '/?failed');
      throw new UnauthorizedException('Name and password do not fit.');
    }
    await this.brake.succeeded(name, request.ip, session);
    return this.signIns.begin(caller, request, response, give);
  }

  @Post('password')
  @Answers(nothing)
  @HttpCode(204)
  @Permit('session:write')
  @Refuses('USER_UNKNOWN')
  @ApiOperation({
    operationId: 'changePassword',
    summary: 'Change my password; every session of mine ends (422 PASSWORD_GUESSABLE)',
  })
  async change(
    @Who() caller: Caller,
    @Body() { now, next }: NewPassword,
    @CommandContext() context: Context,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const user = (await this.users.list()).find(({ name }) => caller.actor === actorOf(name));
    if (!user) throw new Malformed([{ field: 'now', message: 'this session has no password' }]);
    const session = sessionOf(user.name, request);
    await this.brake.attempt(user.name, request.ip, session);
    if (!(await this.users.verified(user.name, now)))
      throw new Malformed([{ field: 'now', message: 'is not the password' }]);
    await this.brake.succeeded(user.name, request.ip, session);
    // An admin may know the current password, or a part of it.
    if (now.includes(next) || next.includes(now))
      throw new Malformed([{ field: 'next', message: 'expected another password than the one of now' }]);
    await refuseGuessable('next', next, user.participant === null ? [user.name] : [user.name, user.participant]);
    await this.users.changePassword(user.name, next, context);
    await this.signIns.endAllOf(caller.actor);
    if (isForm(request)) this.signIns.home(response, '/?changed');
  }

  /** A form is redirected to the page, which states how long to wait. */
  private async held(request: Request, response: Response, attempt: Promise<void>): Promise<boolean> {
    try {
      await attempt;
      return false;
    } catch (error) {
      if (!(error instanceof TooMany) || !isForm(request)) throw error;
      response.set('Retry-After', String(error.retryAfter));
      this.signIns.home(response, `/?wait=${error.retryAfter}`);
      return true;
    }
  }
}

function isForm(request: Request): boolean {
  return Boolean(request.is('application/x-www-form-urlencoded'));
}

/** The session of the request, if it belongs to the same user. */
function sessionOf(name: string, request: Request): Session | undefined {
  const { session } = stateOf(request);
  return session?.actor === actorOf(name) ? session : undefined;
}

/** Visitors of a demo share an actor, and none of them may end another's session. */
function isShared({ actor }: Caller): boolean {
  return actor.startsWith('demo:');
}
