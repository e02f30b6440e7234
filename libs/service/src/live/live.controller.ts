import { Controller, Inject, type MessageEvent, Query, Req, Sse } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import type { Request } from 'express';
import { map, type Observable } from 'rxjs';
import { Answers } from '../answers/answers.js';
import type { Caller } from '../identity/caller.js';
import { Sessions } from '../identity/sessions.js';
import { Malformed } from '../problem.js';
import { stateOf } from '../request.js';
import { Permit, Who } from '../route.js';
import { Live } from './live.js';
import { LiveEvents } from './live.answers.js';

const POSITION = /^\d{1,18}$/;
/** Milliseconds after which a stream without a session of ours ends, so that its key or token is checked again. */
const LONGEST = 15 * 60_000;

export class LiveQuestion {
  @ApiPropertyOptional({
    description: 'The position of the client’s last message, for clients that cannot send `Last-Event-ID`.',
    example: '1042',
  })
  @IsOptional()
  @Matches(POSITION, { message: 'expected a position such as 1042' })
  after?: string;
}

@ApiTags('live')
@Controller('live')
export class LiveController {
  constructor(
    @Inject(Live) private readonly live: Live,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  @Sse()
  @Answers(LiveEvents, { media: 'text/event-stream', description: 'A message whenever something changed.' })
  @Permit('session:read')
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The id of the last message that the client has.' })
  @ApiOperation({
    operationId: 'followNews',
    summary:
      'News as server-sent events: the topics of changed answers inside the caller’s scope. The stream ends with the session',
  })
  follow(@Who() caller: Caller, @Req() request: Request, @Query() { after }: LiveQuestion): Observable<MessageEvent> {
    const { session } = stateOf(request);
    const begun = performance.now();
    const holds = async () =>
      session === undefined ? performance.now() - begun < LONGEST : this.sessions.holds(session);
    const last = request.get('Last-Event-ID') || after;
    if (last !== undefined && !POSITION.test(last))
      throw new Malformed([{ field: 'Last-Event-ID', message: 'expected a position such as 1042' }]);
    return this.live
      .stream({ caller, after: last === undefined ? undefined : BigInt(last), holds })
      .pipe(map((data) => ({ id: data.position, data })));
  }
}
