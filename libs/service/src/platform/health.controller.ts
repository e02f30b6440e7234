import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Progress } from '../progress.js';
import { Public } from '../route.js';

@ApiTags('platform')
@Controller('health')
export class HealthController {
  constructor(@Inject(Progress) private readonly progress: Progress) {}

  @Get('live')
  @Public('an orchestrator asks whether to restart the process')
  @ApiOperation({ summary: 'The process answers' })
  live(): { status: string } {
    return { status: 'live' };
  }

  @Get('ready')
  @Public('an orchestrator asks whether to send requests here')
  @ApiOperation({
    summary: 'Every projection, policy and the history are caught up; else 503 and which one is how far behind',
  })
  async ready(
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ status: string; groups: { group: string; position: string; behind: string }[] }> {
    const lags = await this.progress.lags();
    const groups = lags.map(({ group, position, behind }) => ({ group, position: `${position}`, behind: `${behind}` }));
    const ready = this.progress.running && lags.every(({ behind }) => behind === 0n);
    if (!ready) response.status(503).set('Retry-After', '1');
    const late = groups.filter(({ behind }) => behind !== '0');
    return {
      status: ready ? 'ready' : this.progress.running ? 'behind' : 'not running',
      groups: ready ? groups : late,
    };
  }
}
