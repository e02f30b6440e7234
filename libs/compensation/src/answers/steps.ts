/** What work in steps comes to, done in one go. */
export function resultOf<Result>(work: Generator<unknown, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** What the steps yield that yield something. */
export function stated<Item extends object>(steps: Iterable<Item | undefined>): Item[] {
  return [...steps].filter((item) => item !== undefined);
}
