import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateArena } from '../../../src/base/state-arena.js';
import { TimerHeap } from '../../../src/kernel/time/timer-heap.js';

const TIMERS = 12;

interface Armed {
  readonly timer: number;
  cpu: number;
  readonly expiry: number;
}

const operation = fc.oneof(
  fc.record({
    kind: fc.constant('arm' as const),
    timer: fc.nat(TIMERS - 1),
    cpu: fc.nat(2),
    expiry: fc.nat(5),
  }),
  fc.record({ kind: fc.constant('cancel' as const), timer: fc.nat(TIMERS - 1) }),
  fc.record({ kind: fc.constant('move' as const), from: fc.nat(2), to: fc.nat(2) }),
);

describe('TimerHeap', () => {
  it('has the timer first that a list sorted by expiry and arming has, for any history', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
        const heap = new TimerHeap(new StateArena(), 'timer', TIMERS);
        let oracle: Armed[] = [];
        for (const step of operations) {
          if (step.kind === 'arm') {
            if (heap.isArmed(step.timer)) continue;
            heap.arm(step.timer, step.cpu, step.expiry);
            oracle.push({ ...step });
          } else if (step.kind === 'cancel') {
            heap.cancel(step.timer);
            oracle = oracle.filter(({ timer }) => timer !== step.timer);
          } else {
            heap.move(step.from, step.to);
            for (const armed of oracle) if (armed.cpu === step.from) armed.cpu = step.to;
          }
          const first = [...oracle].sort((a, b) => a.expiry - b.expiry)[0];
          expect(heap.earliest()).toBe(first?.timer ?? -1);
          expect(heap.size).toBe(oracle.length);
          for (const { timer, cpu, expiry } of oracle) {
            expect(heap.isArmed(timer)).toBe(true);
            expect(heap.cpuOf(timer)).toBe(cpu);
            expect(heap.expiryCycles(timer)).toBe(expiry);
          }
          const members = Array.from({ length: heap.size }, (_, index) => heap.at(index));
          expect(members.sort()).toEqual(oracle.map(({ timer }) => timer).sort());
        }
      }),
      { numRuns: 300 },
    );
  });

  it('refuses to arm a timer twice', () => {
    const heap = new TimerHeap(new StateArena(), 'timer', 1);
    heap.arm(0, 0, 5);
    expect(() => heap.arm(0, 0, 6)).toThrow('armed twice');
  });

  it('keeps armed timers apart in the fingerprint, and not when they expire', () => {
    const fingerprint = (...timers: readonly (readonly [number, number])[]) => {
      const arena = new StateArena();
      const heap = new TimerHeap(arena, 'timer', TIMERS);
      for (const [timer, expiry] of timers) heap.arm(timer, 0, expiry);
      const into = { low: 0, high: 0 };
      arena.fingerprint(into);
      return into;
    };
    expect(fingerprint([1, 5], [2, 6])).toEqual(fingerprint([1, 9], [2, 3]));
    expect(fingerprint([1, 5])).not.toEqual(fingerprint([2, 5]));
  });
});
