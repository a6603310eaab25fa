import { beforeEach, describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { StateArena } from '../../../src/base/state-arena.js';
import { CpuTable } from '../../../src/cpu/cpu-table.js';
import { ThreadState } from '../../../src/kernel/thread-state.js';
import { ThreadTable } from '../../../src/kernel/thread-table.js';
import { EPOCH_SECONDS } from '../../../src/kernel/time/clock-id.js';
import { KernelClock } from '../../../src/kernel/time/kernel-clock.js';
import { KernelTimers } from '../../../src/kernel/time/kernel-timers.js';
import { PosixTimers } from '../../../src/kernel/time/posix-timers.js';
import { TimerHeap } from '../../../src/kernel/time/timer-heap.js';
import { FakeUserMemory } from '../fake-user-memory.js';

const TIMERS = 2;
const ID = 0x1000;
const EVENT = 0x2000;
const NEW = 0x3000;
const OLD = 0x4000;
const NOWHERE = 0x9000;
const MONOTONIC = 1;
const ABSOLUTE = 1;
const SIGALRM = 14;
const SIGUSR1 = 10;
/** Threads 0 and 1 are in process 0, thread 2 in process 1; their tids are 1000 on. */
const THREADS = 3;

let user: FakeUserMemory;
let cpus: CpuTable;
let kernelTimers: KernelTimers;
let timers: PosixTimers;
let sent: string[];

beforeEach(() => {
  const arena = new StateArena();
  user = new FakeUserMemory();
  cpus = new CpuTable(arena, [0, 1], () => 0);
  const threads = new ThreadTable(arena, THREADS, 2);
  threads.highWater = THREADS;
  for (let thread = 0; thread < THREADS; thread++) {
    threads.state[thread] = ThreadState.Runnable;
    threads.cpu[thread] = 0;
    threads.process[thread] = thread >> 1;
    threads.tid[thread] = 1000 + thread;
  }
  const clock = new KernelClock(cpus, 1);
  kernelTimers = new KernelTimers(
    new TimerHeap(arena, 'timer', THREADS + TIMERS),
    clock,
    () => undefined,
  );
  sent = [];
  const signals = {
    toProcess: (process: number, signal: number, value: number) => {
      sent.push(`process ${process}: signal ${signal}, value ${value}`);
    },
    toThread: (thread: number, signal: number, value: number) => {
      sent.push(`thread ${thread}: signal ${signal}, value ${value}`);
    },
  };
  const ports = { arena, threads, clock, timers: kernelTimers, user, signals };
  timers = new PosixTimers(ports, TIMERS);
  user.set(ID, -1);
  user.set(OLD, 0, 0, 0, 0);
});

function setting(expiry: readonly [number, number], interval: readonly [number, number] = [0, 0]) {
  user.set(NEW, ...interval, ...expiry);
}

/** Lets the earliest timer expire; its time in cycles, or -1 when none is armed. */
function expireNext(): number {
  const timer = kernelTimers.earliest();
  if (timer < 0) return -1;
  const due = kernelTimers.expiryCycles(timer);
  kernelTimers.expire(timer);
  return due;
}

describe('timer_create', () => {
  it.each([
    ['an unknown clock', 99, 0, ID, -Errno.EINVAL],
    ['a clock of CPU time', 3, 0, ID, -Errno.EINVAL],
    ['no event: SIGALRM', MONOTONIC, 0, ID, 0],
    ['an event nowhere', MONOTONIC, NOWHERE, ID, -Errno.EFAULT],
    ['an event nowhere before an unknown clock', 99, NOWHERE, ID, -Errno.EFAULT],
    ['an id nowhere', MONOTONIC, 0, NOWHERE, -Errno.EFAULT],
  ] as const)('with %s', (_name, clock, event, id, result) => {
    expect(timers.create(0, clock, event, id)).toBe(result);
  });

  it.each([
    ['SIGEV_SIGNAL', [0, SIGUSR1, 0, 0], 0],
    ['SIGEV_NONE', [0, 0, 1, 0], 0],
    ['SIGEV_THREAD', [0, SIGUSR1, 2, 0], 0],
    ['SIGEV_THREAD_ID of a sibling', [0, SIGUSR1, 4, 1001], 0],
    ['SIGEV_THREAD_ID of another process', [0, SIGUSR1, 4, 1002], -Errno.EINVAL],
    ['SIGEV_THREAD_ID of nobody', [0, SIGUSR1, 4, 7], -Errno.EINVAL],
    ['signal 0', [0, 0, 0, 0], -Errno.EINVAL],
    ['signal 65', [0, 65, 0, 0], -Errno.EINVAL],
    ['an unknown way', [0, SIGUSR1, 3, 0], -Errno.EINVAL],
  ] as const)('with %s', (_name, event, result) => {
    user.set(EVENT, ...event);
    expect(timers.create(0, MONOTONIC, EVENT, ID)).toBe(result);
  });

  it('returns -EAGAIN when there are too many, and none is lost to a failure', () => {
    expect(timers.create(0, MONOTONIC, 0, NOWHERE)).toBe(-Errno.EFAULT);
    for (let n = 0; n < TIMERS; n++) expect(timers.create(0, MONOTONIC, 0, ID)).toBe(0);
    expect(timers.create(0, MONOTONIC, 0, ID)).toBe(-Errno.EAGAIN);
    expect(timers.delete(0, 0)).toBe(0);
    expect(timers.create(0, MONOTONIC, 0, ID)).toBe(0);
  });
});

describe('timer_settime', () => {
  beforeEach(() => {
    timers.create(0, MONOTONIC, 0, ID);
    setting([0, 500]);
  });

  it.each([
    ['no new value', 0, 0, 0, -Errno.EINVAL],
    ['a new value nowhere', 0, NOWHERE, 0, -Errno.EFAULT],
    ['an id that is none', 1, NEW, 0, -Errno.EINVAL],
    ['a negative id', -1, NEW, 0, -Errno.EINVAL],
    ['an old value nowhere', 0, NEW, NOWHERE, -Errno.EFAULT],
    ['good values', 0, NEW, OLD, 0],
  ] as const)('with %s', (_name, id, newAddress, oldAddress, result) => {
    expect(timers.setTime(0, id, 0, newAddress, oldAddress)).toBe(result);
  });

  it.each([
    ['a negative time', [-1, 0], [0, 0]],
    ['10^9 ns', [0, 1_000_000_000], [0, 0]],
    ['a bad interval', [0, 5], [0, -1]],
  ] as const)('returns -EINVAL for %s', (_name, expiry, interval) => {
    setting(expiry, interval);
    expect(timers.setTime(0, 0, 0, NEW, 0)).toBe(-Errno.EINVAL);
  });

  it('refuses a timer of another process', () => {
    expect(timers.setTime(2, 0, 0, NEW, 0)).toBe(-Errno.EINVAL);
    expect(timers.getTime(2, 0, OLD)).toBe(-Errno.EINVAL);
    expect(timers.delete(2, 0)).toBe(-Errno.EINVAL);
  });

  it('sends one signal at a time from now', () => {
    cpus.cycles[0] = 1000;
    timers.setTime(0, 0, 0, NEW, 0);
    expect(expireNext()).toBe(1500);
    expect(sent).toEqual([`process 0: signal ${SIGALRM}, value 0`]);
    expect(expireNext()).toBe(-1);
  });

  it('sends a signal every interval after the first time', () => {
    setting([0, 500], [0, 300]);
    timers.setTime(0, 0, 0, NEW, 0);
    expect([expireNext(), expireNext(), expireNext()]).toEqual([500, 800, 1100]);
    expect(sent).toHaveLength(3);
  });

  it('skips what it missed: the next expiration is in the future', () => {
    setting([0, 500], [0, 300]);
    timers.setTime(0, 0, 0, NEW, 0);
    cpus.cycles[0] = 1250;
    expireNext();
    expect(expireNext()).toBe(1400);
  });

  it.each([
    ['CLOCK_MONOTONIC', MONOTONIC, 0],
    ['CLOCK_REALTIME', 0, EPOCH_SECONDS],
  ] as const)('expires at a time on %s', (_name, clock, epoch) => {
    timers.create(0, clock, 0, ID);
    setting([epoch + 1, 7]);
    timers.setTime(0, user.get32(ID), ABSOLUTE, NEW, 0);
    expect(expireNext()).toBe(1_000_000_007);
  });

  it('stops a timer by an expiry of 0, and stores what was set', () => {
    setting([0, 500], [2, 300]);
    timers.setTime(0, 0, 0, NEW, 0);
    cpus.cycles[0] = 100;
    setting([0, 0], [5, 5]);
    expect(timers.setTime(0, 0, 0, NEW, OLD)).toBe(0);
    expect([0, 4, 8, 12].map((offset) => user.get32(OLD + offset))).toEqual([2, 300, 0, 400]);
    expect(expireNext()).toBe(-1);
    timers.getTime(0, 0, OLD);
    expect([0, 4, 8, 12].map((offset) => user.get32(OLD + offset))).toEqual([0, 0, 0, 0]);
  });

  it('notifies the thread that was named, with its value', () => {
    user.set(EVENT, 77, SIGUSR1, 4, 1001);
    timers.create(0, MONOTONIC, EVENT, ID);
    timers.setTime(0, user.get32(ID), 0, NEW, 0);
    expireNext();
    expect(sent).toEqual([`thread 1: signal ${SIGUSR1}, value 77`]);
  });

  it('tells nobody of a SIGEV_NONE timer, which can be looked at', () => {
    user.set(EVENT, 0, 0, 1, 0);
    timers.create(0, MONOTONIC, EVENT, ID);
    setting([0, 500], [0, 300]);
    timers.setTime(0, user.get32(ID), 0, NEW, 0);
    expect(expireNext()).toBe(-1);
    cpus.cycles[0] = 600;
    timers.getTime(0, user.get32(ID), OLD);
    expect(user.get32(OLD + 12)).toBe(200);
  });
});

describe('timer_gettime', () => {
  it('shows 1 ns for a timer whose time has come but that has not expired', () => {
    timers.create(0, MONOTONIC, 0, ID);
    setting([0, 500]);
    timers.setTime(0, 0, 0, NEW, 0);
    cpus.cycles[0] = 900;
    timers.getTime(0, 0, OLD);
    expect([8, 12].map((offset) => user.get32(OLD + offset))).toEqual([0, 1]);
  });

  it('returns -EFAULT for nowhere', () => {
    timers.create(0, MONOTONIC, 0, ID);
    expect(timers.getTime(0, 0, NOWHERE)).toBe(-Errno.EFAULT);
  });
});

describe('the timers of a process', () => {
  it.each([
    ['ends', () => timers.hooks.addressSpaceTornDown?.(0)],
    ['executes another program', () => timers.hooks.execed?.(1)],
  ] as const)('are gone when it %s; those of others stay', (_name, end) => {
    for (const thread of [0, 2]) {
      timers.create(thread, MONOTONIC, 0, ID);
      setting([0, 500 + thread]);
      timers.setTime(thread, user.get32(ID), 0, NEW, 0);
    }
    end();
    expect(timers.delete(0, 0)).toBe(-Errno.EINVAL);
    expect([expireNext(), expireNext()]).toEqual([502, -1]);
    expect(sent).toEqual([`process 1: signal ${SIGALRM}, value 1`]);
  });
});
