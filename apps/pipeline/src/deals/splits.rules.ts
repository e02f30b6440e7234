import { Refused } from '@attain/eventsourcing';
import { Exact } from '@attain/values';

/** Participant id → share, as `50%` or `1/3`. */
export type Shares = Readonly<Record<string, string>>;

/** Throws Refused SPLIT_TOTAL unless the revenue shares sum to exactly 1 or there are none, SPLIT_SHARE for a value that is no share above 0. */
export function checkSplit(revenue: Shares, overlay: Shares): void {
  const sum = Object.entries(revenue).reduce(
    (all, [participant, share]) => all.plus(shareOf(participant, share)),
    Exact.zero,
  );
  if (Object.keys(revenue).length > 0 && !sum.equals(Exact.one)) {
    throw new Refused('SPLIT_TOTAL', `The revenue shares sum to ${percent(sum)}, not to 100%`, { total: percent(sum) });
  }
  for (const [participant, share] of Object.entries(overlay)) shareOf(participant, share);
}

function shareOf(participant: string, share: string): Exact {
  const written = /^\d{1,12}(\.\d{1,12})?%$|^\d{1,12}\/\d{1,12}$/.test(share) && !/\/0+$/.test(share);
  const exact = written ? Exact.parse(share) : Exact.zero;
  if (exact.sign() <= 0) {
    throw new Refused(
      'SPLIT_SHARE',
      `${participant}: expected a share such as 50% or 1/3, found ${JSON.stringify(share)}`,
      { participant },
    );
  }
  return exact;
}

function percent(share: Exact): string {
  const text = share.times(Exact.of(100)).toString();
  return text.includes('/') ? share.toString() : `${text}%`;
}
