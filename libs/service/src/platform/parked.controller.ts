import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ReadModels } from '@attain/eventsourcing';
import { EventTransport } from '../event-transport.js';
import { withoutNumbers } from '../log.js';
import { OutOfScope } from '../problem.js';
import { Permit } from '../route.js';
import { READ_MODELS } from '../tokens.js';
import { Parked, Redriven } from './platform.answers.js';
import { Answers, Refuses } from '../answers/answers.js';
import { rowsOf } from '../answers/terms.js';

@ApiTags('platform')
@Controller('parked')
export class ParkedController {
  constructor(
    @Inject(READ_MODELS) private readonly models: ReadModels,
    @Inject(EventTransport) private readonly transport: EventTransport,
  ) {}

  @Get()
  @Answers(rowsOf(Parked))
  @Permit('platform:read')
  @ApiOperation({
    operationId: 'listParkedEvents',
    summary: 'Events that a projection or a policy failed on, with the error',
  })
  async list(): Promise<{ rows: Parked[] }> {
    const parked = await this.models.parked();
    // A reason may quote the event, and an event may contain somebody's pay.
    return {
      rows: parked.map((event) => ({ ...event, position: `${event.position}`, reason: withoutNumbers(event.reason) })),
    };
  }

  @Post(':group/redrive')
  @Answers(Redriven)
  @HttpCode(200)
  @Permit('platform:write')
  @Refuses('NOT_FOUND')
  @ApiOperation({ operationId: 'redriveParkedEvents', summary: 'Retry the parked events of a group' })
  async redrive(@Param('group') group: string): Promise<{ redriven: number; parked: number }> {
    const result = await this.transport.redrive(group);
    if (!result) throw new OutOfScope(`There is no group ${group} here.`);
    return result;
  }
}
