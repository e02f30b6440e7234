import type { StoredLine, StoredStatement } from '@attain/contracts';
import { canonicalJson, sha256 } from '@attain/values';

/**
 * A name for a line that stays while its amount changes. It consists of the subject (participant, period, plan, component, kind,
 * closed period, records, date and cause), without amounts. Lines with the same subject differ by their order.
 */
export function lineIds({
  participant,
  period,
  lines,
}: Pick<StoredStatement, 'participant' | 'period' | 'lines'>): string[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const id = sha256(canonicalJson([participant, period, ...about(line)])).slice(0, 16);
    const before = seen.get(id) ?? 0;
    seen.set(id, before + 1);
    return before === 0 ? id : `${id}-${before + 1}`;
  });
}

function about({ plan, component, kind, for: concerns, record, causedBy, date, cause }: StoredLine): unknown[] {
  // The date of an own line moves with its record's closing date; the date of a true-up distinguishes it from others.
  return [plan, component, kind, concerns, record, causedBy, record && !causedBy ? null : date, cause?.event ?? null];
}
