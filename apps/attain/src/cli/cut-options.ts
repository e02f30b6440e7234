import { Option } from 'commander';

export function asOfOption(): Option {
  return new Option(
    '--as-of <moment>',
    'use facts recorded up to this date, the whole day included, or up to this instant',
  );
}

export function effectiveOption(): Option {
  return new Option('--effective <date>', 'use facts dated up to and including this day');
}
