import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoherenceOrder } from '../../src/search/coherence-order.js';

const WRITE = fc.record({
  location: fc.integer({ min: 1, max: 3 }),
  value: fc.integer({ min: 0, max: 2 }),
  thread: fc.integer({ min: 0, max: 2 }),
});
interface Write {
  location: number;
  value: number;
  thread: number;
}

const idOf = (thread: number, position: number): number => 1000 * (thread + 1) + position;

function orderOf(writes: readonly (Write & { position: number })[]): CoherenceOrder {
  const order = new CoherenceOrder();
  for (const { location, value, thread, position } of writes)
    order.written(location, idOf(thread, position), value, thread, position);
  return order;
}

describe('the coherence order', () => {
  it('tells in which order two threads wrote a word, and not in which they wrote different ones', () => {
    const one = { location: 1, value: 0, thread: 0, position: 1 };
    const same = { location: 1, value: 0, thread: 1, position: 1 };
    const other = { ...same, location: 2 };
    expect(orderOf([one, same]).low).not.toBe(orderOf([same, one]).low);
    expect(orderOf([one, other]).low).toBe(orderOf([other, one]).low);
  });

  it('is, with writes taken back, what it were if these had never been', () => {
    fc.assert(
      fc.property(
        fc.array(WRITE, { maxLength: 12 }),
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 0, max: 12 }),
        (writes, thread, after) => {
          const placed = writes.map((write, position) => ({ ...write, position }));
          const order = orderOf(placed);
          order.takeBack(thread, after);
          const never = orderOf(
            placed.filter((write) => write.thread !== thread || write.position <= after),
          );
          expect([order.low, order.high]).toEqual([never.low, never.high]);
          for (const location of [1, 2, 3])
            for (const value of [0, 1, 2])
              expect(order.seen(location, value)).toBe(never.seen(location, value));
        },
      ),
    );
  });

  it('shows a load the last write, or the value where something else left that', () => {
    const order = orderOf([{ location: 1, value: 5, thread: 0, position: 1 }]);
    expect(order.seen(1, 5)).toBe(idOf(0, 1));
    expect(order.seen(1, 6)).not.toBe(idOf(0, 1));
    order.writtenByKernel(1, 5);
    expect(order.seen(1, 5)).not.toBe(idOf(0, 1));
  });
});
