import { ValidateBy } from 'class-validator';

const MOST = 100_000;

/** A list of lists of texts, as a table has them. */
export const IsRows = () =>
  ValidateBy({
    name: 'isRows',
    validator: {
      validate: (value: unknown) =>
        Array.isArray(value) &&
        value.length <= MOST &&
        value.every(
          (row) => Array.isArray(row) && row.every((cell) => typeof cell === 'string' && cell.length <= 4000),
        ),
      defaultMessage: () => `expected at most ${MOST} rows, each a list of texts`,
    },
  });
