import { Controller, Get, HttpCode, Inject, type MessageEvent, Param, Post, Sse } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { map, type Observable } from 'rxjs';
import type { Caller } from '../identity/caller.js';
import { OutOfScope } from '../problem.js';
import { Permit, Who } from '../route.js';
import { jobSchema } from './job.schema.js';
import { type JobView, Jobs } from './jobs.js';

@ApiTags('jobs')
@Controller('jobs')
export class JobsController {
  constructor(@Inject(Jobs) private readonly jobs: Jobs) {}

  @Get()
  @Permit('jobs:read')
  @ApiOperation({ summary: 'Long work, the latest first' })
  @ApiOkResponse({ schema: { type: 'object', required: ['rows'], properties: { rows: { type: 'array', items: jobSchema } } } })
  list(@Who() caller: Caller): { rows: JobView[] } {
    return { rows: this.jobs.list().filter((job) => mayFollow(caller, job)) };
  }

  @Get(':id')
  @Permit('jobs:read')
  @ApiOperation({ summary: 'How far a job is, in percent and seconds left' })
  @ApiOkResponse({ schema: jobSchema })
  one(@Who() caller: Caller, @Param('id') id: string): JobView {
    return this.#found(caller, this.jobs.view(id));
  }

  @Sse(':id/events')
  @Permit('jobs:read')
  @ApiOperation({ summary: 'The same as a stream of server-sent events, until the job is over' })
  events(@Who() caller: Caller, @Param('id') id: string): Observable<MessageEvent> {
    this.#found(caller, this.jobs.view(id));
    const changes = this.jobs.changes(id);
    if (!changes) throw new OutOfScope();
    return changes.pipe(map((view) => ({ type: view.state, data: view })));
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @Permit('jobs:write')
  @ApiOperation({ summary: 'Stop after the part in hand; what is done stays' })
  @ApiAcceptedResponse({ schema: jobSchema })
  cancel(@Who() caller: Caller, @Param('id') id: string): JobView {
    this.#found(caller, this.jobs.view(id));
    return this.#found(caller, this.jobs.cancel(id));
  }

  @Post(':id/resume')
  @HttpCode(202)
  @Permit('jobs:write')
  @ApiOperation({ summary: 'Go on with a job that was cancelled or failed' })
  @ApiAcceptedResponse({ schema: jobSchema })
  resume(@Who() caller: Caller, @Param('id') id: string): JobView {
    this.#found(caller, this.jobs.view(id));
    return this.#found(caller, this.jobs.resume(id));
  }

  #found(caller: Caller, job: JobView | undefined): JobView {
    if (!job || !mayFollow(caller, job)) throw new OutOfScope();
    return job;
  }
}

function mayFollow(caller: Caller, job: JobView): boolean {
  // Jobs of others may be of other sources than an integration's one.
  return job.actor === caller.actor || (!caller.roles.includes('integration') && caller.roles.some((role) => role === 'finance' || role === 'auditor'));
}
