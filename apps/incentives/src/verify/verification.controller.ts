import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Malformed, Permit } from '@attain/service';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { type Anchor, parseAnchor } from './anchor.rules.js';
import { Anchors } from './anchors.js';
import { Verification, type VerificationReport } from './verification.js';

export class VerificationQuery {
  @ApiPropertyOptional({ description: 'An anchor as GET /anchor answers it, as JSON: the log must hold it.' })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  anchor?: string;
}

@ApiTags('audit')
@Controller()
export class VerificationController {
  constructor(
    @Inject(Verification) private readonly verification: Verification,
    @Inject(Anchors) private readonly anchors: Anchors,
  ) {}

  @Get('verification')
  @Permit('audit:read')
  @ApiOperation({ summary: 'Recompute every issued statement from the log and compare; compare read models with the log, and the log with its anchors' })
  run(@Query() { anchor }: VerificationQuery): Promise<VerificationReport> {
    return this.verification.run(undefined, anchor === undefined ? [] : [anchorIn(anchor)]);
  }

  @Get('anchor')
  @Permit('audit:read')
  @ApiOperation({ summary: 'The anchor of the log as it stands, to be kept outside the database' })
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
