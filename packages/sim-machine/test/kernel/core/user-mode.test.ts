import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/director/decision.js';
import { ScriptedDirector } from '../../../src/director/scripted-director.js';
import { ProgramBuilder } from '../../../src/isa/program-builder.js';
import { Registers } from '../../../src/isa/register.js';
import { RegisterFile } from '../../../src/cpu/register-file.js';
import { NEVER } from '../../../src/cpu/routine.js';
import { schedYield } from '../../../src/kernel/libc/scheduling.js';
import type { Operation } from '../../../src/kernel/operation.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { Machine } from '../../../src/machine.js';
import { ScriptedMachine, step } from './scripted-machine.js';

const { r0, r1, r5, r6 } = Registers;

/** Six instructions, of which the two accesses in the middle are visible. */
const SIX = new ProgramBuilder('six')
  .label('six')
  .li(r5, 1)
  .ld32(r6, r1)
  .add(r6, r6, r5)
  .st32(r6, r1)
  .mov(r0, r6)
  .ret()
  .build();

/** Twenty rounds of six and some operations of every other kind. */
function workload(machine: Machine): { readonly values: number[]; readonly word: number } {
  const process = machine.createProcess('main');
  const word = process.allocate(8);
  const six = machine.install(SIX).routine('six');
  const values: number[] = [];
  process.spawn(function* worker(t) {
    for (let round = 0; round < 20; round++) {
      values.push(yield* t.call(six, word));
      if (round % 5 === 0) yield* schedYield(t);
      values.push(yield* t.fetchAdd(word + 4, round));
    }
  });
  return { values, word };
}

const machines = (['instruction', 'access'] as const).map(
  (granularity) =>
    new Machine({ cpus: 1, memoryBytes: 2 ** 22 }, new ScriptedDirector([], { granularity })),
);

function runWith(script: readonly Decision[], granularity: 'instruction' | 'access'): object {
  const machine = machines[granularity === 'instruction' ? 0 : 1]!;
  machine.reset(new ScriptedDirector(script, { granularity }));
  const { values } = workload(machine);
  const { outcome, steps, cycles } = machine.run();
  return { outcome, steps, cycles, values };
}

const whole = runWith([step(0, 60_000)], 'instruction');

describe('a step at instruction granularity', () => {
  it.each([1, 2, 3, 5, 7, 64, 1000])('of %i instructions executes exactly that many', (budget) => {
    const scripted = new ScriptedMachine({ cpus: 1 }, 'instruction');
    const word = scripted.word();
    const spin = new ProgramBuilder('spin').label('spin').addi(r5, r5, 1).jmp('spin').build();
    const routine = scripted.machine.install(spin).routine('spin');
    scripted.process.spawn(function* endless(t) {
      for (let i = 0; i < 3; i++) yield* t.load(word);
      yield* t.call(routine);
    });
    scripted.decide(step(0, budget), step(0, budget));
    expect(scripted.machine.cpus.steps[0]).toBe(2 * budget);
    expect(scripted.machine.cpus.cycles[0]).toBe(2 * budget);
  });

  it('may stop before every instruction, also between an access and its ret', () => {
    const scripted = new ScriptedMachine({ cpus: 1 }, 'instruction');
    const word = scripted.word();
    const six = scripted.machine.install(SIX).routine('six');
    scripted.process.spawn(function* once(t) {
      yield* t.call(six, word);
      yield* t.fence();
    });
    const { registers } = scripted.machine.threads;
    const places: number[] = [];
    for (let i = 0; i < 5; i++) {
      scripted.decide(step(0));
      places.push(registers[RegisterFile.Ip]! - six.address);
    }
    expect(places).toEqual([4, 8, 12, 16, 20]);
  });

  it('leads to the same end however a run is cut into steps', () => {
    expect(whole).toMatchObject({ outcome: 'finished' });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 200, maxLength: 250 }),
        (budgets) => {
          const script = budgets.map((budget) => step(0, budget));
          expect(runWith(script, 'instruction')).toEqual(whole);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a step at access granularity', () => {
  it('executes one visible instruction and stops right before the next', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const word = scripted.word();
    const six = scripted.machine.install(SIX).routine('six');
    scripted.process.spawn(function* twice(t) {
      yield* t.call(six, word);
      yield* t.fence();
    });
    const { registers } = scripted.machine.threads;
    const at = (): number => registers[RegisterFile.Ip]!;
    scripted.decide();
    expect(at()).toBe(six.address + 4);
    scripted.decide(step(0));
    expect(at()).toBe(six.address + 12);
    expect(scripted.process.read32(word)).toBe(0);
    scripted.decide(step(0));
    expect(scripted.process.read32(word)).toBe(1);
    expect(at()).not.toBe(six.address + 20);
    expect(scripted.machine.cpus.steps[0]).toBe(6);
  });

  it('makes the first operation of a thread known before anything is decided', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    const word = scripted.word();
    const started: string[] = [];
    scripted.machine.watchOperations((thread, { name }) => started.push(`${thread} ${name}`));
    scripted.process.spawn(function* storing(t) {
      yield* t.store(word, 1);
    });
    scripted.process.spawn(function* loading(t) {
      yield* t.load(word);
    });
    scripted.decide();
    expect(started.sort()).toEqual(['0 store32', '1 load32']);
    expect(scripted.process.read32(word)).toBe(0);
    expect(scripted.machine.cpus.steps[0]).toBe(0);
  });

  it('leads to the same end as steps of instructions', () => {
    const script = new Array<Decision>(200).fill(step(0));
    expect(runWith(script, 'access')).toEqual(whole);
  });

  it('goes on for a larger budget as long as it lasts, then to the next visible instruction', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const words = scripted.process.allocate(16);
    scripted.process.spawn(function* stores(t) {
      for (let i = 0; i < 4; i++) yield* t.store(words + 4 * i, 1);
    });
    scripted.decide(step(0, 3));
    expect([0, 4, 8, 12].map((offset) => scripted.process.read32(words + offset))).toEqual([
      1, 1, 0, 0,
    ]);
  });
});

