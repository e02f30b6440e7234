import {
  Answers,
  AskedPage,
  type Caller,
  type ModelPage,
  PagedBy,
  Permit,
  Reads,
  rowsOf,
  Scopes,
  Who,
} from '@attain/service';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DealList, StageList } from './deals.dto.js';
import { dealColumns, DealQueries } from './deal.queries.js';
import { DealView, StageTotal, Timeline } from './deals.answers.js';
import { z } from 'zod';

@ApiTags('deals')
@Controller()
export class DealsController {
  constructor(
    @Inject(DealQueries) private readonly queries: DealQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
  ) {}

  @Get('deals')
  @Answers(z.object({ rows: z.array(DealView), total: z.int().describe('Deals on all pages.') }))
  @PagedBy(dealColumns, { amount: ['units', 'parts'] })
  @Permit('deals:read')
  @Reads('deals')
  @ApiOperation({
    operationId: 'listDeals',
    summary:
      'The caller’s deals and those of everybody below on the deal’s closing date, today for open deals; the latest closed first',
  })
  list(
    @Who() caller: Caller,
    @Query() { on }: DealList,
    @AskedPage() page: ModelPage,
  ): Promise<{ rows: DealView[]; next: string | null; total: number }> {
    return this.queries.list(this.scopes.scopeOf(caller), { on }, page);
  }

  @Get('deals/:source/:id')
  @Answers(DealView)
  @Permit('deals:read')
  @Reads('deals')
  @ApiOperation({
    operationId: 'getDeal',
    summary: 'One deal as it is now, for callers above its owner on its closing date, or today while the deal is open',
  })
  one(@Who() caller: Caller, @Param('source') source: string, @Param('id') id: string): Promise<DealView> {
    return this.queries.one(this.scopes.scopeOf(caller), { source, id });
  }

  @Get('deals/:source/:id/timeline')
  @Answers(Timeline)
  @Permit('deals:read')
  @Reads('deals')
  @ApiOperation({ operationId: 'getDealTimeline', summary: 'Every change of a deal: who, when, why, before and after' })
  timeline(@Who() caller: Caller, @Param('source') source: string, @Param('id') id: string): Promise<Timeline> {
    return this.queries.timeline(this.scopes.scopeOf(caller), { source, id });
  }

  @Get('pipeline')
  @Answers(rowsOf(StageTotal))
  @Permit('deals:read')
  @Reads('deals')
  @ApiOperation({
    operationId: 'getPipeline',
    summary: 'Open deals by stage, in the company’s order, with their amounts by currency',
  })
  async pipeline(@Who() caller: Caller, @Query() filter: StageList): Promise<{ rows: StageTotal[] }> {
    return { rows: await this.queries.byStage(this.scopes.scopeOf(caller), filter) };
  }
}
