/** Steps that may change places: those of one block, as long as those of one record keep their order. */
export interface Movable {
  block: number;
  record: string;
}

/**
 * The other orders in which the same facts may become known: every one when there are at most `limit`, else `limit` random
 * ones, the same each time. Each is a list of indexes into `steps`; the order as written is not among them.
 */
export function otherOrders(steps: readonly Movable[], limit: number): number[][] {
  const blocks = blocksOf(steps);
  const written = steps.map((_, index) => index).join();
  const count = blocks.reduce((product, block) => product * ordersOf(block), 1);
  if (count - 1 <= limit) {
    const all = blocks.reduce<number[][]>(
      (orders, block) => {
        const ends = everyOrder(block);
        return orders.flatMap((order) => ends.map((end) => [...order, ...end]));
      },
      [[]],
    );
    return all.filter((order) => order.join() !== written);
  }
  const random = generator(steps.length);
  const found = new Map<string, number[]>();
  while (found.size < limit) {
    const order = blocks.flatMap((block) => randomOrder(block, random));
    if (order.join() !== written) found.set(order.join(), order);
  }
  return [...found.values()];
}

/** Of each block the records' steps, as lists of indexes in their order. */
type Block = number[][];

function blocksOf(steps: readonly Movable[]): Block[] {
  const blocks = new Map<number, Map<string, number[]>>();
  steps.forEach(({ block, record }, index) => {
    const records = blocks.get(block) ?? new Map<string, number[]>();
    blocks.set(block, records.set(record, [...(records.get(record) ?? []), index]));
  });
  return [...blocks.values()].map((records) => [...records.values()]);
}

/** A multinomial coefficient, built up as products of binomials; a number too large to be exact is large enough. */
function ordersOf(block: Block): number {
  let [count, placed] = [1, 0];
  for (const steps of block) {
    for (let i = 1; i <= steps.length; i += 1) {
      placed += 1;
      count = (count * placed) / i;
    }
  }
  return count;
}

function everyOrder(block: Block): number[][] {
  const waiting = block.filter((steps) => steps.length > 0);
  if (waiting.length === 0) return [[]];
  return waiting.flatMap((next) =>
    everyOrder(waiting.map((steps) => (steps === next ? steps.slice(1) : steps))).map((rest) => [next[0]!, ...rest]),
  );
}

/** Each order with the same chance: the next step is drawn among all that remain, and belongs to the record that it fell on. */
function randomOrder(block: Block, random: () => number): number[] {
  const waiting = block.map((steps) => [...steps]);
  const order: number[] = [];
  for (let left = waiting.reduce((sum, steps) => sum + steps.length, 0); left > 0; left -= 1) {
    let drawn = Math.floor(random() * left);
    const record = waiting.find((steps) => (drawn -= steps.length) < 0)!;
    order.push(record.shift()!);
  }
  return order;
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
