import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockHeap } from '../../src/director/clock-heap.js';

const CPUS = 9;

const operation = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), cpu: fc.nat(CPUS - 1), key: fc.nat(20) }),
  fc.record({ kind: fc.constant('advance' as const), by: fc.nat(10) }),
  fc.record({ kind: fc.constant('remove' as const) }),
);

describe('ClockHeap', () => {
  it('has the CPU on top that a sorted list has in front, for any history', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
        const heap = new ClockHeap(CPUS);
        const oracle = new Map<number, number>();
        const sorted = (): [number, number][] =>
          [...oracle].sort((a, b) => a[1] - b[1] || a[0] - b[0]);
        for (const step of operations) {
          const [top] = sorted();
          if (step.kind === 'add') {
            if (oracle.has(step.cpu)) continue;
            heap.add(step.cpu, step.key);
            oracle.set(step.cpu, step.key);
          } else if (top !== undefined && step.kind === 'advance') {
            heap.advanceTop(top[1] + step.by);
            oracle.set(top[0], top[1] + step.by);
          } else if (top !== undefined) {
            heap.removeTop();
            oracle.delete(top[0]);
          }
          const [first, second] = sorted();
          expect(heap.size).toBe(oracle.size);
          expect(heap.top()).toBe(first?.[0] ?? -1);
          expect(heap.secondKey()).toBe(second?.[1] ?? Infinity);
          for (let cpu = 0; cpu < CPUS; cpu++) expect(heap.has(cpu)).toBe(oracle.has(cpu));
        }
      }),
      { numRuns: 200 },
    );
  });
});
