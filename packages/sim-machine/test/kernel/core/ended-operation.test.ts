import { describe, expect, it } from 'vitest';
import { endedOperation } from '../../../src/kernel/ended-operation.js';
import type { Operation } from '../../../src/kernel/operation.js';

describe('an operation that has ended', () => {
  it('has its result without a yield, for any number of callers', () => {
    const ended = endedOperation(7);
    function* sum(): Operation<number> {
      return (yield* ended) + (yield* ended);
    }
    expect(sum().next()).toEqual({ done: true, value: 14 });
  });

  it('is closed as a generator is', () => {
    const ended: Operation<number> = endedOperation(7);
    expect(ended.return(8)).toEqual({ done: true, value: 8 });
    expect(() => ended.throw(new RangeError('expected'))).toThrow(RangeError);
    expect(ended.next()).toEqual({ done: true, value: 7 });
  });
});
