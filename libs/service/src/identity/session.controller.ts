import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res, UnauthorizedException } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import type { Request, Response } from 'express';
import { Malformed } from '../problem.js';
import { stateOf } from '../request.js';
import { Permit, Public, Who } from '../route.js';
import { Attempts } from './attempts.js';
import type { Caller } from './caller.js';
import { type SessionView, SignIns } from './sign-ins.js';
import { Users } from './users.js';

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
}

@ApiTags('session')
@Controller('session')
export class SessionController {
  constructor(@Inject(SignIns) private readonly signIns: SignIns) {}

  @Get()
  @Permit('session:read')
  @ApiOperation({ summary: 'Who I am here, and the CSRF token of my session' })
  whoAmI(@Who() caller: Caller, @Req() request: Request): SessionView {
    return this.signIns.view(caller, stateOf(request).session);
  }

  @Delete()
  @HttpCode(204)
  @Permit('session:write')
  @ApiOperation({ summary: 'Sign out' })
  end(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    return this.signIns.end(request, response);
  }

  @Post('end')
  @HttpCode(303)
  @Permit('session:write')
  @ApiOperation({ summary: 'Sign out, from a form' })
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
    @Inject(Attempts) private readonly attempts: Attempts,
  ) {}

  @Post()
  @HttpCode(200)
  @Public('whoever signs in is not signed in yet')
  @ApiOperation({ summary: 'Sign in with a local name and password' })
  async begin(
    @Body() { name, password, give }: SignIn,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionView | undefined> {
    this.attempts.check(name);
    const caller = await this.users.verified(name, password);
    if (!caller) {
      this.attempts.failed(name);
      if (isForm(request)) return this.signIns.home(response, '/?failed');
      throw new UnauthorizedException('Name and password do not fit.');
    }
    this.attempts.succeeded(name);
    return this.signIns.begin(caller, request, response, give);
  }

  @Post('password')
  @HttpCode(204)
  @Permit('session:write')
  @ApiOperation({ summary: 'Change my password; every session of mine ends' })
  async change(@Who() caller: Caller, @Body() { now, next }: NewPassword): Promise<void> {
    const users = await this.users.list();
    const user = users.find(({ name }) => caller.actor === `user:${name}`);
    if (!user) throw new Malformed([{ field: 'now', message: 'this session has no password' }]);
    this.attempts.check(user.name);
    if (!(await this.users.verified(user.name, now))) {
      this.attempts.failed(user.name);
      throw new Malformed([{ field: 'now', message: 'is not the password' }]);
    }
    await this.users.put(user, next);
    await this.signIns.endAllOf(caller.actor);
  }
}

export function isForm(request: Request): boolean {
  return Boolean(request.is('application/x-www-form-urlencoded'));
}
