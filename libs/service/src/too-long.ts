/**
 * Waits for work for at most some seconds; returns whether it took longer. The work continues, and its caller handles a
 * rejection.
 */
export async function tooLong(work: Promise<unknown>, seconds: number): Promise<boolean> {
  const late = Symbol('late');
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<typeof late>((resolve) => (timer = setTimeout(resolve, seconds * 1000, late)));
  try {
    return (await Promise.race([work, patience])) === late;
  } finally {
    clearTimeout(timer);
  }
}
