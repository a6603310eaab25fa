import { describe, expect, it } from 'vitest';
import { madvise, mmap, mprotect, munmap } from '../../../src/kernel/libc/memory.js';
import { fork, waitpid } from '../../../src/kernel/libc/processes.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { SignalNumber } from '../../../src/kernel/signal/signal-number.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { ThreadState } from '../../../src/kernel/thread-state.js';
import { WaitKind } from '../../../src/kernel/wait-kind.js';
import { ProgramBuilder } from '../../../src/isa/program-builder.js';
import { Advice, Protection } from '../../../src/memory/mapping-flags.js';
import { ScriptedMachine, pageIn, pageOut, step } from './scripted-machine.js';

const PAGE = 4096;

describe('a minor fault', () => {
  it('brings a page in at its first access, once a page, and the access goes on', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const faults = scripted.heard('fault');
    const values: number[] = [];
    scripted.process.spawn(function* touching(t) {
      const bottom = t.stackPointer - 2 * PAGE;
      yield* t.store(bottom, 1);
      yield* t.store(bottom + 4, 2);
      yield* t.store(bottom + PAGE, 3);
      values.push(yield* t.load(bottom), yield* t.load(bottom + PAGE));
    });
    const { stackPointer } = scripted.machine.thread(0);
    scripted.finish();
    const bottom = stackPointer - 2 * PAGE;
    expect(faults).toEqual([
      { thread: 0, cpu: 0, address: bottom, kind: 'minor' },
      { thread: 0, cpu: 0, address: bottom + PAGE, kind: 'minor' },
    ]);
    expect(values).toEqual([1, 3]);
  });

  it('does not happen on static data, which a loader has filled in', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const faults = scripted.heard('fault');
    const words = scripted.process.allocate(3 * PAGE);
    scripted.process.spawn(function* touching(t) {
      for (let offset = 0; offset < 3 * PAGE; offset += PAGE) yield* t.store(words + offset, 1);
    });
    scripted.finish();
    expect(faults).toEqual([]);
  });
});

describe('a copy-on-write fault', () => {
  it('gives the process that writes after fork a page of its own', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const word = scripted.word(1);
    const faults = scripted.heard('fault');
    const seen: number[] = [];
    scripted.process.spawn(function* parent(t) {
      const pid = yield* fork(t, function* child(self) {
        seen.push(yield* self.load(word));
        yield* self.store(word, 2);
        seen.push(yield* self.load(word));
      });
      yield* waitpid(t, pid);
      seen.push(yield* t.load(word));
    });
    scripted.finish();
    expect(seen).toEqual([1, 2, 1]);
    expect(faults).toContainEqual({ thread: 1, cpu: 0, address: word, kind: 'cow' });
  });
});

describe('a major fault', () => {
  function paged(): { scripted: ScriptedMachine; word: number; values: number[] } {
    const scripted = new ScriptedMachine({ cpus: 2 });
    const word = scripted.word(7);
    const values: number[] = [];
    scripted.process.spawn(function* reader(t) {
      values.push(yield* t.load(word));
    });
    scripted.process.spawn(function* other(t) {
      yield* t.fence();
      values.push(yield* t.load(word));
    });
    return { scripted, word, values };
  }

  it('puts the thread to sleep until its page is read in, and changes no value', () => {
    const { scripted, word, values } = paged();
    const faults = scripted.heard('fault');
    const { state, waitKind } = scripted.machine.threads;
    scripted.decide(pageOut(0), step(0));
    expect(faults).toEqual([{ thread: 0, cpu: 0, address: word, kind: 'major' }]);
    expect(state[0]).toBe(ThreadState.Uninterruptible);
    expect(waitKind[0]).toBe(WaitKind.Page);
    expect(scripted.current(0)).toBe(-1);
    expect(values).toEqual([]);
    scripted.decide(pageIn(0));
    expect(state[0]).toBe(ThreadState.Runnable);
    scripted.decide(step(0));
    expect(values).toEqual([7]);
  });

  it('leaves the memory as it was for whoever looks from outside', () => {
    const { scripted, word } = paged();
    scripted.decide(pageOut(0));
    expect(scripted.process.read32(word)).toBe(7);
  });

  it('is met by every thread that accesses the page while it is away', () => {
    const { scripted, values } = paged();
    scripted.decide(pageOut(0), step(0), step(1), step(1));
    expect(scripted.machine.threads.state[1]).toBe(ThreadState.Uninterruptible);
    scripted.decide(pageIn(1), pageIn(0), step(1), step(0));
    expect(values).toEqual([7, 7]);
  });

  it.each([
    ['a thread whose next operation is no access', pageOut(1)],
    ['a thread that does not exist', pageOut(9)],
    ['a page-in that nobody waits for', pageIn(0)],
  ])('cannot be made for %s', (_what, decision) => {
    const { scripted } = paged();
    expect(() => scripted.decide(decision)).toThrow(
      expect.objectContaining({ code: 'ERR_DECISION' }),
    );
  });

  it('cannot be made twice, nor for a page that was never touched', () => {
    const { scripted } = paged();
    scripted.process.spawn(function* stack(t) {
      yield* t.load(t.stackPointer - 4);
    });
    scripted.decide(pageOut(0));
    expect(() => scripted.decide(pageOut(0))).toThrow(/got PageOut\(0, 0\)$/);
    const other = new ScriptedMachine({ cpus: 1 });
    other.process.spawn(function* stack(t) {
      yield* t.load(t.stackPointer - 4);
    });
    expect(() => other.decide(pageOut(0))).toThrow(/got PageOut\(0, 0\)$/);
  });
});

