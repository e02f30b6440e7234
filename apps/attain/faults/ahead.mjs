/** Shows a process another time than the machine has: `--import ahead.mjs`, with CLOCK_SHIFT in milliseconds. */
const shift = Number(process.env.CLOCK_SHIFT);
const Real = Date;
globalThis.Date = class Date extends Real {
  constructor(...given) {
    if (given.length > 0) super(...given);
    else super(Real.now() + shift);
  }
  static now() {
    return Real.now() + shift;
  }
};
