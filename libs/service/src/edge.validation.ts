import { applyDecorators } from '@nestjs/common';
import {
  explainedFault,
  FIRST_RECORDABLE,
  idFault,
  idOf,
  instant,
  isCurrency,
  isRecordable,
  isSummable,
  LAST_RECORDABLE,
  LONGEST_ID,
} from '@attain/values';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationOptions } from 'class-validator';

const DECIMAL = /^-?\d{1,30}(\.\d{1,20})?$/;
const PERIOD = /^\d{4}(-(H[12]|Q[1-4]|P?\d\d))?$/;
const YEARS = `from ${FIRST_RECORDABLE} to ${LAST_RECORDABLE}`;

type Messages = (value: unknown) => string;

function rule(
  name: string,
  validate: (value: unknown) => boolean,
  message: string | Messages,
  options?: ValidationOptions,
  constraints: unknown[] = [],
) {
  const defaultMessage = (args?: { value: unknown }) => (typeof message === 'string' ? message : message(args?.value));
  return ValidateBy({ name, constraints, validator: { validate, defaultMessage } }, options);
}

/** A date that exists, such as 2025-03-31, in the years that a company may record. */
export const IsDay = () =>
  rule('isDay', isDay, (value) => `expected a date ${YEARS} such as 2025-03-31${foundIn(value)}`);

/** A date, or an instant with its offset, in the years that a company may record. */
export const IsDayOrInstant = () =>
  rule(
    'isDayOrInstant',
    (value) => isDay(value) || isInstant(value),
    (value) =>
      `expected a date ${YEARS} such as 2025-03-31, or an instant such as 2025-03-31T17:00:00Z${foundIn(value)}`,
  );

/** An id or a name, in the one normalized spelling of ids. */
export const IsId = (options?: ValidationOptions) =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => {
      if (typeof value === 'string') return idOf(value);
      return Array.isArray(value)
        ? value.map((part: unknown) => (typeof part === 'string' ? idOf(part) : part))
        : value;
    }),
    rule(
      'isId',
      (value) => typeof value === 'string' && idFault(value) === undefined,
      (value) => {
        const fault = typeof value === 'string' ? idFault(value) : undefined;
        return fault ? explainedFault(fault) : `expected an id, a text of 1 to ${LONGEST_ID} characters`;
      },
      options,
      [LONGEST_ID],
    ),
  );

/** A plain decimal that reports can sum; `least` 0 forbids negative ones. */
export const IsAmount = ({ least, example = '1054.50' }: { least?: 0; example?: string } = {}) => {
  const what = least === 0 ? `a plain decimal from 0 on such as ${example}` : `a plain decimal such as ${example}`;
  const isDecimal = (value: unknown): value is string =>
    typeof value === 'string' && DECIMAL.test(value) && !(least === 0 && value.startsWith('-'));
  return rule(
    'isAmount',
    (value) => isDecimal(value) && isSummable(value),
    (value) =>
      isDecimal(value)
        ? `expected an amount below 9007199254740.992, which is 2^53 thousandths${foundIn(value)}`
        : `expected ${what}`,
    undefined,
    [least === 0 ? DECIMAL.source.replace('-?', '') : DECIMAL.source],
  );
};

/** The name of a period in any calendar; `periodNamed` checks that the company's calendar has it. */
export const IsPeriodName = () =>
  rule(
    'isPeriodName',
    (value) => typeof value === 'string' && PERIOD.test(value),
    (value) => `expected a period such as 2025, 2025-H1, 2025-Q1, 2025-03 or 2026-P01${foundIn(value)}`,
    undefined,
    [PERIOD.source],
  );

export const IsCurrencyCode = () =>
  rule(
    'isCurrencyCode',
    (value) => typeof value === 'string' && isCurrency(value),
    (value) => `expected an ISO 4217 code such as USD${foundIn(value)}`,
  );

function foundIn(value: unknown): string {
  return typeof value === 'string' && value.length <= 60 ? `, found ${JSON.stringify(value)}` : '';
}

function isDay(value: unknown): boolean {
  return typeof value === 'string' && isRecordable(value);
}

function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 40) return false;
  try {
    return isRecordable(instant(value).slice(0, 10));
  } catch {
    return false;
  }
}
