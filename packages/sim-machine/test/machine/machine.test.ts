import { describe, expect, it } from 'vitest';
import { DecisionKind, encodeDecision } from '../../src/director/decision.js';
import type { Decision } from '../../src/director/decision.js';
import { RandomDirector } from '../../src/director/random-director.js';
import { ScriptedDirector } from '../../src/director/scripted-director.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers } from '../../src/isa/register.js';
import { futexWait } from '../../src/kernel/libc/futex.js';
import { Machine } from '../../src/machine.js';
import { AccessKind } from '../../src/memory/access-kind.js';

const { r0, r1 } = Registers;

const step = (cpu: number, budget: number): Decision =>
  encodeDecision(DecisionKind.Step, cpu, budget);

function scripted(...script: readonly Decision[]): Machine {
  return new Machine({ cpus: 2 }, new ScriptedDirector(script));
}

describe('a run', () => {
  it('finishes when every thread has exited', () => {
    const machine = new Machine({ cpus: 2 }, new RandomDirector({ seed: 1 }));
    const process = machine.createProcess('main');
    const counter = process.allocate(4);
    for (let i = 0; i < 3; i++)
      process.spawn(function* increment(t) {
        yield* t.fetchAdd(counter, 1);
      });
    expect(machine.liveThreads).toBe(3);
    expect(machine.run()).toMatchObject({ outcome: 'finished', liveThreads: 0 });
    expect(process.read32(counter)).toBe(3);
    expect(process.exited).toBe(true);
  });

  it('is stuck when threads are left that nothing can wake', () => {
    const machine = new Machine({ cpus: 2 }, new RandomDirector({ seed: 1 }));
    const process = machine.createProcess('main');
    const word = process.allocate(4);
    process.spawn(function* sleeper(t) {
      yield* futexWait(t, word, 0);
    });
    expect(machine.run()).toMatchObject({ outcome: 'stuck', liveThreads: 1 });
  });

  it('stops at a limit of decisions, and goes on where it was', () => {
    const machine = new Machine({ cpus: 1 }, new RandomDirector({ seed: 1 }));
    const process = machine.createProcess('main');
    const word = process.allocate(4);
    process.spawn(function* endless(t) {
      for (;;) yield* t.fetchAdd(word, 1);
    });
    expect(machine.run({ decisions: 10 })).toMatchObject({ outcome: 'limit', decisions: 10 });
    const before = process.read32(word);
    expect(machine.run({ decisions: 20 })).toMatchObject({ outcome: 'limit', decisions: 20 });
    expect(process.read32(word)).toBe(before + 10);
    expect(machine.run({ decisions: 0 }).decisions).toBe(20);
  });

  it('is stopped when its director has no more decisions', () => {
    const machine = scripted(step(0, 1));
    machine.createProcess('main').spawn(function* body(t) {
      yield* t.fence();
      yield* t.fence();
    });
    expect(machine.run()).toEqual({
      outcome: 'stopped',
      steps: 1,
      cycles: 1,
      decisions: 1,
      liveThreads: 1,
    });
  });

  it('counts the instructions of all CPUs, and the time of the CPU that is furthest ahead', () => {
    const machine = scripted(step(0, 5), step(1, 2), step(0, 4));
    const process = machine.createProcess('main');
    for (let i = 0; i < 2; i++)
      process.spawn(function* busy(t) {
        for (;;) yield* t.fence();
      });
    expect(machine.run()).toMatchObject({ steps: 11, cycles: 9, decisions: 3 });
    expect([...machine.cpus.steps]).toEqual([9, 2]);
    expect([...machine.cpus.cycles]).toEqual([9, 2]);
  });

  it('of a machine without threads is finished at once', () => {
    expect(scripted().run()).toEqual({
      outcome: 'finished',
      steps: 0,
      cycles: 0,
      decisions: 0,
      liveThreads: 0,
    });
  });

  it('ends with what a program throws', () => {
    const machine = scripted(step(0, 100));
    machine.createProcess('main').spawn(function* thrower(t) {
      yield* t.fence();
      throw new RangeError('of the program');
    });
    expect(() => machine.run()).toThrow(new RangeError('of the program'));
  });
});

