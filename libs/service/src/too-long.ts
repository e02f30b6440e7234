/** Waits for work, but not longer than so many seconds: whether it took longer. The work itself goes on; a rejection is the caller's. */
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
