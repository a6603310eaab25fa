import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkedCpus } from '../../../src/kernel/marked-cpus.js';

describe('MarkedCpus', () => {
  it('gives out every marked CPU once, the last one first, then -1', () => {
    const marked = new MarkedCpus(4);
    marked.mark(2);
    marked.mark(0);
    marked.mark(2);
    expect([marked.take(), marked.take(), marked.take()]).toEqual([0, 2, -1]);
  });

  it('takes a CPU again once it was given out', () => {
    const marked = new MarkedCpus(2);
    marked.mark(1);
    marked.take();
    marked.mark(1);
    expect(marked.take()).toBe(1);
  });

  it('forgets all at reset', () => {
    const marked = new MarkedCpus(2);
    marked.mark(0);
    marked.mark(1);
    marked.reset();
    expect(marked.take()).toBe(-1);
    marked.mark(0);
    expect(marked.take()).toBe(0);
  });

  it('is a stack without repetitions, whatever is done with it', () => {
    const operation = fc.oneof(fc.nat(7), fc.constant('take' as const));
    fc.assert(
      fc.property(fc.array(operation), (operations) => {
        const marked = new MarkedCpus(8);
        const model: number[] = [];
        for (const what of operations)
          if (what === 'take') expect(marked.take()).toBe(model.pop() ?? -1);
          else {
            marked.mark(what);
            if (!model.includes(what)) model.push(what);
          }
      }),
    );
  });
});