/** Runs a thread that does something fatal beside one of its process and one of another. */
function crash(body: (t: Thread) => Operation<unknown>): {
  scripted: ScriptedMachine;
  status: number;
  isOtherAlive: boolean;
  faults: unknown[];
} {
  const scripted = new ScriptedMachine({ cpus: 3 });
  const other = scripted.machine.createProcess('other');
  const faults = scripted.heard('fault');
  scripted.process.spawn(body);
  scripted.process.spawn(function* sibling(t) {
    for (;;) yield* t.fence();
  });
  other.spawn(function* bystander(t) {
    for (;;) yield* t.fence();
  });
  scripted.decide(step(0, 1000));
  if (scripted.current(0) >= 0) scripted.decide(step(0, 1000));
  expect(scripted.process.exited).toBe(true);
  const { exitStatus: status } = scripted.process;
  return { scripted, status, isOtherAlive: !other.exited, faults };
}

describe('an access that is not allowed', () => {
  it.each<readonly [string, (t: Thread) => Operation<unknown>]>([
    ['a load at a null pointer', (t) => t.load(0)],
    ['a store to unmapped memory', (t) => t.store(0x30000000, 1)],
    ['an atomic on kernel addresses', (t) => t.fetchAdd(0x90000000, 1)],
    ['a store to the text', (t) => t.store(0x00400000, 0)],
  ])('%s kills the process by SIGSEGV, all of its threads and nobody else', (_what, body) => {
    const { status, isOtherAlive, faults, scripted } = crash(function* crashing(t) {
      yield* body(t);
      throw new Error('lived on');
    });
    expect(status & 0x7f).toBe(SignalNumber.SIGSEGV);
    expect(isOtherAlive).toBe(true);
    expect(faults.at(-1)).toMatchObject({ thread: 0, cpu: 0, kind: 'segv' });
    expect(scripted.machine.liveThreads).toBe(1);
  });

  it.each<readonly [string, (t: Thread, address: number) => Operation<unknown>]>([
    [
      'a load after munmap',
      function* (t, address) {
        yield* munmap(t, address, PAGE);
        yield* t.load(address + 4);
      },
    ],
    [
      'a store after mprotect',
      function* (t, address) {
        yield* mprotect(t, address, PAGE, Protection.Read);
        yield* t.load(address);
        yield* t.store(address + 4, 2);
      },
    ],
  ])('%s kills the process, though the page was in use before', (_what, body) => {
    let mapped = 0;
    const { status, faults } = crash(function* crashing(t) {
      mapped = yield* mmap(t, { length: PAGE });
      yield* t.store(mapped, 1);
      yield* body(t, mapped);
      throw new Error('lived on');
    });
    expect(status & 0x7f).toBe(SignalNumber.SIGSEGV);
    expect(faults).toEqual([
      { thread: 0, cpu: 0, address: mapped, kind: 'minor' },
      { thread: 0, cpu: 0, address: mapped + 4, kind: 'segv' },
    ]);
  });

  it('is reported with its address', () => {
    const { faults } = crash((t) => t.load(0x30000124));
    expect(faults).toEqual([{ thread: 0, cpu: 0, address: 0x30000124, kind: 'segv' }]);
  });
});

describe('an instruction that is not allowed', () => {
  it.each([
    [
      'a word that is no instruction',
      SignalNumber.SIGILL,
      new ProgramBuilder('x').label('x').word(0),
    ],
    ['a breakpoint', SignalNumber.SIGTRAP, new ProgramBuilder('x').label('x').brk().ret()],
  ])('%s kills the process by signal %i', (_what, signal, builder) => {
    const program = builder.build();
    const scripted = new ScriptedMachine({ cpus: 1 });
    const routine = scripted.machine.install(program).routine('x');
    const signals = scripted.heard('signal');
    scripted.process.spawn(function* trapping(t) {
      yield* t.call(routine);
      throw new Error('lived on');
    });
    expect(scripted.finish()).toBe('finished');
    expect(scripted.process.exitStatus & 0x7f).toBe(signal);
    expect(signals).toContainEqual(
      expect.objectContaining({ thread: 0, signal, action: 'default' }),
    );
  });
});

describe('a page given back', () => {
  it('reads as zeros and faults in again', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const faults = scripted.heard('fault');
    const values: number[] = [];
    scripted.process.spawn(function* giving(t) {
      const address = yield* mmap(t, { length: PAGE });
      yield* t.store(address, 5);
      yield* madvise(t, address, PAGE, Advice.DontNeed);
      values.push(yield* t.load(address));
    });
    scripted.finish();
    expect(values).toEqual([0]);
    expect(faults.map(({ kind }) => kind)).toEqual(['minor', 'minor']);
  });
});
