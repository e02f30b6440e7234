import type { Context, Outcome } from '@attain/eventsourcing';
import {
  because,
  Command,
  CommandContext,
  IsAmount,
  IsCurrencyCode,
  IsDay,
  Permit,
  Reason,
  Refuses,
} from '@attain/service';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { RateCommands } from './rate.commands.js';

export class RetractRate extends Reason {
  @ApiProperty({ example: 'EUR' })
  @IsCurrencyCode()
  from!: string;

  @ApiProperty({ example: 'USD' })
  @IsCurrencyCode()
  to!: string;

  @ApiProperty({ description: 'It holds from this date until the next one.', example: '2025-03-31' })
  @IsDay()
  date!: string;
}
export class RecordRate extends RetractRate {
  @ApiProperty({ description: 'Units of `to` for one of `from`; never inverted.', example: '1.09' })
  @IsAmount({ least: 0, example: '1.09' })
  rate!: string;
}

@ApiTags('rates')
@Controller('rates')
export class RatesController {
  constructor(@Inject(RateCommands) private readonly rates: RateCommands) {}

  @Post('record')
  @Permit('rates:write')
  @Command()
  @Refuses('DUPLICATE_ROW', 'INVALID_FIELD')
  @ApiOperation({ operationId: 'recordRate', summary: 'Record or correct an exchange rate' })
  record(@Body() { reason, ...rate }: RecordRate, @CommandContext() context: Context): Promise<Outcome> {
    return this.rates.record(rate, because(context, reason));
  }

  @Post('retract')
  @Permit('rates:write')
  @Command()
  @Refuses('INVALID_FIELD')
  @ApiOperation({ operationId: 'retractRate', summary: 'Retract an exchange rate' })
  retract(@Body() { reason, ...rate }: RetractRate, @CommandContext() context: Context): Promise<Outcome> {
    return this.rates.retract(rate, because(context, reason));
  }
}
