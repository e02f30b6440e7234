import { terms } from '@attain/service';
import { z } from 'zod';
import { Source } from '../source.answers.js';

export const LeaderboardRow = z
  .object({
    rank: z.int(),
    for: terms.holder,
    attained: z
      .string()
      .describe(
        'A decimal fraction: of six places for those who see everybody, a whole percent (`0.78`) for the others; null if only the rank is shown. No amount, no quota, no pay.',
      )
      .nullable(),
  })
  .meta({ id: 'LeaderboardRow', description: 'A rank of a leaderboard.' });
export type LeaderboardRow = z.infer<typeof LeaderboardRow>;

export const Leaderboard = z
  .object({
    rows: z.array(LeaderboardRow),
    hidden: z
      .int()
      .describe(
        'Rows that show only a rank, and people whose attainment includes the sales of others, such as managers, whom the caller does not see.',
      ),
    published: z
      .object({
        effective: terms.day,
        known: terms.instant.nullable(),
      })
      .describe(
        'Of the standings of a day, which are the same until the next: credits up to `effective`, as known at `known`, the end of the day before (null on a company’s first day, when nothing was known before). Null for those who see everybody, who have any cut.',
      )
      .nullable(),
    source: Source,
  })
  .meta({ id: 'Leaderboard', description: 'A ranking by attainment.' });
export type Leaderboard = z.infer<typeof Leaderboard>;
