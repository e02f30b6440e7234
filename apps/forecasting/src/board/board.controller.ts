import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Answers, type Caller, IsPeriodName, Permit, Reads, Scopes, Who } from '@attain/service';
import { IsIn, IsOptional } from 'class-validator';
import { type BoardBy, boardBy, BoardQueries } from './board.queries.js';
import { Board } from './board.answers.js';

export class BoardQuestion {
  @ApiPropertyOptional({ enum: boardBy, default: 'category' })
  @IsOptional()
  @IsIn(boardBy)
  by?: BoardBy;

  @ApiPropertyOptional({
    description: 'Only deals that are won or expected to close in this period.',
    example: '2017-Q4',
  })
  @IsOptional()
  @IsPeriodName()
  period?: string;
}

@ApiTags('forecast')
@Controller('forecast/board')
export class BoardController {
  constructor(
    @Inject(BoardQueries) private readonly queries: BoardQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
  ) {}

  @Get()
  @Answers(Board)
  @Permit('forecast:read')
  @Reads('board-deals', 'history')
  @ApiOperation({
    operationId: 'getForecastBoard',
    summary: 'Open deals × the probability of their stage; the assumed value of deals without an amount is beside it',
  })
  board(@Who() caller: Caller, @Query() { by = 'category', ...asked }: BoardQuestion): Promise<Board> {
    return this.queries.board(this.scopes.scopeOf(caller), { ...asked, by });
  }
}
