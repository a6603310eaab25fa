import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { StateArena } from '../../../src/base/state-arena.js';
import { SignalActions } from '../../../src/kernel/signal/signal-action.js';
import type { SignalAction } from '../../../src/kernel/signal/signal-action.js';

function fingerprintOf(arena: StateArena): { low: number; high: number } {
  const into = { low: 0, high: 0 };
  arena.fingerprint(into);
  return into;
}

const action: fc.Arbitrary<SignalAction> = fc.record({
  handler: fc.integer({ min: 0, max: 5000 }),
  flags: fc.integer(),
  maskLow: fc.integer(),
  maskHigh: fc.integer(),
});
const settings = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 64 }), action),
);

describe('signal actions', () => {
  it('have one fingerprint, however they came to be', () => {
    fc.assert(
      fc.property(settings, settings, (detour, goal) => {
        const straight = new StateArena();
        const direct = new SignalActions(straight, 3);
        for (const [process, signal, value] of goal) direct.set(process, signal, value);
        const roundabout = new StateArena();
        const indirect = new SignalActions(roundabout, 3);
        for (const [process, signal, value] of detour) indirect.set(process, signal, value);
        for (let process = 0; process < 3; process++) indirect.clear(process);
        for (const [process, signal, value] of goal) indirect.set(process, signal, value);
        expect(fingerprintOf(roundabout)).toEqual(fingerprintOf(straight));
      }),
    );
  });

  it('differ in the fingerprint when one action differs', () => {
    const arena = new StateArena();
    const actions = new SignalActions(arena, 1);
    const before = fingerprintOf(arena);
    actions.set(0, 10, { handler: 1, flags: 0, maskLow: 0, maskHigh: 0 });
    expect(fingerprintOf(arena)).not.toEqual(before);
  });

  it('keep SIGKILL and SIGSTOP out of masks', () => {
    const actions = new SignalActions(new StateArena(), 1);
    const read: SignalAction = { handler: 0, flags: 0, maskLow: 0, maskHigh: 0 };
    actions.set(0, 10, { handler: 4096, flags: 0, maskLow: -1, maskHigh: -1 });
    actions.get(0, 10, read);
    expect(read.maskLow).toBe(~((1 << 8) | (1 << 18)));
    expect(read.maskHigh).toBe(-1);
  });

  it('after exec ignore what they ignored, and are the default otherwise', () => {
    const actions = new SignalActions(new StateArena(), 1);
    actions.set(0, 10, { handler: 4096, flags: 4, maskLow: 1, maskHigh: 0 });
    actions.set(0, 12, { handler: 1, flags: 4, maskLow: 1, maskHigh: 0 });
    actions.exec(0);
    expect([actions.handler(0, 10), actions.flags(0, 10)]).toEqual([0, 0]);
    expect([actions.handler(0, 12), actions.flags(0, 12)]).toEqual([1, 0]);
  });
});
