import { describe, expect, it } from '@jest/globals';
import { otherOrders } from './orders.rules.js';

const steps = (text: string) => text.split(' ').map((step) => ({ block: Number(step[0]), record: step.slice(1) }));

describe('the other orders of the facts of an instant', () => {
  it('are every one that keeps the order of each record’s own', () => {
    expect(otherOrders(steps('1a 1a 1b'), 200)).toEqual([
      [0, 2, 1],
      [2, 0, 1],
    ]);
  });

  it('never cross into another instant', () => {
    expect(otherOrders(steps('1a 1b 2a 2b'), 200)).toEqual([
      [0, 1, 3, 2],
      [1, 0, 2, 3],
      [1, 0, 3, 2],
    ]);
    expect(otherOrders(steps('1a 2b 3c'), 200)).toEqual([]);
  });

  it('are at most 200 different random ones, the same each time', () => {
    const many = steps('1a 1b 1c 1d 1e 1f 1f 1g');
    const orders = otherOrders(many, 200);
    expect(new Set(orders.map(String)).size).toBe(200);
    expect(orders.every((order) => order.indexOf(5) < order.indexOf(6))).toBe(true);
    expect(orders.map(String)).not.toContain('0,1,2,3,4,5,6,7');
    expect(otherOrders(many, 200)).toEqual(orders);
  });

  it('are all run if there are at most 200', () => {
    expect(otherOrders(steps('1a 1b 1c 1d 1e'), 200)).toHaveLength(119);
  });
});
