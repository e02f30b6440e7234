import { Controller, Get, Header, Inject, Query, Req, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Clock } from '@attain/eventsourcing';
import { dateOf } from '@attain/values';
import type { FedHistory } from '../fed-history.js';
import { CLOCK, HISTORY } from '../tokens.js';
import { CONFIG, type Config } from '../config.js';
import { DEMO, type Demo } from '../identity/demo.js';
import { stateOf } from '../request.js';
import { Public } from '../route.js';
import { homePage, type Notice } from './home.page.js';
import { type Link, type LinkedPeriods, LINKS } from './links.js';
import { homeStyle } from './home.style.js';

@ApiExcludeController()
@Controller({ version: VERSION_NEUTRAL })
export class HomeController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DEMO) private readonly demo: Demo | null,
    @Inject(LINKS) private readonly links: readonly Link[],
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  private periods(): LinkedPeriods {
    const { calendar, timeZone } = this.history.company();
    const last = this.history.closed().at(-1);
    const period =
      last === undefined ? calendar.periodOf(dateOf(this.clock(), timeZone), 'month') : calendar.period(last.period);
    return { period: period.name, quarter: calendar.periodOf(period.to, 'quarter').name };
  }

  @Get()
  @Public('describes the server and lets people sign in')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  home(@Req() request: Request, @Query() query: Record<string, unknown>): string {
    const { caller, session, byCookie } = stateOf(request);
    return homePage({
      caller,
      csrf: byCookie ? session?.csrf : undefined,
      demo: this.demo,
      issuer: this.config.OIDC_ISSUER,
      links: this.links,
      periods: this.periods(),
      notice: noticeOf(query),
    });
  }

  @Get('home.css')
  @Public('the looks of the page above')
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Header('Cache-Control', 'max-age=3600')
  style(): string {
    return homeStyle;
  }
}

function noticeOf(query: Record<string, unknown>): Notice | undefined {
  if ('failed' in query) return { kind: 'failed' };
  if ('changed' in query) return { kind: 'changed' };
  const { wait } = query;
  return typeof wait === 'string' && /^\d{1,4}$/.test(wait) ? { kind: 'wait', seconds: Number(wait) } : undefined;
}
