/** Milliseconds of work after which other requests have their turn. */
const TURN = 20;

/** Lets a long answer give way: requests that wait, such as those for liveness, are answered in between. */
export class Turns {
  #since = performance.now();

  constructor(private readonly milliseconds = TURN) {}

  /** Between two steps: resolves at once while the turn lasts, else when the other requests had theirs. */
  async next(): Promise<void> {
    if (performance.now() - this.#since < this.milliseconds) return;
    await new Promise(setImmediate);
    this.#since = performance.now();
  }
}

/** What work in steps comes to, done in turns with other requests. */
export async function inTurns<Result>(work: Generator<unknown, Result>, turns: Pick<Turns, 'next'> = new Turns()): Promise<Result> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await turns.next();
  }
}
