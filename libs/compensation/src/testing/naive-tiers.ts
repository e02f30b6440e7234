/**
 * A second, deliberately naive implementation of how records become lines. It looks at every unit of the axis by itself
 * and at every record again in every step, in yen and tenths of a percent, so that it divides only once.
 */
interface NaiveTier {
  /** On the axis, a whole number. */
  from: number;
  /** Tenths of a percent. */
  rate: number;
  /** Null for only its own slice; else the point from which it also pays below its bound. */
  back: number | null;
}
export interface NaiveRecord {
  id: string;
  date: string;
  amount: number;
  /** The reversed amount, at most all of it. */
  reversed: number;
  /** Whether all of it is reversed, even an amount of 0. */
  undone: boolean;
  product: string;
}
export interface NaiveComponent {
  per: 'deal' | 'month' | 'quarter' | 'half' | 'year' | null;
  /** Whether the tiers count records. */
  byCount: boolean;
  crossing: 'split' | 'higher' | 'lower';
  /** Only records of this product are paid. */
  product: string | null;
  /** The tiers of a window; without tiers one from −∞. */
  tiers(window: string, date: string): NaiveTier[];
  count: { limit: number; per: 'month' | 'quarter' | 'half' | 'year' } | null;
}
export interface NaiveLine {
  kind: 'earning' | 'reversal' | 'true-up' | 'cap';
  id: string;
  cause: string | null;
  date: string;
  amount: number;
}

export function windowName(kind: NaiveComponent['per'], { date, id }: { date: string; id: string }): string {
  const [year, month] = [date.slice(0, 4), Number(date.slice(5, 7))];
  if (kind === 'month') return date.slice(0, 7);
  if (kind === 'quarter') return `${year}-Q${Math.ceil(month / 3)}`;
  if (kind === 'half') return `${year}-H${Math.ceil(month / 6)}`;
  if (kind === 'year') return year;
  return kind === null ? id : `deal ${id}`;
}

/** Own lines with their reversals in the order of records, then true-ups by cause and record, then caps by record. */
export function naiveLines(records: readonly NaiveRecord[], component: NaiveComponent): NaiveLine[] {
  const ordered = [...records].sort((a, b) => (a.date === b.date ? (a.id < b.id ? -1 : 1) : a.date < b.date ? -1 : 1));
  const [own, trueUps]: [NaiveLine[], NaiveLine[]] = [[], []];
  const windows = [...new Set(ordered.map((record) => windowName(component.per, record)))];
  for (const window of windows) {
    const inside = ordered.filter((record) => windowName(component.per, record) === window);
    const last = new Map<string, number>();
    inside.forEach((record, index) => {
      const isPaid = component.product === null || record.product === component.product;
      const start = axisSum(inside.slice(0, index), component);
      const reached = axisSum(inside.slice(0, index + 1), component);
      if (isPaid) {
        const full = entitled(
          record.amount,
          start,
          start + axisOf(record, component, true),
          start + axisOf(record, component, true),
          component,
          window,
          record,
        );
        const left = entitled(record.amount - record.reversed, start, reached, reached, component, window, record);
        own.push({ kind: 'earning', id: record.id, cause: null, date: record.date, amount: full });
        if (record.reversed !== 0 || (record.undone && component.byCount))
          own.push({ kind: 'reversal', id: record.id, cause: null, date: record.date, amount: left - full });
      }
      for (const earlier of inside.slice(0, index)) {
        const before = last.get(earlier.id);
        if (before === undefined) continue;
        const earlierStart = axisSum(inside.slice(0, inside.indexOf(earlier)), component);
        const now = entitled(
          earlier.amount - earlier.reversed,
          earlierStart,
          earlierStart + axisOf(earlier, component, false),
          reached,
          component,
          window,
          earlier,
        );
        if (now !== before)
          trueUps.push({ kind: 'true-up', id: earlier.id, cause: record.id, date: record.date, amount: now - before });
        last.set(earlier.id, now);
      }
      if (isPaid)
        last.set(
          record.id,
          entitled(record.amount - record.reversed, start, reached, reached, component, window, record),
        );
    });
  }
  return [...own, ...trueUps, ...caps(ordered, [...own, ...trueUps], component)];
}

