import type { ReadModel } from './ports.js';

/** Waits until the model has applied all events up to a position; false if that takes longer than so many milliseconds. */
export async function reached(
  model: Pick<ReadModel, 'position'>,
  position: bigint,
  milliseconds: number,
): Promise<boolean> {
  const until = performance.now() + milliseconds;
  for (let pause = 1; ; pause = Math.min(50, pause * 2)) {
    if ((await model.position()) >= position) return true;
    const left = until - performance.now();
    if (left <= 0) return false;
    await new Promise((resume) => setTimeout(resume, Math.min(pause, left)));
  }
}
