/** Milliseconds of work after which other requests have their turn. */
const TURN = 10;

const waiting: (() => void)[] = [];
let isDue = false;

/**
 * Resolves when other requests had their turn. All callers that wait here share the time of one turn, so that work that is ready at once, such as
 * a page of events for each of ten projections, never keeps requests waiting longer than one of them would.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resume) => {
    waiting.push(resume);
    if (isDue) return;
    isDue = true;
    setImmediate(resumeSome);
  });
}

function resumeSome(): void {
  const since = performance.now();
  const resumeNext = () => {
    if (waiting.length === 0) isDue = false;
    else if (performance.now() - since >= TURN) setImmediate(resumeSome);
    else {
      waiting.shift()!();
      // A tick requested in a microtask comes after all synchronous work of the resumed task.
      queueMicrotask(() => process.nextTick(resumeNext));
    }
  };
  resumeNext();
}

/** Lets a long answer give way: waiting requests, such as those for liveness, are answered in between. */
export class Turns {
  private since = performance.now();

  constructor(private readonly milliseconds = TURN) {}

  /** Call between two steps: resolves at once while the turn lasts, otherwise after the other requests had their turn. */
  async next(): Promise<void> {
    if (performance.now() - this.since < this.milliseconds) return;
    await nextTurn();
    this.since = performance.now();
  }
}

/** Runs work in steps, in turns with other requests, and returns its result. */
export async function inTurns<Result>(
  work: Generator<unknown, Result>,
  turns: Pick<Turns, 'next'> = new Turns(),
): Promise<Result> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await turns.next();
  }
}
