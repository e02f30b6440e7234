export { Exact, type Rounding } from './exact.js';
export { isCurrency, minorDigits, minorToDecimal, roundToMinor, splitByLargestRemainder, toMinor } from './money.js';
export {
  addDays,
  completedMonths,
  dateOf,
  dayAfter,
  dayBefore,
  daysBetween,
  endOfDay,
  instant,
  isDate,
  startOfDay,
  type Instant,
  type LocalDate,
} from './dates.js';
export {
  comparePeriods,
  FiscalCalendar,
  type FiscalYear,
  type Period,
  type PeriodKind,
  type Weekday,
} from './calendar.js';
export { Timeline, type TimelineRow, type TimelineSpan } from './timeline.js';
export { canonicalJson, compareBytes, newUuid, sha256, uuidOf } from './ids.js';
