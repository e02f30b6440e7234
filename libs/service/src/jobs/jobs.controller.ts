import { Controller, Get, HttpCode, Inject, type MessageEvent, Param, Post, Sse } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { map, type Observable } from 'rxjs';
import type { Caller } from '../identity/caller.js';
import { OutOfScope } from '../problem.js';
import { Permit, Who } from '../route.js';
import { Jobs } from './jobs.js';
import { Answers, Refuses } from '../answers/answers.js';
import { rowsOf } from '../answers/terms.js';
import { JobEvents, JobView } from './jobs.answers.js';

@ApiTags('jobs')
@Controller('jobs')
export class JobsController {
  constructor(@Inject(Jobs) private readonly jobs: Jobs) {}

  @Get()
  @Answers(rowsOf(JobView))
  @Permit('jobs:read')
  @ApiOperation({ operationId: 'listJobs', summary: 'Jobs, the latest first' })
  list(@Who() caller: Caller): { rows: JobView[] } {
    return { rows: this.jobs.list().filter((job) => mayFollow(caller, job)) };
  }

  @Get(':id')
  @Answers(JobView)
  @Permit('jobs:read')
  @ApiOperation({ operationId: 'getJob', summary: 'The progress of a job, in percent and seconds left' })
  one(@Who() caller: Caller, @Param('id') id: string): JobView {
    return this.found(caller, this.jobs.view(id));
  }

  @Sse(':id/events')
  @Answers(JobEvents, { media: 'text/event-stream', description: 'The job, each time it changes.' })
  @Permit('jobs:read')
  @ApiOperation({
    operationId: 'followJob',
    summary: 'The progress of a job as server-sent events, until the job ends',
  })
  events(@Who() caller: Caller, @Param('id') id: string): Observable<MessageEvent> {
    this.found(caller, this.jobs.view(id));
    const changes = this.jobs.changes(id);
    if (!changes) throw new OutOfScope();
    return changes.pipe(map((view) => ({ type: view.state, data: view })));
  }

  @Post(':id/cancel')
  @Answers(JobView)
  @HttpCode(202)
  @Permit('jobs:write')
  @Refuses('NOT_FOUND', 'JOB_OVER')
  @ApiOperation({ operationId: 'cancelJob', summary: 'Stop after the present part; finished parts stay' })
  cancel(@Who() caller: Caller, @Param('id') id: string): JobView {
    this.found(caller, this.jobs.view(id));
    return this.found(caller, this.jobs.cancel(id));
  }

  @Post(':id/resume')
  @Answers(JobView)
  @HttpCode(202)
  @Permit('jobs:write')
  @Refuses('NOT_FOUND', 'JOB_RUNNING', 'JOB_NOT_STOPPED', 'JOBS_BUSY', 'FOLDER_GONE')
  @ApiOperation({ operationId: 'resumeJob', summary: 'Resume a job that was cancelled or failed' })
  resume(@Who() caller: Caller, @Param('id') id: string): JobView {
    this.found(caller, this.jobs.view(id));
    return this.found(caller, this.jobs.resume(id));
  }

  private found(caller: Caller, job: JobView | undefined): JobView {
    if (!job || !mayFollow(caller, job)) throw new OutOfScope();
    return job;
  }
}

function mayFollow(caller: Caller, job: JobView): boolean {
  // Jobs of others may concern other sources than the one of an integration.
  return (
    job.actor === caller.actor ||
    (!caller.roles.includes('integration') && caller.roles.some((role) => role === 'finance' || role === 'auditor'))
  );
}
