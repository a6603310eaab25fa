import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { encodeWakeOperation } from '../../../src/kernel/futex/wake-operation.js';
import {
  futexRequeue,
  futexWait,
  futexWaitBitset,
  futexWaitFor,
  futexWake,
  futexWakeBitset,
  futexWakeOperation,
} from '../../../src/kernel/libc/futex.js';
import { clockGettime, nanosleep } from '../../../src/kernel/libc/time.js';
import { ClockId } from '../../../src/kernel/time/clock-id.js';
import { Laboratory } from '../program-fixture.js';

/** Starts threads that wait on a word one after the other, and notes in which order they wake. */
function waiters(lab: Laboratory, word: number, count: number, woken: number[]): void {
  for (let n = 0; n < count; n++)
    lab.spawn(function* waiter(t) {
      yield* nanosleep(t, 1000 * (n + 1));
      expect(yield* futexWait(t, word, 0)).toBe(0);
      woken.push(n);
    });
}

describe('FUTEX_WAKE', () => {
  it('wakes the longest waiting first, and as many as asked', () => {
    const lab = new Laboratory({ cpus: 2 });
    const word = lab.word();
    const woken: number[] = [];
    waiters(lab, word, 5, woken);
    lab.spawn(function* waker(t) {
      yield* nanosleep(t, 20_000);
      expect(yield* futexWake(t, word, 1)).toBe(1);
      yield* nanosleep(t, 5000);
      expect(woken).toEqual([0]);
      expect(yield* futexWake(t, word, 2)).toBe(2);
      yield* nanosleep(t, 5000);
      expect([...woken].sort()).toEqual([0, 1, 2]);
      expect(yield* futexWake(t, word, 100)).toBe(2);
    });
    lab.finish();
    expect(woken).toHaveLength(5);
  });

  it.each([0, -1])('wakes one waiter when asked for %i', (count) => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word();
    const woken: number[] = [];
    waiters(lab, word, 2, woken);
    lab.spawn(function* waker(t) {
      yield* nanosleep(t, 20_000);
      expect(yield* futexWake(t, word, count)).toBe(1);
      expect(yield* futexWake(t, word, 100)).toBe(1);
    });
    lab.finish();
  });

  it('wakes a waiter of higher real-time priority before one that waits longer', () => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word();
    const woken: string[] = [];
    for (const [name, priority, ns] of [
      ['normal', 0, 1000],
      ['low', 5, 2000],
      ['high', 50, 3000],
    ] as const)
      lab.spawn(
        function* waiter(t) {
          yield* nanosleep(t, ns);
          yield* futexWait(t, word, 0);
          woken.push(name);
        },
        priority === 0 ? {} : { realTime: { policy: 'fifo', priority } },
      );
    lab.spawn(function* waker(t) {
      yield* nanosleep(t, 20_000);
      for (let n = 0; n < 3; n++) {
        yield* futexWake(t, word, 1);
        yield* nanosleep(t, 5000);
      }
    });
    lab.finish();
    expect(woken).toEqual(['high', 'low', 'normal']);
  });

  it('does not wake waiters of another word', () => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word();
    const other = lab.word();
    const woken: number[] = [];
    waiters(lab, word, 1, woken);
    lab.spawn(function* waker(t) {
      yield* nanosleep(t, 20_000);
      expect(yield* futexWake(t, other, 1)).toBe(0);
      expect(yield* futexWake(t, word, 1)).toBe(1);
    });
    lab.finish();
  });

  it('does not find a private waiter by a shared wake-up in an object', () => {
    const lab = new Laboratory({ cpus: 1 });
    const flags = 0x21;
    const results = lab.run(function* main(t) {
      const shared = yield* t.syscall(9, 0, 4096, 3, flags, -1, 0);
      lab.spawn(function* waiter(w) {
        yield* futexWait(w, shared, 0, 128);
      });
      yield* nanosleep(t, 10_000);
      const missed = yield* futexWake(t, shared, 1, 0);
      const found = yield* futexWake(t, shared, 1, 128);
      return [missed, found];
    });
    expect(results).toEqual([0, 1]);
  });
});

