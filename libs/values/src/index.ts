export { Exact, type Rounding } from './exact.js';
export {
  isCurrency,
  isSummable,
  minorDigits,
  minorToDecimal,
  roundToMinor,
  splitByLargestRemainder,
  toMinor,
} from './money.js';
export {
  addDays,
  addMonths,
  completedMonths,
  dateOf,
  dayAfter,
  dayBefore,
  daysBetween,
  endOfDay,
  FIRST_RECORDABLE,
  instant,
  isDate,
  isRecordable,
  LAST_RECORDABLE,
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
export { explainedFault, idFault, type IdFault, idOf, LONGEST_ID, textFault } from './texts.js';
export { amountOf, type Summand, summandOf } from './summands.js';
