/**
 * The category of `ClockAccepted`: a person has said that the clock is right. Instants along the log do not step back, but for here: a
 * stretch begins, and what stands before it was known at the latest at its beginning, whatever a clock that was ahead had said.
 */
export const CLOCK = 'clock';

/** A stretch of the log between two acceptances of the clock. */
export interface Stretch {
  /** All that stands before the stretch was known by then: the earliest instant of its own beginning and of later ones; '' for the first. */
  least: string;
}

/** Adds the stretch that an acceptance begins. */
export function beginStretch<S extends Stretch>(stretches: S[], next: S): void {
  for (const stretch of stretches) if (stretch.least > next.least) stretch.least = next.least;
  stretches.push(next);
}

/** The stretch in which the knowledge at an instant ends: events before the stretch are known, and within it those recorded by the instant. */
export function stretchAt(stretches: readonly Stretch[], instant: string): number {
  return stretches.findLastIndex(({ least }) => least <= instant);
}
