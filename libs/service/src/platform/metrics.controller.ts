import { Controller, Get, Header, Inject, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../route.js';
import { Metrics } from './metrics.js';
import { AnswersText } from '../answers/answers.js';

@ApiTags('platform')
@Controller({ path: 'metrics', version: VERSION_NEUTRAL })
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  @AnswersText('text/plain', 'attain_events_total 1042', 'Counts and durations, as Prometheus reads them.')
  @Public('counts and durations for Prometheus, which cannot sign in; no names and no pay')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ operationId: 'getMetrics', summary: 'Prometheus metrics' })
  scrape(): Promise<string> {
    return this.metrics.text();
  }
}
