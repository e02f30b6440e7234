import { Option } from 'commander';

export function asOfOption(): Option {
  return new Option('--as-of <moment>', 'use what was recorded by then: a date (its end counts) or an instant');
}

export function effectiveOption(): Option {
  return new Option('--effective <date>', 'use what is dated up to and including this day');
}
