import { describe, expect, it } from 'vitest';
import { Errno } from '../../../src/base/errno.js';
import { RandomDirector } from '../../../src/director/random-director.js';
import { exit, getpid, gettid } from '../../../src/kernel/libc/processes.js';
import { signalSet, sigprocmask } from '../../../src/kernel/libc/signals.js';
import { pthreadCreate, pthreadExit, pthreadJoin } from '../../../src/kernel/libc/threads.js';
import type { Pthread, PthreadBody } from '../../../src/kernel/libc/threads.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { CloneFlag } from '../../../src/kernel/process/clone-flag.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import { SignalMaskHow } from '../../../src/kernel/syscalls/signal-syscalls.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { Laboratory } from '../program-fixture.js';

const THREAD = CloneFlag.CLONE_VM | CloneFlag.CLONE_SIGHAND | CloneFlag.CLONE_THREAD;

function* create(t: Thread, body: PthreadBody): Operation<Pthread> {
  const thread = yield* pthreadCreate(t, body);
  if (typeof thread === 'number') throw new Error(`expected a thread, got ${thread}`);
  return thread;
}

function* spin(t: Thread, times: number): Operation<void> {
  for (let i = 0; i < times; i++) yield* t.load(t.stackPointer - 64);
}

describe('pthreadCreate and pthreadJoin', () => {
  it('run a program in the memory of the process and hand its result over', () => {
    const lab = new Laboratory({ cpus: 2 });
    const word = lab.word();
    const seen = lab.run(function* (t) {
      const thread = yield* create(t, function* (c) {
        yield* c.store(word, 5);
        return 77;
      });
      return [yield* pthreadJoin(t, thread), yield* t.load(word)];
    });
    expect(seen).toEqual([77, 5]);
  });

  it('work under any schedule, with stores buffered', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const director = new RandomDirector({ seed });
      const lab = new Laboratory({ cpus: 2, memory: 'tso', maxThreads: 4 }, director);
      const words = [lab.word(), lab.word(), lab.word()];
      const sum = lab.run(function* (t) {
        const threads: Pthread[] = [];
        for (const [i, word] of words.entries())
          threads.push(
            yield* create(t, function* (c) {
              yield* c.store(word, i + 1);
              return 10;
            }),
          );
        let total = 0;
        for (const thread of threads) total += yield* pthreadJoin(t, thread);
        for (const word of words) total += yield* t.load(word);
        return total;
      });
      expect(sum, `seed ${seed}`).toBe(36);
    }
  });

  it('join a thread that exited long before', () => {
    const lab = new Laboratory({ cpus: 2 });
    const result = lab.run(function* (t) {
      const thread = yield* create(t, function* () {
        return 4;
      });
      yield* spin(t, 3000);
      return yield* pthreadJoin(t, thread);
    });
    expect(result).toBe(4);
  });

  it('give a thread its own id, stack and thread block, and the pid of the process', () => {
    const lab = new Laboratory({ cpus: 2 });
    const word = lab.process.allocate(16);
    const seen = lab.run(function* (t) {
      const thread = yield* create(t, function* (c) {
        yield* c.store(word, yield* getpid(c));
        yield* c.store(word + 4, yield* gettid(c));
        yield* c.store(word + 8, c.threadPointer);
        yield* c.store(word + 12, c.stackPointer);
      });
      yield* pthreadJoin(t, thread);
      return thread;
    });
    const [pid, tid, pointer, stack] = [0, 4, 8, 12].map((offset) =>
      lab.process.read32(word + offset),
    );
    expect(pid).toBe(lab.process.pid);
    expect(tid).toBe(seen.tid);
    expect(tid).not.toBe(pid);
    expect(pointer).toBeGreaterThan(seen.block);
    expect(stack).toBe(pointer);
  });

  it('return 0 for a thread that called pthread_exit', () => {
    const lab = new Laboratory({ cpus: 2 });
    const result = lab.run(function* (t) {
      const thread = yield* create(t, function* (c) {
        yield* pthreadExit(c);
        return 5;
      });
      return yield* pthreadJoin(t, thread);
    });
    expect(result).toBe(0);
  });

  it('return -EAGAIN when the machine is full, and map nothing then', () => {
    const lab = new Laboratory({ cpus: 1, maxThreads: 1 });
    const seen = lab.run(function* (t) {
      const areas = t.process.space.areas.count;
      const result = yield* pthreadCreate(t, function* () {});
      return [result, t.process.space.areas.count - areas];
    });
    expect(seen).toEqual([-Errno.EAGAIN, 0]);
  });

  it('give the thread the mask of its creator', () => {
    const lab = new Laboratory({ cpus: 2 });
    const set = signalSet(SignalNumber.SIGUSR1);
    const masks: unknown[] = [];
    lab.run(function* (t) {
      yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, set);
      const thread = yield* create(t, function* (c) {
        masks.push(yield* sigprocmask(c, SignalMaskHow.SIG_BLOCK, signalSet()));
      });
      yield* pthreadJoin(t, thread);
    });
    expect(masks).toEqual([set]);
  });

  it('make a thread that the reports call by the name of its function', () => {
    const lab = new Laboratory({ cpus: 2 });
    const names: string[] = [];
    lab.machine.events.on('spawn', ({ thread }) => names.push(lab.machine.thread(thread).name));
    lab.run(function* (t) {
      const thread = yield* create(t, function* worker() {});
      yield* pthreadJoin(t, thread);
    });
    expect(names).toEqual(['only', 'worker']);
  });
});

