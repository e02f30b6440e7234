import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { Request, Response } from 'express';
import { Public } from '../route.js';
import { DEMO, type Demo, demoCaller, type DemoRole, demoRoles } from './demo.js';
import { SignIns } from './sign-ins.js';
import { Answers, nothing, Refuses } from '../answers/answers.js';
import { SessionView } from './identity.answers.js';

export class DemoSignIn {
  @IsIn(demoRoles)
  as!: DemoRole;

  @IsOptional()
  @IsIn(['cookie', 'token'])
  give?: 'cookie' | 'token';
}

/** Only where the demo company is loaded. */
@ApiTags('session')
@Controller('session/demo')
export class DemoController {
  constructor(
    @Inject(DEMO) private readonly demo: Demo,
    @Inject(SignIns) private readonly signIns: SignIns,
  ) {}

  @Post()
  @Answers({ 200: SessionView, 303: nothing })
  @HttpCode(200)
  @Refuses('NOT_FOUND')
  @Public('the demo company is fictional, and its visitors look through any of four pairs of eyes')
  @ApiOperation({
    operationId: 'signInToDemo',
    summary: 'Sign in to the demo as a rep, a manager, finance or an auditor; other companies have no such operation',
  })
  begin(
    @Body() { as, give }: DemoSignIn,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionView | undefined> {
    return this.signIns.begin(demoCaller(this.demo, as), request, response, give);
  }
}
