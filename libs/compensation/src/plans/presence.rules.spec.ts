import { describe, expect, it } from '@jest/globals';
import { withoutAbsences } from './presence.rules.js';

const span = (from: string, to: string) => ({ from, to });
const year = [span('2025-01-01', '2025-12-31')];

describe('the days on which somebody is there', () => {
  it('are cut in two by a leave, and shortened by a leave at their beginning or end', () => {
    expect(withoutAbsences(year, [span('2025-03-01', '2025-03-31')])).toEqual([
      span('2025-01-01', '2025-02-28'),
      span('2025-04-01', '2025-12-31'),
    ]);
    expect(withoutAbsences(year, [span('2024-12-01', '2025-01-31')])).toEqual([span('2025-02-01', '2025-12-31')]);
    expect(withoutAbsences(year, [span('2025-12-31', '9999-12-31')])).toEqual([span('2025-01-01', '2025-12-30')]);
  });
  it('are none where a leave covers them, and the same where it lies beside them', () => {
    expect(withoutAbsences(year, [span('2024-01-01', '2026-01-01')])).toEqual([]);
    expect(withoutAbsences(year, [span('2026-01-01', '2026-02-01')])).toEqual(year);
  });
  it('lack each day of overlapping leaves once', () => {
    expect(withoutAbsences(year, [span('2025-02-01', '2025-02-20'), span('2025-02-10', '2025-02-28')])).toEqual([
      span('2025-01-01', '2025-01-31'),
      span('2025-03-01', '2025-12-31'),
    ]);
  });
});
