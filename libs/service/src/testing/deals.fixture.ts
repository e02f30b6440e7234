import { Body, Controller, Get, Inject, Injectable, Module, Param, Post, Query } from '@nestjs/common';
import type { Context, Decider, Executor, Projection, ReadModels } from '@attain/eventsourcing';
import { Refused } from '@attain/eventsourcing';
import { IsOptional, IsString, Matches } from 'class-validator';
import type { DealEvent } from '@attain/contracts';
import { Refuses } from '../answers/answers.js';
import { IsDay } from '../edge.validation.js';
import { feature } from '../feature.js';
import type { Caller } from '../identity/caller.js';
import { Command, CommandContext, Permit, Reads, Who } from '../route.js';
import { type Scope, Scopes } from '../scope.js';
import { EXECUTOR, READ_MODELS } from '../tokens.js';

/** A minimal service, for tests: deals are opened and listed. */
interface Deal {
  opened: boolean;
}
export const dealDecider: Decider<Deal, { source: string; id: string; owner: string; amount: string }, DealEvent> = {
  category: 'deal',
  initial: { opened: false },
  decide: ({ source, id, owner, amount }, deal) => {
    if (deal.opened) throw new Refused('DEAL_EXISTS', `The deal ${id} is open already.`, { deal: id });
    return [{ type: 'DealOpened', data: { source, id, fields: { owner, amount } } }];
  },
  evolve: (deal, event) => (event.type === 'DealOpened' ? { opened: true } : deal),
};

export interface OpenDeal extends Record<string, unknown> {
  id: string;
  owner: string;
}
export const openDeals: Projection<OpenDeal, DealEvent> = {
  name: 'open-deals',
  version: 1,
  indexes: [['owner']],
  categories: ['deal'],
  keys: (event) => [event.stream],
  evolve: (deal, event) => {
    if (event.type !== 'DealOpened') return deal;
    if (event.data.id === 'poison') throw new Error('the fixture cannot hold it');
    return { id: event.data.id, owner: event.data.fields.owner ?? '' };
  },
};

class OpenBody {
  @IsString()
  owner!: string;

  @Matches(/^\d+\.\d{2}$/, { message: 'amount expected a plain decimal such as 1054.50' })
  amount!: string;

  @IsOptional()
  @IsString()
  reason?: string;
}
class OnDate {
  @IsDay()
  on!: string;
}

@Injectable()
class OpenDealQueries {
  constructor(@Inject(READ_MODELS) private readonly models: ReadModels) {}
  list(scope: Scope, on: string): Promise<OpenDeal[]> {
    return this.models.model<OpenDeal>(openDeals.name).find({ filter: scope.filter('owner', { on }) });
  }
}

@Controller('deals')
class DealsController {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(OpenDealQueries) private readonly queries: OpenDealQueries,
    @Inject(Scopes) private readonly scopes: Scopes,
  ) {}

  @Post(':source/:id')
  @Permit('deals:write')
  @Command()
  @Refuses('DEAL_EXISTS')
  open(
    @Param('source') source: string,
    @Param('id') id: string,
    @Body() { owner, amount, reason }: OpenBody,
    @CommandContext() context: Context,
  ) {
    return this.executor.execute(
      dealDecider,
      `${source}:${id}`,
      { source, id, owner, amount },
      { ...context, ...(reason !== undefined && { reason }) },
    );
  }

  @Get()
  @Permit('deals:read')
  @Reads('open-deals')
  async list(@Who() caller: Caller, @Query() { on }: OnDate): Promise<{ rows: OpenDeal[] }> {
    return { rows: await this.queries.list(this.scopes.scopeOf(caller), on) };
  }

  @Get('forgotten')
  forgotten(): string {
    return 'a route with neither a permission nor a reason to be public';
  }

  @Get('broken')
  @Permit('deals:read')
  broken(): never {
    throw new Error('the pay of ann is 777123.45');
  }
}

@Module(feature({ controllers: [DealsController], providers: [OpenDealQueries], projections: [openDeals] }))
export class DealsModule {}
