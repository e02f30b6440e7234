import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permit } from '@attain/service';
import { Verification, type VerificationReport } from './verification.js';

@ApiTags('audit')
@Controller('verification')
export class VerificationController {
  constructor(@Inject(Verification) private readonly verification: Verification) {}

  @Get()
  @Permit('audit:read')
  @ApiOperation({ summary: 'Recompute every issued statement from the log and compare' })
  run(): Promise<VerificationReport> {
    return this.verification.run();
  }
}
