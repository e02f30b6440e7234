/** The values that the steps yield, without undefined. */
export function stated<Item extends object>(steps: Iterable<Item | undefined>): Item[] {
  return [...steps].filter((item) => item !== undefined);
}
