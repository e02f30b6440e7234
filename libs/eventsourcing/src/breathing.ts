/** Milliseconds of computing after which other requests have their turn. */
const STRETCH = 10;

/** To be awaited between the steps of long work: it gives others their turn once a stretch of computing is over. */
export type Breathe = () => Promise<void>;

/** `onBreath` runs after each turn of others, and ends the work by throwing. */
export function breathing(onBreath: () => void = () => undefined): Breathe {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < STRETCH) return;
    await new Promise(setImmediate);
    begun = performance.now();
    onBreath();
  };
}
