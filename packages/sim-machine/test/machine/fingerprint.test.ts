import { describe, expect, it } from 'vitest';
import { DecisionKind, encodeDecision } from '../../src/director/decision.js';
import type { Decision } from '../../src/director/decision.js';
import { RandomDirector } from '../../src/director/random-director.js';
import { ScriptedDirector } from '../../src/director/scripted-director.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers } from '../../src/isa/register.js';
import type { Process } from '../../src/kernel/process.js';
import type { Thread } from '../../src/kernel/thread.js';
import type { MachineConfig } from '../../src/machine-config.js';
import { Machine } from '../../src/machine.js';

const { r0, r1, r2, r5 } = Registers;

const step = (cpu: number): Decision => encodeDecision(DecisionKind.Step, cpu, 1);
const drain = (cpu: number): Decision => encodeDecision(DecisionKind.Drain, cpu, 0);

type Setup = (machine: Machine, process: Process) => void;

/** The fingerprint after a script, with stops at accesses. */
function after(script: readonly Decision[], setup: Setup, config: MachineConfig = {}): string {
  const director = new ScriptedDirector(script, { granularity: 'access' });
  const machine = new Machine({ cpus: 2, fingerprint: true, ...config }, director);
  setup(machine, machine.createProcess('main'));
  machine.run();
  const lanes = { low: 0, high: 0 };
  machine.fingerprint(lanes);
  return `${lanes.low},${lanes.high}`;
}

const WORD = 0x10000000;

const loads = (offset: number) =>
  function* load(t: Thread): Generator<undefined, void, undefined> {
    yield* t.load(WORD + offset);
    yield* t.fence();
  };

describe('the fingerprint of a machine', () => {
  it('is the same where independent steps were made in either order', () => {
    const setup: Setup = (_machine, process) => {
      process.allocate(128);
      process.spawn(loads(0));
      process.spawn(loads(64));
    };
    expect(after([step(0), step(1)], setup)).toBe(after([step(1), step(0)], setup));
    expect(after([step(0)], setup)).not.toBe(after([step(1)], setup));
    expect(after([step(0)], setup)).not.toBe(after([], setup));
  });

  it('differs where two stores were made in the other order', () => {
    const setup: Setup = (_machine, process) => {
      process.allocate(4);
      for (const value of [1, 2])
        process.spawn(function* store(t) {
          yield* t.store(WORD, value);
          yield* t.fence();
        });
    };
    expect(after([step(0), step(1)], setup)).not.toBe(after([step(1), step(0)], setup));
  });

  it('differs where a thread has received other values, though memory is the same', () => {
    const setup: Setup = (_machine, process) => {
      process.allocate(4);
      process.spawn(loads(0));
      process.spawn(function* store(t) {
        yield* t.store(WORD, 1);
        yield* t.fence();
      });
    };
    expect(after([step(0), step(1)], setup)).not.toBe(after([step(1), step(0)], setup));
  });

  it('tells a store in a buffer from one that has reached memory', () => {
    const setup: Setup = (_machine, process) => {
      process.allocate(4);
      process.spawn(function* store(t) {
        yield* t.store(WORD, 1);
        yield* t.load(WORD);
      });
    };
    const config = { memory: 'tso' } as const;
    expect(after([step(0)], setup, config)).not.toBe(after([step(0), drain(0)], setup, config));
  });

  it('is the same however often a loop went round that changes nothing, though time passed', () => {
    const setup: Setup = (machine, process) => {
      process.allocate(4);
      const spin = new ProgramBuilder('spin')
        .label('again')
        .ld32(r5, r1)
        .beq(r5, r2, 'again')
        .ret();
      const routine = machine.install(spin.build()).routine('again');
      process.spawn(function* spinning(t) {
        yield* t.call(routine, WORD, 0);
      });
    };
    const once = after([step(0)], setup);
    expect(after([step(0), step(0), step(0)], setup)).toBe(once);
    expect(after([], setup)).toBe(once);
  });

  it('takes registers that are overwritten before they are read for equal', () => {
    const program =
      (keeps: boolean): Setup =>
      (machine, process) => {
        process.allocate(128);
        const builder = new ProgramBuilder('two loads').label('two').ld32(r5, r1).ld32(r0, r2);
        if (keeps) builder.add(r0, r0, r5);
        const routine = machine.install(builder.ret().build()).routine('two');
        process.spawn(function* reader(t) {
          yield* t.call(routine, WORD, WORD + 64);
        });
        process.spawn(function* writer(t) {
          yield* t.store(WORD, 1);
          yield* t.fence();
        });
      };
    const early = [step(0), step(1)];
    const late = [step(1), step(0)];
    expect(after(early, program(false))).toBe(after(late, program(false)));
    expect(after(early, program(true))).not.toBe(after(late, program(true)));
  });

  it('tells registers apart that the program returns', () => {
    const setup: Setup = (machine, process) => {
      process.allocate(128);
      const builder = new ProgramBuilder('two loads').returns(r5).label('two');
      const routine = machine
        .install(builder.ld32(r5, r1).ld32(r0, r2).ret().build())
        .routine('two');
      process.spawn(function* reader(t) {
        if (!t.exec(routine, WORD, WORD + 64)) yield;
        t.register(5);
      });
      process.spawn(function* writer(t) {
        yield* t.store(WORD, 1);
        yield* t.fence();
      });
    };
    expect(after([step(0), step(1)], setup)).not.toBe(after([step(1), step(0)], setup));
  });

  it('is the same on a machine that was used before', () => {
    const machine = new Machine({ cpus: 2, fingerprint: true }, new RandomDirector({ seed: 1 }));
    const fingerprints = [3, 8, 3, 8].map((seed) => {
      machine.reset(new RandomDirector({ seed }));
      const process = machine.createProcess('main');
      const word = process.allocate(4);
      for (let i = 0; i < 3; i++)
        process.spawn(function* add(t) {
          yield* t.store(word, (yield* t.load(word)) + i + 1);
          yield* t.store(t.stackPointer - 4, 1);
        });
      machine.run({ decisions: 12 });
      const lanes = { low: 0, high: 0 };
      machine.fingerprint(lanes);
      return `${lanes.low},${lanes.high}`;
    });
    expect(fingerprints.slice(2)).toEqual(fingerprints.slice(0, 2));
    expect(fingerprints[0]).not.toBe(fingerprints[1]);
  });
});