describe('a machine', () => {
  it('gives thread objects, with names of their functions or of their own', () => {
    const machine = scripted();
    const process = machine.createProcess('main');
    process.spawn(function* reader() {});
    process.spawn(function* reader() {}, { name: 'second' });
    expect(machine.thread(0).name).toBe('reader');
    expect(machine.thread(1).name).toBe('second');
    expect(machine.thread(1).process).toBe(process);
  });

  it('finds the program that an address belongs to', () => {
    const machine = scripted();
    const program = new ProgramBuilder('two words').label('entry').nop().ret().build();
    const installed = machine.install(program);
    expect(machine.install(program)).toBe(installed);
    expect(machine.programAt(installed.address)).toBe(installed);
    expect(machine.programAt(installed.address + 4)).toBe(installed);
    expect(machine.programAt(installed.address + 8)).toBeUndefined();
    expect(installed.addressOf('entry')).toBe(installed.address);
    expect(() => installed.addressOf('exit')).toThrow(
      expect.objectContaining({ code: 'ERR_ASSEMBLY' }),
    );
  });

  it('tells of every operation that a program starts, while it is watched', () => {
    const machine = scripted(step(0, 100));
    const process = machine.createProcess('main');
    const word = process.allocate(4);
    const seen: string[] = [];
    process.spawn(function* body(t) {
      yield* t.load(word);
      yield* t.store(word, 1);
      machine.watchOperations(undefined);
      yield* t.fence();
    });
    machine.watchOperations((thread, { name }) => seen.push(`${thread} ${name}`));
    machine.run();
    expect(seen).toEqual(['0 load32', '0 store32']);
  });

  it('tells what is attached of every access, with places that can be looked up', () => {
    const machine = scripted(step(0, 100));
    const process = machine.createProcess('main');
    const word = process.allocate(4);
    const seen: unknown[] = [];
    machine.attach({
      observer: {
        onAccess(kind, physical, size, value, cpu, thread, address) {
          seen.push([kind, size, value, cpu, thread, address, machine.wordAt(physical)]);
        },
      },
    });
    process.spawn(function* body(t) {
      yield* t.store(word, 5);
      yield* t.fetchAdd(word, 2);
      yield* t.load(word);
    });
    machine.run();
    expect(seen).toEqual([
      [AccessKind.Store, 4, 5, 0, 0, word, 5],
      [AccessKind.Update, 4, 5, 0, 0, word, 7],
      [AccessKind.Load, 4, 7, 0, 0, word, 7],
    ]);
  });

  it('shows its programs, processes and columns of state to those who look from outside', () => {
    const machine = scripted();
    const process = machine.createProcess('main');
    const program = new ProgramBuilder('nothing').label('nothing').ret().build();
    const installed = machine.install(program);
    expect(machine.programs.at(-1)).toBe(installed);
    expect(machine.process(process.id)).toBe(process);
    expect(() => machine.process(9)).toThrow(expect.objectContaining({ code: 'ERR_STATE' }));
    expect(machine.column('trace.tracer')?.[0]).toBe(-1);
    expect(machine.column('no such column')).toBeUndefined();
  });

  it('says whether its memory model buffers stores', () => {
    expect(scripted().buffersStores).toBe(false);
    const tso = new Machine({ memory: 'tso' }, new ScriptedDirector([]));
    expect(tso.buffersStores).toBe(true);
  });

  it('runs machine code of one program with compiled code and without, to the same end', () => {
    const program = new ProgramBuilder('square').label('square').mul(r0, r1, r1).ret().build();
    const results = [1, 1000].map((budget) => {
      const machine = scripted(...new Array<Decision>(200).fill(step(0, budget)));
      const process = machine.createProcess('main');
      const routine = machine.install(program).routine('square');
      const squares: number[] = [];
      process.spawn(function* squaring(t) {
        for (let n = 0; n < 20; n++) squares.push(yield* t.call(routine, n));
      });
      const { outcome, steps } = machine.run();
      return { outcome, steps, squares };
    });
    expect(results[0]!.outcome).toBe('finished');
    expect(results[1]).toEqual(results[0]);
  });
});
