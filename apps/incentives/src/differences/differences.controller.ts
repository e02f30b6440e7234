import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import {
  Answers,
  type Caller,
  cutOf,
  type FedHistory,
  HISTORY,
  IsDayOrInstant,
  Permit,
  Reads,
  Refuses,
  Scopes,
  Who,
} from '@attain/service';
import { DifferenceQueries } from './difference.queries.js';
import { DifferenceAnswer } from './differences.answers.js';

export class TwoCuts {
  @ApiProperty({ description: 'What was known then.', example: '2025-02-01' })
  @IsDayOrInstant()
  from!: string;

  @ApiProperty({ description: 'And then.', example: '2025-04-30' })
  @IsDayOrInstant()
  to!: string;
}

@ApiTags('statements')
@Controller('differences')
export class DifferencesController {
  constructor(
    @Inject(DifferenceQueries) private readonly queries: DifferenceQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(HISTORY) private readonly history: FedHistory,
  ) {}

  @Get(':period/:participant')
  @Answers(DifferenceAnswer, { list: 'causes' })
  @Permit('statements:read')
  @Reads('history')
  @Refuses('PERIOD_UNKNOWN')
  @ApiOperation({
    operationId: 'getDifference',
    summary: 'The difference of a period between two instants; its causes sum to it',
  })
  between(
    @Who() caller: Caller,
    @Param('period') period: string,
    @Param('participant') participant: string,
    @Query() { from, to }: TwoCuts,
  ): Promise<DifferenceAnswer> {
    const { timeZone } = this.history.company();
    const [before, after] = [cutOf({ asOf: from }, timeZone), cutOf({ asOf: to }, timeZone)];
    return this.queries.between(this.scopes.scopeOf(caller), { participant, period }, before, after);
  }
}
