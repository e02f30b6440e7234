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
