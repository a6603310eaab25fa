import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { RandomDirector } from '../../../src/director/random-director.js';
import { pause, sigaction } from '../../../src/kernel/libc/signals.js';
import {
  clockGettime,
  nanosleepRemaining,
  timerCreate,
  timerDelete,
  timerGettime,
  timerSettime,
} from '../../../src/kernel/libc/time.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { ClockId } from '../../../src/kernel/time/clock-id.js';
import { Laboratory } from '../program-fixture.js';

const { SIGALRM, SIGRTMIN } = SignalNumber;

describe('a timer of a program', () => {
  it('runs a handler when its time has come, with its value', () => {
    const lab = new Laboratory({ cpus: 2 });
    const seen: number[] = [];
    const [late, result] = lab.run(function* main(t) {
      yield* sigaction(t, SIGRTMIN, function* handler(_h, _signal, info) {
        seen.push(info.signal, info.value);
      });
      const id = yield* timerCreate(t, ClockId.Monotonic, SIGRTMIN, 42);
      const due = (yield* clockGettime(t, ClockId.Monotonic)) + 50_000;
      yield* timerSettime(t, id, { expiryNs: due, absolute: true });
      const paused = yield* pause(t);
      return [(yield* clockGettime(t, ClockId.Monotonic)) - due, paused] as const;
    });
    expect(seen).toEqual([SIGRTMIN, 42]);
    expect(result).toBe(-Errno.EINTR);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(1000);
  });

  it('ticks until it is deleted', () => {
    const lab = new Laboratory({ cpus: 1 });
    const times: number[] = [];
    lab.run(function* main(t) {
      yield* sigaction(t, SIGALRM, function* handler(h) {
        times.push(yield* clockGettime(h, ClockId.Monotonic));
      });
      const id = yield* timerCreate(t, ClockId.Monotonic, SIGALRM);
      yield* timerSettime(t, id, { expiryNs: 10_000, intervalNs: 30_000 });
      for (let n = 0; n < 4; n++) yield* pause(t);
      expect(yield* timerGettime(t, id)).toBeGreaterThan(20_000);
      expect(yield* timerDelete(t, id)).toBe(0);
      expect(yield* timerDelete(t, id)).toBe(-Errno.EINVAL);
    });
    expect(times).toHaveLength(4);
    for (const [n, at] of times.slice(1).entries()) {
      expect(at - times[n]!).toBeGreaterThan(29_000);
      expect(at - times[n]!).toBeLessThan(31_000);
    }
  });

  it('interrupts a sleep, which tells what was left', () => {
    const lab = new Laboratory({ cpus: 1 });
    const { result, remainingNs } = lab.run(function* main(t) {
      yield* sigaction(t, SIGALRM, function* handler(h) {
        yield* h.fence();
      });
      const id = yield* timerCreate(t, ClockId.Monotonic, SIGALRM);
      yield* timerSettime(t, id, { expiryNs: 1_000_000 });
      return yield* nanosleepRemaining(t, 5_000_000);
    });
    expect(result).toBe(-Errno.EINTR);
    expect(remainingNs).toBeGreaterThan(4_000_000);
    expect(remainingNs).toBeLessThan(4_000_100);
  });

  it('may expire anywhere in a program under a free director', () => {
    const places = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const lab = new Laboratory({ cpus: 1 }, new RandomDirector({ seed }));
      const progress = lab.word();
      lab.run(function* main(t) {
        yield* sigaction(t, SIGALRM, function* handler(h) {
          places.add(yield* h.load(progress));
        });
        const id = yield* timerCreate(t, ClockId.Monotonic, SIGALRM);
        yield* timerSettime(t, id, { expiryNs: 1_000_000_000 });
        for (let n = 1; n < 4; n++) yield* t.store(progress, n);
        yield* timerDelete(t, id);
      });
    }
    expect([...places].sort()).toEqual([0, 1, 2, 3]);
  });
});
