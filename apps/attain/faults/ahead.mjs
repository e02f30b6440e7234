/** Shows a process another time than the machine has: `--import ahead.mjs`, with CLOCK_SHIFT in milliseconds. */
const shift = Number(process.env.CLOCK_SHIFT);
const Real = Date;
globalThis.Date = class Date extends Real {
  constructor(...told) {
    if (told.length > 0) super(...told);
    else super(Real.now() + shift);
  }
  static now() {
    return Real.now() + shift;
  }
};
