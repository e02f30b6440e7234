import type { Context } from '@attain/eventsourcing';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** The most characters of a reason, whichever command states it. */
const LONGEST = 4000;

/** Marks the reason of a command that may state one. */
export function MayStateReason(
  description = 'Why; it stays with the event.',
  example = 'moved to the West team',
): PropertyDecorator {
  return applyDecorators(ApiPropertyOptional({ description, example }), IsOptional(), IsString(), MaxLength(LONGEST));
}

/** Marks the reason of a command that must state one. */
export function MustStateReason(description: string, example: string): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ description, example }),
    IsString(),
    Matches(/\S/, { message: 'expected a reason' }),
    MaxLength(LONGEST),
  );
}

/** The body of a command without other values. */
export class Reason {
  @MayStateReason()
  reason?: string;
}

/** The context of a command with the stated reason. */
export function because(context: Context, reason: string | undefined): Context {
  return reason === undefined ? context : { ...context, reason };
}
