import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Answers, type Caller, JobView, Malformed, Permit, Refuses, Who } from '@attain/service';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { parseAnchor } from './anchor.rules.js';
import { Anchors } from './anchors.js';
import { VerificationJobs } from './verification-jobs.js';
import { Anchor, LastVerification } from './verify.answers.js';

export class VerificationBody {
  @ApiPropertyOptional({ description: 'An anchor as GET /v1/anchor answers it, as JSON: the log must hold it.' })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  anchor?: string;
}

@ApiTags('audit')
@Controller()
export class VerificationController {
  constructor(
    @Inject(VerificationJobs) private readonly verifications: VerificationJobs,
    @Inject(Anchors) private readonly anchors: Anchors,
  ) {}

  @Post('verification')
  @Answers(JobView)
  @HttpCode(202)
  @Permit('audit:read')
  @Refuses('VERIFICATION_RUNNING', 'JOBS_BUSY')
  @ApiOperation({
    operationId: 'startVerification',
    summary:
      'Recompute every issued statement from the log and compare; compare read models with the log, and the log with its anchors',
    description:
      'Changes no data. It runs as a job and answers at once; while one runs, the same request answers that job. Refused VERIFICATION_RUNNING ' +
      'while one runs that compares another anchor. The `result` of the job is the report.',
  })
  start(@Who() { actor }: Caller, @Body() { anchor }: VerificationBody): JobView {
    return this.verifications.start(actor, anchor === undefined ? undefined : anchorIn(anchor));
  }

  @Get('verification')
  @Answers(LastVerification)
  @Permit('audit:read')
  @Refuses('NOT_FOUND')
  @ApiOperation({
    operationId: 'getVerification',
    summary: 'The report of the last verification that ended; 404 when none has since this process started',
  })
  last(): LastVerification {
    return this.verifications.last();
  }

  @Get('anchor')
  @Answers(Anchor)
  @Permit('audit:read')
  @ApiOperation({
    operationId: 'getAnchor',
    summary: 'The anchor of the log now, to be kept outside the database',
  })
  anchor(): Promise<Anchor> {
    return this.anchors.now('asked for');
  }
}

function anchorIn(text: string): Anchor {
  try {
    return parseAnchor(text);
  } catch (error) {
    throw new Malformed([{ field: 'anchor', message: (error as Error).message }]);
  }
}
