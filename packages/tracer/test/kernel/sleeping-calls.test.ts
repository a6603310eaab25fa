import { SyscallNumber } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { SleepingCalls } from '../../src/kernel/sleeping-calls.js';

const THREAD = 3;
const { futex, nanosleep } = SyscallNumber;

describe('the calls that threads sleep in', () => {
  it('end once, however often their thread has the CPU afterwards', () => {
    const calls = new SleepingCalls();
    calls.entered(THREAD, nanosleep);
    expect(calls.resumed(THREAD)).toBeUndefined();
    calls.blocked(THREAD);
    expect(calls.resumed(THREAD)).toBe(nanosleep);
    expect(calls.resumed(THREAD)).toBeUndefined();
    calls.blocked(THREAD);
    expect(calls.resumed(THREAD)).toBeUndefined();
    calls.entered(THREAD, futex);
    calls.blocked(THREAD);
    expect(calls.resumed(THREAD)).toBe(futex);
  });

  it('are none of those that have ended, and of no other thread', () => {
    const calls = new SleepingCalls();
    calls.entered(THREAD, futex);
    calls.ended(THREAD);
    calls.blocked(THREAD);
    expect(calls.resumed(THREAD)).toBeUndefined();
    calls.entered(THREAD, futex);
    calls.blocked(THREAD);
    expect(calls.resumed(THREAD + 1)).toBeUndefined();
    expect(calls.resumed(THREAD)).toBe(futex);
  });
});
