import { ApiPropertyOptional } from '@nestjs/swagger';
import type { Cut } from '@attain/compensation';
import { endOfDay, type FiscalCalendar, instant, isDate, type Period } from '@attain/values';
import { IsOptional, ValidateBy } from 'class-validator';
import { Malformed } from './problem.js';

/** A date that exists, such as 2025-03-31. */
export const IsDay = () =>
  ValidateBy({
    name: 'isDay',
    validator: { validate: isDay, defaultMessage: () => 'expected a date such as 2025-03-31' },
  });

/** A date, or an instant with its offset. */
export const IsDayOrInstant = () =>
  ValidateBy({
    name: 'isDayOrInstant',
    validator: {
      validate: (value: unknown) => isDay(value) || isInstant(value),
      defaultMessage: () => 'expected a date such as 2025-03-31 or an instant such as 2025-03-31T17:00:00Z',
    },
  });

/** What a question may look at; nothing said: everything known now. */
export class AsOf {
  @ApiPropertyOptional({
    description: 'What was known then: an instant, or a date, of which the end in the company’s time zone counts.',
    example: '2025-04-30',
  })
  @IsOptional()
  @IsDayOrInstant()
  asOf?: string;

  @ApiPropertyOptional({
    description: 'What was true by then: credits and reversals up to this date.',
    example: '2025-03-31',
  })
  @IsOptional()
  @IsDay()
  effective?: string;
}

export function cutOf({ asOf, effective }: AsOf, timeZone: string): Cut {
  return {
    ...(asOf !== undefined && { known: isDate(asOf) ? endOfDay(asOf, timeZone) : instant(asOf) }),
    ...(effective !== undefined && { effective }),
  };
}

/** The period of a name that somebody asked for; throws Malformed (422) on one that the calendar doesn't have. */
export function periodNamed(calendar: FiscalCalendar, name: string): Period {
  try {
    return calendar.period(name);
  } catch (error) {
    if (error instanceof RangeError) throw new Malformed([{ field: 'period', message: error.message }]);
    throw error;
  }
}

function isDay(value: unknown): boolean {
  return typeof value === 'string' && isDate(value);
}

function isInstant(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    instant(value);
    return true;
  } catch {
    return false;
  }
}