describe('clone', () => {
  it.each([
    [
      'CLONE_THREAD without CLONE_SIGHAND',
      CloneFlag.CLONE_THREAD | CloneFlag.CLONE_VM,
      -Errno.EINVAL,
    ],
    ['CLONE_SIGHAND without CLONE_VM', CloneFlag.CLONE_SIGHAND, -Errno.EINVAL],
    ['CLONE_VM without CLONE_THREAD, which this machine lacks', CloneFlag.CLONE_VM, -Errno.EINVAL],
    ['CLONE_VFORK, which this machine lacks', CloneFlag.CLONE_VFORK, -Errno.EINVAL],
    ['CLONE_PARENT, which this machine lacks', CloneFlag.CLONE_PARENT, -Errno.EINVAL],
    ['an exit signal that is none', 65, -Errno.EINVAL],
  ])('returns -EINVAL for %s', (_, flags, result) => {
    const lab = new Laboratory({ cpus: 1 });
    const got = lab.run(function* (t) {
      const program = t.process.programs.add(t.id, function* () {});
      return yield* t.syscall(SyscallNumber.clone, flags, 0, 0, 0, 0, program);
    });
    expect(got).toBe(result);
  });

  it('returns -EFAULT for an index that names no program', () => {
    const lab = new Laboratory({ cpus: 1 });
    expect(lab.run((t) => t.syscall(SyscallNumber.clone, THREAD, 0, 0, 0, 0, 99))).toBe(
      -Errno.EFAULT,
    );
  });

  it('with CLONE_CHILD_SETTID stores the tid before the child runs', () => {
    const lab = new Laboratory({ cpus: 1 });
    const word = lab.word();
    const seen = lab.run(function* (t) {
      const program = t.process.programs.add(t.id, function* () {});
      const flags = THREAD | CloneFlag.CLONE_CHILD_SETTID;
      const tid = yield* t.syscall(SyscallNumber.clone, flags, 0, 0, word, 0, program);
      return [tid, yield* t.load(word)];
    });
    expect(seen[0]).toBe(seen[1]);
  });
});

describe('set_tid_address', () => {
  it('has the kernel clear the word and wake a waiter at exit', () => {
    const lab = new Laboratory({ cpus: 2 });
    const word = lab.word(1);
    lab.spawn(function* (t) {
      expect(yield* t.syscall(SyscallNumber.set_tid_address, word)).toBe(lab.process.pid);
      yield* spin(t, 2000);
    });
    lab.spawn(function* (t) {
      while ((yield* t.load(word)) !== 0) yield* t.syscall(SyscallNumber.futex, word, 0, 1, 0);
    });
    lab.finish();
    expect(lab.process.read32(word)).toBe(0);
  });
});

describe('exit', () => {
  it('of the leader leaves the other threads, and its status is that of the process', () => {
    const lab = new Laboratory({ cpus: 2 });
    const word = lab.word();
    lab.spawn((t) => t.syscall(SyscallNumber.exit, 7));
    lab.spawn(function* (t) {
      yield* spin(t, 2000);
      yield* t.store(word, 1);
      yield* t.syscall(SyscallNumber.exit, 8);
    });
    lab.finish();
    expect(lab.process.read32(word)).toBe(1);
    expect(lab.process.exitStatus).toBe(7 << 8);
  });

  it('of the group ends all threads where they are', () => {
    const lab = new Laboratory({ cpus: 3 });
    lab.spawn((t) => spin(t, 1e9));
    lab.spawn((t) => t.syscall(SyscallNumber.pause));
    lab.spawn(function* (t) {
      yield* spin(t, 1000);
      yield* exit(t, 300);
    });
    lab.finish();
    expect(lab.process.exitStatus).toBe((300 & 0xff) << 8);
    expect(lab.machine.liveThreads).toBe(0);
  });
});
