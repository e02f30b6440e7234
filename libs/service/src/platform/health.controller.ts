import { Controller, Get, Inject, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { EventTransport } from '../event-transport.js';
import { type Lag, Progress } from '../progress.js';
import { Alarms } from '../alarms.js';
import { Public } from '../route.js';
import { Liveness, Readiness } from './platform.answers.js';
import { Answers } from '../answers/answers.js';

@ApiTags('platform')
@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  constructor(
    @Inject(Progress) private readonly progress: Progress,
    @Inject(EventTransport) private readonly transport: EventTransport,
    @Inject(Alarms) private readonly alarms: Alarms,
  ) {}

  @Get('live')
  @Answers(Liveness)
  @Public('an orchestrator asks whether to restart the process')
  @ApiOperation({ operationId: 'getLiveness', summary: 'Whether the process answers' })
  live(): { status: string } {
    return { status: 'live' };
  }

  @Get('ready')
  @Answers({ 200: Readiness, 503: Readiness })
  @Public('an orchestrator asks whether to send requests here')
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'Whether every projection, every policy and the history have caught up; else 503 with the lag of each',
  })
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness> {
    const { running } = this.progress;
    const lags = await this.progress.lags();
    const shown = ({ group, position, behind, foreign }: Lag) => ({
      group,
      position: `${position}`,
      behind: `${behind}`,
      ...(this.transport.stopped(group) && { stopped: true }),
      ...(foreign !== undefined && { foreign }),
    });
    const groups = lags.map(shown);
    const late = lags
      .filter((lag) => lag.late || lag.foreign !== undefined || this.transport.stopped(lag.group))
      .map(shown);
    const alarms = this.alarms.list();
    if (running && late.length === 0) return { status: 'ready', groups, ...(alarms.length > 0 && { alarms }) };
    response.status(503).set('Retry-After', '1');
    if (!running) return { status: 'not running', groups: late };
    return { status: late.some(({ foreign }) => foreign !== undefined) ? 'foreign models' : 'behind', groups: late };
  }
}