describe('FUTEX_WAIT_BITSET and FUTEX_WAKE_BITSET', () => {
  it('meet only where they name a common bit', () => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word();
    const woken: number[] = [];
    for (const bitset of [1, 2, 4])
      lab.spawn(function* waiter(t) {
        yield* futexWaitBitset(t, word, 0, { bitset });
        woken.push(bitset);
      });
    lab.spawn(function* waker(t) {
      yield* nanosleep(t, 10_000);
      expect(yield* futexWakeBitset(t, word, 10, 8)).toBe(0);
      expect(yield* futexWakeBitset(t, word, 10, 6)).toBe(2);
      yield* nanosleep(t, 10_000);
      expect([...woken].sort()).toEqual([2, 4]);
      expect(yield* futexWake(t, word, 10)).toBe(1);
    });
    lab.finish();
  });

  it.each([
    ['CLOCK_MONOTONIC', false, ClockId.Monotonic],
    ['CLOCK_REALTIME', true, ClockId.Realtime],
  ] as const)('stop at a time on %s', (_name, realtime, clock) => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word();
    const [result, now, until] = lab.run(function* main(t) {
      const untilNs = (yield* clockGettime(t, clock)) + 40_000;
      const ended = yield* futexWaitBitset(t, word, 0, { bitset: 1, untilNs, realtime });
      return [ended, yield* clockGettime(t, clock), untilNs] as const;
    });
    expect(result).toBe(-Errno.ETIMEDOUT);
    expect(now).toBeGreaterThanOrEqual(until);
    expect(now).toBeLessThan(until + 1000);
  });
});

describe('FUTEX_WAIT with a timeout', () => {
  it('returns 0 when woken before, and the timer is gone', () => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word();
    const results: number[] = [];
    lab.spawn(function* waiter(t) {
      results.push(yield* futexWaitFor(t, word, 0, 1_000_000));
      results.push(yield* futexWait(t, word, 0));
    });
    lab.spawn(function* waker(t) {
      yield* nanosleep(t, 10_000);
      yield* futexWake(t, word, 1);
      yield* nanosleep(t, 5_000_000);
      yield* futexWake(t, word, 1);
    });
    lab.finish();
    expect(results).toEqual([0, 0]);
  });
});

describe('FUTEX_CMP_REQUEUE', () => {
  it('wakes some, moves some, leaves the rest, and counts the first two', () => {
    const lab = new Laboratory({ cpus: 2 });
    const word = lab.word();
    const target = lab.word();
    const woken: number[] = [];
    waiters(lab, word, 5, woken);
    lab.spawn(function* waker(t) {
      yield* nanosleep(t, 20_000);
      const options = { wake: 1, move: 2, expected: 0 };
      expect(yield* futexRequeue(t, word, target, options)).toBe(3);
      yield* nanosleep(t, 10_000);
      expect(woken).toEqual([0]);
      expect(yield* futexWake(t, target, 10)).toBe(2);
      yield* nanosleep(t, 10_000);
      expect([...woken].sort()).toEqual([0, 1, 2]);
      expect(yield* futexWake(t, word, 10)).toBe(2);
    });
    lab.finish();
  });

  it('counts waiters that are moved to where they are', () => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word();
    waiters(lab, word, 3, []);
    lab.spawn(function* waker(t) {
      yield* nanosleep(t, 20_000);
      expect(yield* futexRequeue(t, word, word, { wake: 0, move: 2 })).toBe(2);
      expect(yield* futexWake(t, word, 10)).toBe(3);
    });
    lab.finish();
  });
});

describe('FUTEX_WAKE_OP', () => {
  it.each([
    ['wakes waiters of the second word when the comparison holds', 3, 2],
    ['leaves waiters of the second word when it does not', 4, 1],
  ] as const)('%s', (_name, compared, count) => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word();
    const second = lab.word(3);
    lab.spawn(function* first(t) {
      yield* futexWait(t, word, 0);
    });
    lab.spawn(function* other(t) {
      yield* futexWait(t, second, 3);
    });
    lab.spawn(function* waker(t) {
      yield* nanosleep(t, 10_000);
      const encoded = encodeWakeOperation('add', 10, 'eq', compared);
      expect(yield* futexWakeOperation(t, word, 1, second, 1, encoded)).toBe(count);
      yield* futexWake(t, second, 1);
    });
    lab.finish();
    expect(lab.process.read32(second)).toBe(13);
  });
});