describe('a step', () => {
  it('ends early when the thread sleeps, exits, or makes way', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    scripted.process.spawn(function* yielding(t) {
      yield* schedYield(t);
      yield* t.fence();
    });
    scripted.process.spawn(function* other(t) {
      yield* t.fence();
    });
    scripted.answer(0, 0, 0);
    scripted.decide(step(0, 1000));
    expect(scripted.current(0)).toBe(1);
    expect(scripted.machine.cpus.steps[0]).toBe(1);
  });

  it('runs compiled code for a large budget, with the same counts, registers and memory', () => {
    const ends = [20, 1000].map((budget) => {
      const scripted = new ScriptedMachine({ cpus: 1 }, 'instruction');
      const word = scripted.word();
      const six = scripted.machine.install(SIX).routine('six');
      scripted.process.spawn(function* repeating(t) {
        for (let i = 0; i < 100; i++) yield* t.call(six, word);
      });
      for (let executed = 0; executed < 600; executed += budget)
        scripted.decide(step(0, Math.min(budget, 600 - executed)));
      const { registers } = scripted.machine.threads;
      return {
        isCompiled: six.longestPath < NEVER,
        value: scripted.process.read32(word),
        steps: scripted.machine.cpus.steps[0],
        registers: [...registers.subarray(0, 18)],
      };
    });
    expect(ends.map(({ isCompiled }) => isCompiled)).toEqual([false, true]);
    expect(ends[0]).toMatchObject({ value: 100, steps: 600 });
    expect({ ...ends[1], isCompiled: false }).toEqual(ends[0]);
  });

  it.each([1, 4])(
    'goes over to compiled code for a budget of %d after many starts, and nobody can tell',
    (budget) => {
      const ends = [true, false].map((isInterpreted) => {
        const scripted = new ScriptedMachine({ cpus: 1 });
        const word = scripted.word();
        const six = scripted.machine.install(SIX).routine('six');
        if (isInterpreted) six.interpretOnly();
        expect(six.startsToSteps > 0).toBe(!isInterpreted);
        scripted.process.spawn(function* repeating(t) {
          for (let i = 0; i < 1000; i++) yield* t.call(six, word);
        });
        const stops: number[] = [];
        const { registers } = scripted.machine.threads;
        for (let n = 0; n < 700; n++) {
          scripted.decide(step(0, budget));
          stops.push(registers[RegisterFile.Ip]!, scripted.machine.cpus.steps[0]!);
        }
        return { stops, registers: [...registers.subarray(0, 18)], left: six.startsToSteps };
      });
      expect(ends.map(({ left }) => left)).toEqual([0, 0]);
      expect(ends[1]).toEqual(ends[0]);
    },
  );

  it('finishes a section that a library starts without a generator of its own', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const word = scripted.word();
    const six = scripted.machine.install(SIX).routine('six');
    const returned: boolean[] = [];
    scripted.process.spawn(function* fast(t: Thread): Operation<void> {
      for (let i = 0; i < 3; i++) {
        const isDone = t.exec(six, word);
        returned.push(isDone);
        if (!isDone) yield;
        expect(t.result).toBe(i + 1);
      }
    });
    scripted.decide(step(0), step(0), step(0, 1000));
    expect(returned).toEqual([false, false, true]);
  });
});

it('the two granularities differ: an unused register shows where the thread was stopped', () => {
  const program = new ProgramBuilder('x').label('x').li(r6, 9).ld32(r0, r1).li(r6, 8).ret().build();
  const stopped = (['instruction', 'access'] as const).map((granularity) => {
    const scripted = new ScriptedMachine({ cpus: 1 }, granularity);
    const word = scripted.word();
    const routine = scripted.machine.install(program).routine('x');
    scripted.process.spawn(function* one(t) {
      yield* t.call(routine, word);
      yield* t.fence();
    });
    scripted.decide(step(0, 2));
    return scripted.machine.threads.registers[6];
  });
  expect(stopped).toEqual([9, 8]);
});
