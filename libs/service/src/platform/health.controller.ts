import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { EventTransport } from '../event-transport.js';
import { type Lag, Progress } from '../progress.js';
import { type Alarm, Alarms } from '../alarms.js';
import { Public } from '../route.js';

interface Readiness {
  status: 'ready' | 'behind' | 'foreign models' | 'not running';
  /** All when ready, else those that are late. `stopped`: events are missing; `foreign`: why the model does not follow from this log. Only a rebuild helps either. */
  groups: { group: string; position: string; behind: string; stopped?: boolean; foreign?: string }[];
  /** What a person must act on while reads go on. */
  alarms?: Alarm[];
}

@ApiTags('platform')
@Controller('health')
export class HealthController {
  constructor(
    @Inject(Progress) private readonly progress: Progress,
    @Inject(EventTransport) private readonly transport: EventTransport,
    @Inject(Alarms) private readonly alarms: Alarms,
  ) {}

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
    const late = lags.filter((lag) => lag.late || lag.foreign !== undefined || this.transport.stopped(lag.group)).map(shown);
    const alarms = this.alarms.list();
    if (running && late.length === 0) return { status: 'ready', groups, ...(alarms.length > 0 && { alarms }) };
    response.status(503).set('Retry-After', '1');
    if (!running) return { status: 'not running', groups: late };
    return { status: late.some(({ foreign }) => foreign !== undefined) ? 'foreign models' : 'behind', groups: late };
  }
}