function axisOf({ amount, reversed, undone }: NaiveRecord, { byCount }: NaiveComponent, full: boolean): number {
  if (!byCount) return full ? amount : amount - reversed;
  return full || !undone ? 1 : 0;
}

function axisSum(records: readonly NaiveRecord[], component: NaiveComponent): number {
  return records.reduce((sum, record) => sum + axisOf(record, component, false), 0);
}

/** The whole yen that a record earns, unit by unit of its stretch. */
function entitled(
  paid: number,
  start: number,
  end: number,
  reached: number,
  component: NaiveComponent,
  window: string,
  { date }: NaiveRecord,
): number {
  const tiers = component.tiers(window, date);
  if (start === end) return yen(paid * rateAt(start, reached, tiers));
  const [low, high] = [Math.min(start, end), Math.max(start, end)];
  if (component.crossing === 'lower') return yen(paid * rateAt(low, -Infinity, tiers));
  // The last unit lies just below the upper end.
  if (component.crossing === 'higher') return yen(paid * rateAt(high - 1, -Infinity, tiers, high));
  let sum = 0;
  for (let unit = low; unit < high; unit += 1) sum += rateAt(unit, reached, tiers);
  return yen((paid * sum) / (high - low));
}

function rateAt(unit: number, reached: number, tiers: readonly NaiveTier[], below = Infinity): number {
  let [best, height] = [null as NaiveTier | null, -Infinity];
  let lowest: NaiveTier | null = null;
  for (const tier of tiers) {
    if (lowest === null || tier.from < lowest.from) lowest = tier;
    const holds = below === Infinity ? tier.from <= unit : tier.from < below;
    if (holds && tier.from >= height) [best, height] = [tier, tier.from];
  }
  if (best === null && lowest?.from === 0) [best, height] = [lowest, 0];
  const own = height;
  // If tiers begin at the same point, the later one is the higher.
  const first = best === null ? -1 : tiers.indexOf(best);
  for (const [index, tier] of tiers.entries()) {
    const higher = tier.from > own || (tier.from === own && index > first);
    if (tier.back !== null && tier.from <= reached && higher && tier.from >= height && unit >= tier.back)
      [best, height] = [tier, tier.from];
  }
  return best?.rate ?? 0;
}

/** Tenths of a percent of a yen, rounded half-up, symmetric in sign. */
function yen(thousandths: number): number {
  const size = Math.floor((Math.abs(thousandths) + 500) / 1000);
  return thousandths < 0 ? 0 - size : size;
}

function caps(records: readonly NaiveRecord[], lines: readonly NaiveLine[], { count }: NaiveComponent): NaiveLine[] {
  if (count === null) return [];
  const cuts: NaiveLine[] = [];
  for (const record of records) {
    const own = lines.filter(({ id }) => id === record.id);
    if (own.length === 0 || record.undone) continue;
    const before = records.slice(0, records.indexOf(record)).filter((other) => {
      const isPaid = lines.some(({ id }) => id === other.id);
      return isPaid && !other.undone && windowName(count.per, other) === windowName(count.per, record);
    });
    if (before.length < count.limit) continue;
    // Paid by month, so that no cap's window ends before the month of a line.
    for (const month of [...new Set(own.map(({ date }) => date.slice(0, 7)))].sort()) {
      const amount = own.filter(({ date }) => date.startsWith(month)).reduce((sum, line) => sum + line.amount, 0);
      if (amount !== 0)
        cuts.push({ kind: 'cap', id: record.id, cause: null, date: lastDay(month), amount: 0 - amount });
    }
  }
  return cuts;
}

function lastDay(month: string): string {
  const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month.slice(5)) - 1];
  return `${month}-${days}`;
}
