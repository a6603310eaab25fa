import { expect } from 'vitest';
import { fork, waitpid } from '../../../src/kernel/libc/processes.js';
import { getRegisters, traceMe } from '../../../src/kernel/libc/ptrace.js';
import type { TracedRegisters } from '../../../src/kernel/libc/ptrace.js';
import { raise } from '../../../src/kernel/libc/signals.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import type { Thread, ThreadBody } from '../../../src/kernel/thread.js';
import { Laboratory } from '../program-fixture.js';

const { SIGSTOP } = SignalNumber;
export const STOPPED = { kind: 'stopped', event: 0 } as const;

export function laboratory(cpus = 2): Laboratory {
  return Laboratory.timed({ cpus }, { quantumCycles: 20 });
}

export function* spin(t: Thread, times: number): Operation<void> {
  for (let i = 0; i < times; i++) yield* t.load(t.stackPointer - 64);
}

/** A child that has itself traced and stops, and the tracer that found it stopped. */
export function* tracedChild(t: Thread, body: ThreadBody): Operation<number> {
  const child = yield* fork(t, function* traced(c) {
    expect(yield* traceMe(c)).toBe(0);
    yield* raise(c, SIGSTOP);
    yield* body(c);
  });
  expect((yield* waitpid(t, child)).status).toEqual({ ...STOPPED, signal: SIGSTOP });
  return child;
}

export function* registersOf(t: Thread, tid: number): Operation<TracedRegisters> {
  const registers = yield* getRegisters(t, tid);
  if (typeof registers === 'number') throw new Error(`expected registers, got ${registers}`);
  return registers;
}
