import { describe, expect, it } from 'vitest';
import { isLinearizable, isSequential, sequence } from './linearizability.js';
import type { Call, Done } from './linearizability.js';

function call(name: string, argument: number, result: number, from: number, to: number): Call {
  return { name, argument, result, from, to };
}

describe('the check of linearizability', () => {
  it('accepts overlapping operations in either order', () => {
    for (const result of [0, 7])
      expect(
        isLinearizable(
          [call('put', 7, 0, 0, 3), call('take', 0, result, 1, 2)],
          sequence('oldest'),
        ),
      ).toBe(true);
  });

  it('refuses a take that finds nothing after a put has ended', () => {
    expect(
      isLinearizable([call('put', 7, 0, 0, 1), call('take', 0, 0, 2, 3)], sequence('oldest')),
    ).toBe(false);
  });

  it('tells a queue from a stack', () => {
    const calls = [
      call('put', 1, 0, 0, 1),
      call('put', 2, 1, 2, 3),
      call('take', 0, 1, 4, 5),
      call('take', 0, 2, 6, 7),
    ];
    expect(isLinearizable(calls, sequence('oldest'))).toBe(true);
    expect(isLinearizable(calls, sequence('newest'))).toBe(false);
  });

  it('refuses something that is taken twice', () => {
    const calls = [call('put', 1, 0, 0, 1), call('take', 0, 1, 2, 5), call('take', 0, 1, 3, 4)];
    expect(isLinearizable(calls, sequence('oldest'))).toBe(false);
  });
});

describe('the check of sequential consistency', () => {
  const put = (argument: number): Done => ({ name: 'put', argument, result: 0 });
  const take = (result: number): Done => ({ name: 'take', argument: 0, result });

  it('accepts operations of different threads in either order', () => {
    for (const result of [0, 7])
      expect(
        isSequential(
          { before: [], threads: [[put(7)], [take(result)]], behind: [take(7 - result)] },
          sequence('oldest', false),
        ),
      ).toBe(true);
  });

  it('refuses what no order of each thread has', () => {
    const threads = [
      [put(1), put(2)],
      [take(2), take(1)],
    ];
    expect(isSequential({ before: [], threads, behind: [] }, sequence('oldest', false))).toBe(
      false,
    );
    expect(isSequential({ before: [], threads, behind: [] }, sequence('newest', false))).toBe(true);
  });

  it('refuses what is lost in the end', () => {
    const done = { before: [put(1)], threads: [[put(2)]], behind: [take(1), take(0)] };
    expect(isSequential(done, sequence('oldest', false))).toBe(false);
  });
});
