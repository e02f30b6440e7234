import { type Caller, CLOCK, Permit, Reads, type Scope, Scopes, Who } from '@attain/service';
import type { Clock } from '@attain/eventsourcing';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TimelineEntry } from './deal-timeline.rules.js';
import { DealList, StageList } from './deals.dto.js';
import { DealsQueries, type DealView, type StageTotal } from './deals.queries.js';

@ApiTags('deals')
@Controller()
export class DealsController {
  constructor(
    @Inject(DealsQueries) private readonly queries: DealsQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('deals')
  @Permit('deals:read')
  @Reads('deals')
  @ApiOperation({ summary: 'Own deals and those of everybody below in the hierarchy of `on`, the latest closed first' })
  list(@Who() caller: Caller, @Query() { on, limit, offset, ...filter }: DealList): Promise<{ rows: DealView[]; total: number }> {
    return this.queries.list(this.scopeOf(caller, on ?? filter.closedTo ?? null), filter, { limit: limit ?? 100, offset: offset ?? 0 });
  }

  @Get('deals/:source/:id')
  @Permit('deals:read')
  @Reads('deals')
  @ApiOperation({ summary: 'One deal as it stands, seen by the hierarchy of its closing date' })
  one(@Who() caller: Caller, @Param('source') source: string, @Param('id') id: string): Promise<DealView> {
    return this.queries.one((date) => this.scopeOf(caller, date), { source, id });
  }

  @Get('deals/:source/:id/timeline')
  @Permit('deals:read')
  @Reads('deals')
  @ApiOperation({ summary: 'Every change of a deal: who, when, why, before and after' })
  async timeline(@Who() caller: Caller, @Param('source') source: string, @Param('id') id: string): Promise<{ rows: TimelineEntry[] }> {
    return { rows: await this.queries.timeline((date) => this.scopeOf(caller, date), { source, id }) };
  }

  @Get('pipeline')
  @Permit('deals:read')
  @Reads('deals')
  @ApiOperation({ summary: 'Open deals by stage, in the company’s order, with their amounts by currency' })
  async pipeline(@Who() caller: Caller, @Query() { on, ...filter }: StageList): Promise<{ rows: StageTotal[] }> {
    return { rows: await this.queries.byStage(this.scopeOf(caller, on ?? null), filter) };
  }

  private scopeOf(caller: Caller, date: string | null): Scope {
    return this.scopes.scopeOf(caller, date ?? this.clock().slice(0, 10));
  }
}
