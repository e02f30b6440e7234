import type { Context } from '@attain/eventsourcing';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

/** The body of a command that needs nothing but may say why. */
export class Reason {
  @ApiPropertyOptional({ description: 'Why; it stays with the event.', example: 'moved to the West team' })
  @IsOptional()
  @IsString()
  @MaxLength(4000)
  reason?: string;
}

/** The context of a command with the reason that its body states. */
export function because(told: Context, reason: string | undefined): Context {
  return reason === undefined ? told : { ...told, reason };
}
