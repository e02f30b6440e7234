import { ApiPropertyOptional } from '@nestjs/swagger';
import type { Cut } from '@attain/compensation';
import { endOfDay, type FiscalCalendar, instant, isDate, type Period } from '@attain/values';
import { IsOptional } from 'class-validator';
import { IsDay, IsDayOrInstant } from './edge.validation.js';
import type { FedHistory } from './fed-history.js';
import { Malformed } from './problem.js';

/** The cut of a question; without one, everything known now. */
export class AsOf {
  @ApiPropertyOptional({
    description: 'The instant up to which facts count as known; a date means its end in the company’s time zone.',
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

/** The number of years around the company's data within which a period is valid. */
const YEARS_AROUND = 10;

/**
 * The period with a name, in the company's present calendar or an earlier one. Throws Malformed (422) if no calendar
 * has it, or if it is more than ten years away from all recorded data.
 */
export function periodNamed(
  history: Pick<FedHistory, 'company' | 'span'>,
  name: string,
  calendar?: FiscalCalendar,
): Period {
  checkNear(history, name);
  try {
    return (calendar ?? history.company().calendar).period(name);
  } catch (error) {
    if (error instanceof RangeError) throw new Malformed([{ field: 'period', message: error.message }]);
    throw error;
  }
}

/** Throws Malformed (422) if a period or date is more than ten years away from all recorded data. */
export function checkNear(history: Pick<FedHistory, 'span'>, period: string, field = 'period'): void {
  const { from, to } = history.span();
  const [first, last] = [Number(from.slice(0, 4)) - YEARS_AROUND, Number(to.slice(0, 4)) + YEARS_AROUND];
  const year = Number(/^\d{4}/.exec(period)?.[0]);
  if (!(year < first || year > last)) return;
  const message = `${period} is more than ${YEARS_AROUND} years away from the company's data (${from} to ${to}): expected ${field === 'period' ? 'a period' : 'a date'} of ${first} to ${last}`;
  throw new Malformed([{ field, message }]);
}
