/** Deals, reps and quotas for measuring: deterministic, so that every engine is asked the same. */
export interface GeneratedDeal {
  id: string;
  rep: string;
  /** `YYYY-MM-DD` in 2025. */
  closed: string;
  cents: number;
}

export const quotaCents = 20_000_000;

export function repName(index: number): string {
  return `rep${String(index).padStart(4, '0')}`;
}

export function* generateDeals(count: number, reps: number): Generator<GeneratedDeal> {
  for (let i = 0; i < count; i++) {
    const day = (i * 7919) % 365;
    yield {
      id: `D${String(i).padStart(8, '0')}`,
      rep: repName(i % reps),
      closed: new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10),
      cents: 100 + ((i * 104_729) % 500_000),
    };
  }
}
