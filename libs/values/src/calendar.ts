import { dateOfDay, dayNumber, dayNumberOf, isDate, type LocalDate } from './dates.js';

export type PeriodKind = 'month' | 'quarter' | 'half' | 'year';

/** A period of a fiscal calendar, from its first to its last day, both inclusive. */
export interface Period {
  readonly name: string;
  readonly kind: PeriodKind;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const WEEKS = { '4-4-5': [4, 4, 5], '4-5-4': [4, 5, 4], '5-4-4': [5, 4, 4] } as const;
const MONTHS: Readonly<Record<PeriodKind, number>> = { month: 1, quarter: 3, half: 6, year: 12 };
const MEAN_YEAR = 365.2425;
const NAME = /^\d{4}(-(H[12]|Q[1-4]|P?\d\d))?$/;

export type Weekday = (typeof WEEKDAYS)[number];

/** A company's division of years; `starts` is `MM-DD`, `week` the first day of its weeks, only for calendars of weeks. */
export interface FiscalYear {
  readonly starts: string;
  readonly calendar: 'months' | keyof typeof WEEKS;
  readonly week?: Weekday | undefined;
}

interface Year {
  readonly periods: Readonly<Record<PeriodKind, readonly Period[]>>;
  /** The first days of its twelve months and of the next year, as day numbers. */
  readonly starts: readonly number[];
}

interface Place {
  readonly period: Period;
  readonly year: number;
  readonly index: number;
  /** The pieces of the period, by kind, cached. */
  readonly pieces: Map<PeriodKind, readonly Period[]>;
}

interface Divided {
  readonly years: Map<number, Year>;
  readonly places: Map<string, Place>;
}
// Equal descriptions share one calendar, because the companies of a process have few descriptions.
const divisions = new Map<string, Divided>();

/** The periods of a company's fiscal years. */
export class FiscalCalendar {
  private readonly startMonth: number;
  private readonly startDay: number;
  private readonly weekday: number;
  private readonly weeks: readonly number[];
  private readonly isPlain: boolean;
  // Calendars of one description share both, so that a deep comparison finds them equal.
  private readonly years: Map<number, Year>;
  private readonly places: Map<string, Place>;

  /** Throws RangeError on a start that some years or months lack, and on a missing or superfluous week. */
  constructor({ starts, calendar, week }: FiscalYear) {
    if (!/^\d{2}-\d{2}$/.test(starts) || !isDate(`2025-${starts}`)) {
      throw new RangeError(`Not a start of a fiscal year: ${JSON.stringify(starts)} (write 02-01)`);
    }
    this.startMonth = Number(starts.slice(0, 2));
    this.startDay = Number(starts.slice(3));
    this.weekday = week === undefined ? -1 : WEEKDAYS.indexOf(week);
    if (calendar === 'months') {
      if (week !== undefined) throw new RangeError('A calendar of months has no week');
      if (this.startDay > 28) throw new RangeError(`Not every month has a day ${this.startDay}`);
      this.weeks = [];
    } else {
      if (!Object.hasOwn(WEEKS, calendar)) throw new RangeError(`Not a calendar: ${JSON.stringify(calendar)}`);
      if (this.weekday < 0) throw new RangeError(`Not a first day of the week: ${JSON.stringify(week)} (write Monday)`);
      this.weeks = WEEKS[calendar];
    }
    this.isPlain = calendar === 'months' && starts === '01-01';
    const description = `${calendar} ${starts} ${week ?? ''}`;
    const { years, places } = divisions.get(description) ?? { years: new Map(), places: new Map() };
    divisions.set(description, { years, places });
    this.years = years;
    this.places = places;
  }

  /** The period with a name, such as `2025`, `2025-H1`, `2025-Q1`, `2025-03` or `2026-P01`; throws RangeError on an unknown one. */
  period(name: string): Period {
    return this.placeOf(name).period;
  }

  /** The period of a kind that contains a day; throws RangeError on an invalid date. */
  periodOf(date: LocalDate, kind: PeriodKind): Period {
    const day = dayNumber(date);
    let number = 1970 + Math.floor(day / MEAN_YEAR);
    while (day >= this.year(number).starts[12]!) number += 1;
    while (day < this.year(number).starts[0]!) number -= 1;
    const { periods, starts } = this.year(number);
    let month = 0;
    while (day >= starts[month + 1]!) month += 1;
    return periods[kind][Math.floor(month / MONTHS[kind])]!;
  }

  /** The periods of a kind that together form a period, in order; throws RangeError on a longer kind. */
  pieces(period: Period, kind: PeriodKind): readonly Period[] {
    const { year, index, pieces: known } = this.place(period);
    let pieces = known.get(kind);
    if (pieces === undefined) {
      const count = MONTHS[period.kind] / MONTHS[kind];
      if (count < 1) throw new RangeError(`A ${period.kind} has no pieces of a ${kind}`);
      pieces = Object.freeze(this.year(year).periods[kind].slice(index * count, (index + 1) * count));
      known.set(kind, pieces);
    }
    return pieces;
  }

