import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString, MaxLength } from 'class-validator';
import { EventTransport } from '../event-transport.js';
import { LOG, type Log } from '../log.js';
import { Malformed } from '../problem.js';
import { Progress } from '../progress.js';
import { type Caller } from '../identity/caller.js';
import { Permit, Who } from '../route.js';
import { ModelComparisons } from './model-comparisons.js';
import { ModelRow, Rebuilding } from './platform.answers.js';
import { Answers, Refuses } from '../answers/answers.js';
import { rowsOf } from '../answers/terms.js';
import { JobView } from '../jobs/jobs.answers.js';

export type { ModelRow } from './platform.answers.js';

export class RebuildBody {
  @ApiPropertyOptional({
    description:
      'Groups as GET /v1/models names them; without any, those that do not follow from the log or have stopped.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  groups?: string[];
}

@ApiTags('platform')
@Controller('models')
export class ModelsController {
  constructor(
    @Inject(EventTransport) private readonly transport: EventTransport,
    @Inject(Progress) private readonly progress: Progress,
    @Inject(ModelComparisons) private readonly comparisons: ModelComparisons,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Get()
  @Answers(rowsOf(ModelRow))
  @Permit('platform:read')
  @ApiOperation({
    operationId: 'listModels',
    summary: 'Read models and policies of this process: how far each is, and whether it follows from the log',
  })
  async list(): Promise<{ rows: ModelRow[] }> {
    const kept = new Set(this.transport.kept);
    const lags = await this.progress.lags();
    const rows = lags
      .filter(({ group }) => kept.has(group))
      .map(({ group, position, behind, late, foreign }): ModelRow => {
        const state =
          foreign !== undefined ? 'foreign' : this.transport.stopped(group) ? 'stopped' : late ? 'behind' : 'current';
        return {
          group,
          position: `${position}`,
          behind: `${behind}`,
          state,
          ...(foreign !== undefined && { reason: foreign }),
        };
      });
    return { rows };
  }

  @Post('comparison')
  @Answers(JobView)
  @HttpCode(202)
  @Permit('audit:read')
  @Refuses('JOBS_BUSY')
  @ApiOperation({
    operationId: 'compareModels',
    summary: 'Compare the read models of this process with the log, field by field',
    description:
      'Changes no data. It runs as a job and answers at once; while one runs, the same request answers that job. The `result` of the job is ' +
      '`{ process, models, agrees }`. Where the services are processes of their own, POST /v1/models/SERVICE/comparison asks each of them.',
  })
  compare(@Who() { actor }: Caller): JobView {
    return this.comparisons.start(actor);
  }

  @Post('rebuild')
  @Answers(Rebuilding)
  @HttpCode(200)
  @Permit('platform:write')
  @ApiOperation({
    operationId: 'rebuildModels',
    summary: 'Rebuild read models from the log; /health/ready shows when they have caught up',
  })
  async rebuild(@Body() { groups }: RebuildBody, @Who() { actor }: Caller): Promise<{ rebuilding: string[] }> {
    const { rows } = await this.list();
    const unknown = groups?.find((group) => !rows.some((row) => row.group === group));
    if (unknown !== undefined)
      throw new Malformed([
        { field: 'groups', message: `there is no model ${unknown} here; GET /v1/models names them` },
      ]);
    const rebuilding =
      groups ?? rows.filter(({ state }) => state === 'foreign' || state === 'stopped').map(({ group }) => group);
    for (const group of rebuilding) await this.transport.rebuild(group);
    if (rebuilding.length > 0) this.log.warn('Read models are built anew', { groups: rebuilding, actor });
    return { rebuilding };
  }
}
