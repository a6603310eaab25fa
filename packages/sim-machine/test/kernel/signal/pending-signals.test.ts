import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { StateArena } from '../../../src/base/state-arena.js';
import { PendingSignals } from '../../../src/kernel/signal/pending-signals.js';
import type { SignalRecord } from '../../../src/kernel/signal/signal-info.js';
import { SignalQueue } from '../../../src/kernel/signal/signal-queue.js';

const CAPACITY = 6;
const OWNERS = 3;
const SYNCHRONOUS = [4, 5, 7, 8, 11, 31];

/** Pending signals as lists of instances; `count` says how many the shared queue still takes. */
class Oracle {
  readonly #queues: SignalRecord[][] = Array.from({ length: OWNERS }, () => []);
  readonly #unqueued: Set<number>[] = Array.from({ length: OWNERS }, () => new Set());

  add(owner: number, record: SignalRecord): boolean {
    const isPending = this.has(owner, record.signal);
    if (record.signal < 32 && isPending) return true;
    if (this.#queues.flat().length < CAPACITY) {
      this.#queues[owner]!.push({ ...record });
      return true;
    }
    this.#unqueued[owner]!.add(record.signal);
    return record.signal < 32;
  }

  has(owner: number, signal: number): boolean {
    return (
      this.#unqueued[owner]!.has(signal) || this.#queues[owner]!.some((r) => r.signal === signal)
    );
  }

  take(owner: number, blocked: readonly number[]): SignalRecord | undefined {
    const open = Array.from({ length: 64 }, (_, i) => i + 1).filter(
      (signal) => this.has(owner, signal) && !blocked.includes(signal),
    );
    const signal = open.find((s) => SYNCHRONOUS.includes(s)) ?? open[0];
    if (signal === undefined) return undefined;
    const queue = this.#queues[owner]!;
    const index = queue.findIndex((r) => r.signal === signal);
    const found = index < 0 ? { signal, code: 0, origin: 0, value: 0 } : queue.splice(index, 1)[0]!;
    if (!queue.some((r) => r.signal === signal)) this.#unqueued[owner]!.delete(signal);
    return found;
  }
}

type Action =
  | {
      readonly kind: 'add';
      readonly owner: number;
      readonly signal: number;
      readonly value: number;
    }
  | { readonly kind: 'take'; readonly owner: number; readonly blocked: readonly number[] };

const owner = fc.integer({ min: 0, max: OWNERS - 1 });
const signal = fc.constantFrom(1, 9, 10, 11, 5, 31, 32, 34, 64);
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('add' as const), owner, signal, value: fc.integer() }),
    fc.record({ kind: fc.constant('take' as const), owner, blocked: fc.uniqueArray(signal) }),
  ),
  { maxLength: 60 },
);

function pendingSignals(): { pending: PendingSignals; arena: StateArena } {
  const arena = new StateArena();
  const low = arena.column('low', OWNERS, 'semantic');
  const high = arena.column('high', OWNERS, 'semantic');
  return { pending: new PendingSignals(low, high, new SignalQueue(arena, CAPACITY), 0), arena };
}

describe('pending signals', () => {
  it('are taken as from lists of instances', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const { pending } = pendingSignals();
        const oracle = new Oracle();
        for (const action of list)
          if (action.kind === 'add') {
            const { signal: number, value } = action;
            const record = { signal: number, code: 0, origin: 7, value };
            expect(pending.add(action.owner, record)).toBe(oracle.add(action.owner, record));
          } else {
            const record: SignalRecord = { signal: 0, code: 0, origin: 0, value: 0 };
            let low = 0;
            let high = 0;
            for (const s of action.blocked)
              if (s <= 32) low |= 1 << (s - 1);
              else high |= 1 << (s - 33);
            const isTaken = pending.take(action.owner, low, high, record);
            const expected = oracle.take(action.owner, action.blocked);
            expect(isTaken ? record : undefined).toEqual(expected);
          }
      }),
    );
  });

  it('leave no trace in the fingerprint once all are taken or flushed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(owner, signal)), (list) => {
        const { pending, arena } = pendingSignals();
        const before = { low: 0, high: 0 };
        const after = { low: 0, high: 0 };
        arena.fingerprint(before);
        for (const [id, number] of list)
          pending.add(id, { signal: number, code: 1, origin: 2, value: 3 });
        for (let id = 0; id < OWNERS; id++) pending.flushAll(id);
        arena.fingerprint(after);
        expect(after).toEqual(before);
      }),
    );
  });

  it('caused by an instruction come first, the oldest of them before lower numbers', () => {
    const { pending } = pendingSignals();
    const record: SignalRecord = { signal: 0, code: 0, origin: 0, value: 0 };
    pending.add(0, { signal: 1, code: 0, origin: 0, value: 0 });
    pending.add(0, { signal: 11, code: 1, origin: 0, value: 0 });
    pending.add(0, { signal: 5, code: 1, origin: 0, value: 0 });
    expect(pending.takeSynchronous(0, 0, record)).toBe(true);
    expect(record.signal).toBe(11);
    expect(pending.takeSynchronous(0, 1 << 4, record)).toBe(false);
    expect(pending.takeSynchronous(0, 0, record)).toBe(true);
    expect(record.signal).toBe(5);
  });
});