  /** The next period of the same kind. */
  next(period: Period): Period {
    const { year, index } = this.place(period);
    return this.year(year).periods[period.kind][index + 1] ?? this.year(year + 1).periods[period.kind][0]!;
  }

  /** The previous period of the same kind. */
  previous(period: Period): Period {
    const { year, index } = this.place(period);
    return this.year(year).periods[period.kind][index - 1] ?? this.year(year - 1).periods[period.kind].at(-1)!;
  }

  /** The period of a kind that contains a period, itself if the kind is its own; throws RangeError on a shorter kind. */
  enclosing(period: Period, kind: PeriodKind): Period {
    const { year, index } = this.place(period);
    const count = MONTHS[kind] / MONTHS[period.kind];
    if (count < 1) throw new RangeError(`A ${kind} does not enclose a ${period.kind}`);
    return this.year(year).periods[kind][Math.floor(index / count)]!;
  }

  private place(period: Period): Place {
    const place = this.placeOf(period.name);
    if (place.period.from !== period.from || place.period.to !== period.to) {
      throw new RangeError(`The period ${period.name} from ${period.from} to ${period.to} is of another calendar`);
    }
    return place;
  }

  private placeOf(name: string): Place {
    let place = this.places.get(name);
    if (place === undefined && NAME.test(name)) {
      this.year(Number(name.slice(0, 4)));
      place = this.places.get(name);
    }
    if (place !== undefined) return place;
    throw new RangeError(
      `Not a period of this calendar: ${JSON.stringify(name)} (its months are ${this.monthName(2026, 1)} …)`,
    );
  }

  private year(number: number): Year {
    let year = this.years.get(number);
    if (year === undefined) {
      year = this.divided(number);
      this.years.set(number, year);
      for (const periods of Object.values(year.periods)) {
        periods.forEach((period, index) =>
          this.places.set(period.name, { period, year: number, index, pieces: new Map() }),
        );
      }
    }
    return year;
  }

  private divided(number: number): Year {
    const starts = this.weeks.length === 0 ? this.startsOfMonths(number) : this.startsOfWeeks(number);
    const text = String(number).padStart(4, '0');
    const periods = (kind: PeriodKind, name: (index: number) => string): readonly Period[] => {
      const length = MONTHS[kind];
      return Object.freeze(
        Array.from({ length: 12 / length }, (_, index) => {
          const [from, after] = [starts[index * length]!, starts[(index + 1) * length]!];
          return Object.freeze({ name: name(index + 1), kind, from: dateOfDay(from), to: dateOfDay(after - 1) });
        }),
      );
    };
    return {
      periods: {
        month: periods('month', (index) => this.monthName(number, index)),
        quarter: periods('quarter', (index) => `${text}-Q${index}`),
        half: periods('half', (index) => `${text}-H${index}`),
        year: periods('year', () => text),
      },
      starts,
    };
  }

  private monthName(year: number, index: number): string {
    return `${String(year).padStart(4, '0')}-${this.isPlain ? '' : 'P'}${String(index).padStart(2, '0')}`;
  }

  private startsOfMonths(number: number): readonly number[] {
    const first = this.calendarYear(number) * 12 + this.startMonth - 1;
    return Array.from({ length: 13 }, (_, index) => {
      const month = first + index;
      return dayNumberOf(Math.floor(month / 12), (month % 12) + 1, this.startDay);
    });
  }

  private startsOfWeeks(number: number): readonly number[] {
    const starts = [this.firstWeek(number)];
    for (let month = 0; month < 11; month += 1) starts.push(starts[month]! + this.weeks[month % 3]! * 7);
    starts.push(this.firstWeek(number + 1));
    return starts;
  }

  private firstWeek(number: number): number {
    const start = dayNumberOf(this.calendarYear(number), this.startMonth, this.startDay);
    // 1970-01-01 was a Thursday; of the seven days around the start exactly one is the weekday.
    const weekday = (((start + 4) % 7) + 7) % 7;
    const ahead = (this.weekday - weekday + 7) % 7;
    return start + (ahead > 3 ? ahead - 7 : ahead);
  }

  private calendarYear(number: number): number {
    return this.startMonth === 1 && this.startDay === 1 ? number : number - 1;
  }
}

/** Orders periods by their last day; if they end together, the shorter is first: negative, 0 or positive. */
export function comparePeriods(a: Period, b: Period): number {
  return inOrder(a.to, b.to) || inOrder(b.from, a.from);
}

function inOrder(a: LocalDate, b: LocalDate): number {
  return a < b ? -1 : Number(a > b);
}
