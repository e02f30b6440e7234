import { addDays } from '@attain/values';
import fc from 'fast-check';

export const of = <Value>(...values: readonly Value[]) => fc.constantFrom(...values);
export const maybe = <Value>(value: fc.Arbitrary<Value>, seldom = 4) =>
  fc.oneof({ weight: seldom - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
/** Days on which something ends or begins, and those that are 30 and 60 days after another. */
const EDGES = [
  '2025-01-01',
  '2025-01-15',
  '2025-01-31',
  '2025-02-01',
  '2025-02-14',
  '2025-02-28',
  '2025-03-01',
  '2025-03-16',
  '2025-03-31',
  '2025-04-01',
];
export const day = fc.oneof(
  fc.integer({ min: 0, max: 110 }).map((days) => addDays('2025-01-01', days)),
  of(...EDGES),
);
export const without = <Values extends object>(values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values;
