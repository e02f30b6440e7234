/** What the steps yield that yield something. */
export function stated<Item extends object>(steps: Iterable<Item | undefined>): Item[] {
  return [...steps].filter((item) => item !== undefined);
}
