import { idOf } from '@attain/values';
import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

const MOST = 200;

/**
 * An object of texts, such as `{ "amount": "1054.50" }`, with normalized keys; with `nulls` a null clears the field.
 */
export const IsTextMap = ({ nulls = false, longest = 4000 }: { nulls?: boolean; longest?: number } = {}) =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => spelled(value)),
    ValidateBy({
      name: 'isTextMap',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'object' &&
          value !== null &&
          !Array.isArray(value) &&
          Object.keys(value).length <= MOST &&
          Object.entries(value).every(
            ([key, text]) =>
              key !== '' &&
              key === idOf(key) &&
              key.length <= 400 &&
              ((nulls && text === null) || (typeof text === 'string' && text.length <= longest)),
          ),
        defaultMessage: () =>
          `expected an object of at most ${MOST} texts${nulls ? ' or nulls' : ''} by name, each of at most ${longest} characters`,
      },
    }),
  );

/** Two spellings of one key stay separate and are refused. */
function spelled(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, text]) => [idOf(key), typeof text === 'string' ? idOf(text) : text]);
  const one = Object.fromEntries(entries) as Record<string, unknown>;
  return Object.keys(one).length === entries.length ? one : value;
}
