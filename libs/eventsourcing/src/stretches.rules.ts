/**
 * The category of `ClockAccepted`: a person has accepted the clock. Instants along the log decrease only there: a stretch begins,
 * and all earlier events were known by its beginning, even those with a later instant from a clock that was ahead.
 */
export const CLOCK = 'clock';

/** A stretch of the log between two acceptances of the clock. */
export interface Stretch {
  /** All events before the stretch were known by then: the earliest beginning of this and later stretches; '' for the first. */
  least: string;
}

/** Adds the stretch that begins when a person accepts the clock. */
export function beginStretch<S extends Stretch>(stretches: S[], next: S): void {
  for (const stretch of stretches) if (stretch.least > next.least) stretch.least = next.least;
  stretches.push(next);
}

/** The stretch of the last event known at an instant: all events before the stretch are known, and within it those recorded by the instant. */
export function stretchAt(stretches: readonly Stretch[], instant: string): number {
  return stretches.findLastIndex(({ least }) => least <= instant);
}
