import { Body, Controller, Get, Inject, Injectable, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock, Context, Executor, Outcome } from '@attain/eventsourcing';
import { Command, CommandContext, Permit } from '../route.js';
import { CLOCK, EXECUTOR } from '../tokens.js';
import { clockDecider } from './clock.decider.js';
import { ClockGuard } from './clock-guard.js';
import { Answers } from '../answers/answers.js';
import { ClockState } from './clock.answers.js';
import { MustStateReason } from '../reason.dto.js';

export class AcceptClockBody {
  @MustStateReason(
    'How it was found that the clock is right.',
    'ntpd had no server; set by hand, and compared with time.gov',
  )
  reason!: string;
}

@Injectable()
export class ClockCommands {
  constructor(
    @Inject(ClockGuard) private readonly guard: ClockGuard,
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Accepts the clock of this machine from now on, by an event with the reason. */
  async accept(context: Context): Promise<Outcome> {
    // A key would be claimed under the clock that is not accepted yet.
    const { key: _, ...unkeyed } = context;
    const { recorded } = await this.guard.state();
    const after = this.clock();
    const outcome = await this.executor.execute(
      clockDecider,
      'main',
      { do: 'accept', before: recorded ?? after, after },
      { ...unkeyed, recorded: after },
    );
    this.guard.accepted();
    this.guard.heard(after);
    return outcome;
  }
}

@ApiTags('platform')
@Controller('clock')
export class ClockController {
  constructor(
    @Inject(ClockGuard) private readonly guard: ClockGuard,
    @Inject(ClockCommands) private readonly commands: ClockCommands,
  ) {}

  @Get()
  @Answers(ClockState)
  @Permit('platform:read')
  @ApiOperation({
    operationId: 'getClock',
    summary: 'The time of the clock, the time of the last event, and whether commands are accepted',
  })
  state(): Promise<ClockState> {
    return this.guard.state();
  }

  @Post('accept')
  @Permit('platform:write')
  @Command()
  @ApiOperation({
    operationId: 'acceptClock',
    summary:
      'Confirm that the clock is right after it was ahead or behind: an event with before, after, actor and reason',
  })
  accept(@Body() { reason }: AcceptClockBody, @CommandContext() context: Context): Promise<Outcome> {
    return this.commands.accept({ ...context, reason });
  }
}
