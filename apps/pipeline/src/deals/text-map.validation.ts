import { ValidateBy } from 'class-validator';

const MOST = 200;

/** An object of texts, such as `{ "amount": "1054.50" }`; with `nulls` a null clears the field. */
export const IsTextMap = ({ nulls = false, longest = 4000 }: { nulls?: boolean; longest?: number } = {}) =>
  ValidateBy({
    name: 'isTextMap',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.keys(value).length <= MOST &&
        Object.entries(value).every(([key, text]) => key !== '' && key.length <= 400 && ((nulls && text === null) || (typeof text === 'string' && text.length <= longest))),
      defaultMessage: () => `expected an object of at most ${MOST} texts${nulls ? ' or nulls' : ''} by name, each of at most ${longest} characters`,
    },
  });
