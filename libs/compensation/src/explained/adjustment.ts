import type { Explained, Line } from '../earned/lines.js';
import { type Explanation, leaf } from './explanation.js';

/** An adjustment that one person proposed and another approved. */
export function adjustmentParts({ component: { paidIn } }: Line, { unrounded, why }: Explained): Explanation[] {
  return [leaf('by hand', unrounded, paidIn, why.limit ?? 'adjusted by hand', { inputs: why.inputs ?? [] })];
}
