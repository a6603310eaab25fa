import { describe, expect, it } from 'vitest';
import { RandomDirector } from '../../../src/director/random-director.js';
import { futexWait } from '../../../src/kernel/libc/futex.js';
import { exit, getpid, gettid } from '../../../src/kernel/libc/processes.js';
import type { Operation } from '../../../src/kernel/operation.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { ThreadState } from '../../../src/kernel/thread-state.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import { Machine } from '../../../src/machine.js';
import { ScriptedMachine, step } from './scripted-machine.js';

function* fence(t: Thread): Operation<void> {
  yield* t.fence();
}

describe('a thread', () => {
  it('has a tid of its own; the first has the pid of its process', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const seen: number[][] = [];
    for (let i = 0; i < 2; i++)
      scripted.process.spawn(function* asking(t) {
        seen.push([yield* getpid(t), yield* gettid(t)]);
      });
    scripted.finish();
    const { pid } = scripted.process;
    expect(seen[0]).toEqual([pid, pid]);
    expect(seen[1]![0]).toBe(pid);
    expect(seen[1]![1]).not.toBe(pid);
  });

  it('starts with a thread block and a stack of its own, aligned and apart from all others', () => {
    const scripted = new ScriptedMachine({ cpus: 1, maxThreads: 8 });
    const threads = Array.from({ length: 8 }, () => scripted.process.spawn(fence));
    const pointers = threads.map(({ threadPointer }) => threadPointer);
    const stacks = threads.map(({ stackPointer }) => stackPointer);
    expect(new Set(pointers).size).toBe(8);
    expect(new Set(stacks).size).toBe(8);
    for (const address of [...pointers, ...stacks]) expect(address % 64).toBe(0);
    scripted.process.write32(stacks[0]! - 4, 1);
    scripted.process.write32(pointers[7]! + 252, 1);
  });

  it('exits with status 0 when its program ends', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const exits = scripted.heard('exit');
    scripted.process.spawn(fence);
    expect(scripted.finish()).toBe('finished');
    expect(exits).toEqual([{ thread: 0, status: 0 }]);
    expect(scripted.machine.threads.state[0]).toBe(ThreadState.Free);
  });

  it('exits with the status of its exit call, as wait4 shows it', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const exits = scripted.heard('exit');
    scripted.process.spawn(function* leaving(t) {
      yield* t.syscall(SyscallNumber.exit, 3);
      throw new Error('went on after exit');
    });
    scripted.finish();
    expect(exits).toEqual([{ thread: 0, status: 3 << 8 }]);
    expect(scripted.process.exitStatus).toBe(3 << 8);
  });

  it('that exits leaves its CPU to the next, and the process to the others', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    scripted.process.spawn(function* brief() {});
    scripted.process.spawn(fence);
    scripted.decide(step(0, 5));
    expect(scripted.current(0)).toBe(1);
    expect(scripted.process.threadCount).toBe(1);
    expect(scripted.process.exited).toBe(false);
    expect(scripted.finish()).toBe('finished');
  });

  it('gives its slot to the next thread, with nothing of it left and a new tid', () => {
    const scripted = new ScriptedMachine({ cpus: 2, maxThreads: 2 });
    const { threads } = scripted.machine;
    const word = scripted.word(5);
    scripted.process.spawn(fence);
    scripted.process.spawn(
      function* first(t) {
        yield* t.load(word);
      },
      { affinity: [1], nice: 3 },
    );
    const tid = threads.tid[1];
    scripted.decide(step(1, 100));
    expect(threads.state[1]).toBe(ThreadState.Free);
    const second = scripted.process.spawn(function* second(t) {
      yield* t.load(word);
    });
    expect(second.id).toBe(1);
    expect(second.name).toBe('second');
    expect(threads.tid[1]).not.toBe(tid);
    expect(threads.allows(1, 0)).toBe(true);
    expect([...threads.history.subarray(2, 4)]).toEqual([0, 0]);
    expect([...threads.registers.subarray(32, 46)]).toEqual(new Array(14).fill(0));
  });
});

describe('a process', () => {
  it('ends with its last thread and keeps its memory for a check to look at', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    const word = scripted.word();
    for (let i = 0; i < 2; i++)
      scripted.process.spawn(function* add(t) {
        yield* t.fetchAdd(word, 1);
      });
    scripted.decide(step(0, 10));
    expect(scripted.process.exited).toBe(false);
    expect(scripted.decide(step(1, 10))).toBe('finished');
    expect(scripted.process.exited).toBe(true);
    expect(scripted.process.read32(word)).toBe(2);
  });

  it('ends as a whole at exit_group, wherever its other threads are', () => {
    const scripted = new ScriptedMachine({ cpus: 3 });
    const word = scripted.word();
    const exits = scripted.heard('exit');
    scripted.process.spawn(function* asleep(t) {
      yield* futexWait(t, word, 0);
    });
    scripted.process.spawn(function* running(t) {
      for (;;) yield* t.load(word);
    });
    scripted.process.spawn(function* leaving(t) {
      yield* exit(t, 7);
    });
    expect(scripted.decide(step(0, 10), step(1, 10), step(2, 10))).toBe('finished');
    expect(exits.map(({ thread }) => thread).sort()).toEqual([0, 1, 2]);
    expect(scripted.process.exitStatus).toBe(7 << 8);
  });

  it('does not end with another', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    const other = scripted.machine.createProcess('other');
    scripted.process.spawn(function* brief() {});
    other.spawn(fence);
    scripted.decide(step(0, 10));
    expect(scripted.process.exited).toBe(true);
    expect(other.exited).toBe(false);
    expect(scripted.finish(1)).toBe('finished');
  });

  it('has static data at the same addresses in every process, zeroed, each its own', () => {
    const scripted = new ScriptedMachine();
    const other = scripted.machine.createProcess('other');
    const word = scripted.word(1);
    expect(other.allocate(4)).toBe(word);
    expect(other.read32(word)).toBe(0);
    other.write32(word, 2);
    expect(scripted.process.read32(word)).toBe(1);
  });

  it('gives static data without overlap, aligned as asked, to a cache line by default', () => {
    const scripted = new ScriptedMachine();
    const first = scripted.process.allocate(1);
    const second = scripted.process.allocate(100);
    const third = scripted.process.allocate(4, 4);
    const fourth = scripted.process.allocate(4, 4096);
    expect(first % 64).toBe(0);
    expect(second).toBe(first + 64);
    expect(third).toBe(second + 100);
    expect(fourth % 4096).toBe(0);
  });
});

describe('random schedules', () => {
  it('let every thread do all of its work exactly once, and end with no thread left', () => {
    const machine = new Machine({ cpus: 3, maxThreads: 8 }, new RandomDirector({ seed: 0 }));
    for (let seed = 0; seed < 300; seed++) {
      machine.reset(new RandomDirector({ seed }));
      const process = machine.createProcess('main');
      const words = process.allocate(32);
      for (let i = 0; i < 5; i++)
        process.spawn(function* work(t) {
          for (let n = 1; n <= 4; n++) {
            yield* t.fetchAdd(words, n);
            yield* t.store(words + 4 + 4 * i, (yield* t.load(words + 4 + 4 * i)) + n);
          }
        });
      expect(machine.run().outcome, `seed ${seed}`).toBe('finished');
      const found = [0, 1, 2, 3, 4, 5].map((i) => process.read32(words + 4 * i));
      expect(found, `seed ${seed}`).toEqual([50, 10, 10, 10, 10, 10]);
      expect(machine.liveThreads).toBe(0);
      expect([...machine.cpus.current]).toEqual([-1, -1, -1]);
    }
  });
});
