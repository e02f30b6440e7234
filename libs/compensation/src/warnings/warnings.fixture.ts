import type { Warning } from '@attain/contracts';
import { Story } from '../testing/story.js';

export const commission = { name: 'Commission', measure: 'revenue', rate: '10%' };
export const tiered = {
  name: 'Commission',
  measure: 'revenue',
  per: 'quarter',
  tiers: [
    { from: '0%', rate: '5%' },
    { from: '100%', rate: '10%' },
  ],
};

/** Two sellers, their manager, and a plan for both; nothing in it is odd. */
export function sound(
  components: Record<string, unknown>[] = [commission],
  company: Record<string, unknown> = {},
): Story {
  return new Story(company)
    .person('mo', 'Manager', '2025-01-01')
    .person('ann', 'AE', '2025-01-01', { manager: 'mo', team: 'North' })
    .person('bob', 'AE', '2025-01-01', { manager: 'mo', team: 'North' })
    .plan('AE', { effective: { from: '2025-01-01' }, components })
    .at('2025-07-01')
    .sold('ann', 'D1', 1000, '2025-01-15')
    .sold('bob', 'D2', 2000, '2025-02-15');
}

export function warned(story: Story): readonly Warning[] {
  return story.history().warnings();
}

/** Code and message of each. */
export function messages(story: Story): string[] {
  return warned(story).map(({ code, message }) => `${code}: ${message}`);
}
