import type { As } from '../imports/fields.rules.js';
import { wordsOf } from './headings.rules.js';

/** The kind of the rows of a file, by its headings; by default deals. */
export function kindOf(header: readonly string[]): As {
  const words = new Set(header.map(wordsOf));
  const has = (...names: string[]) => names.every((name) => words.has(name));
  if (has('for', 'measure', 'period', 'amount')) return 'quotas';
  if (has('deal', 'participant', 'share')) return 'splits';
  const isPaid = ['amount', 'value', 'stage', 'status', 'closed', 'close date'].some((name) => words.has(name));
  return !isPaid && (has('id', 'role') || has('name', 'role') || has('id', 'manager')) ? 'people' : 'deals';
}
