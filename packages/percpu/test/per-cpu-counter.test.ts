import { describe, expect, it } from 'vitest';
import {
  Machine,
  ScriptedDirector,
  encodeDecision,
  DecisionKind,
  verifySections,
} from '@rseqlab/sim-machine';
import type { Decision, Process, Program } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { COUNTER_STRIDE_BYTES, CounterLayout } from '../src/counter-layout.js';
import { PerCpuCounter } from '../src/per-cpu-counter.js';
import type { CounterMethod } from '../src/per-cpu-counter.js';

const METHODS: readonly CounterMethod[] = ['rseq', 'atomic', 'plain'];

const runOn = (cpu: number): Decision => encodeDecision(DecisionKind.Step, cpu, 10_000);

describe.each(METHODS)('a counter by %s', (method) => {
  function run(
    cpus: readonly number[],
    startOn: readonly number[],
  ): { counter: PerCpuCounter; process: Process } {
    const script = startOn.map(runOn);
    const machine = new Machine(
      { cpus, kernel: [rseq()], memoryBytes: 2 ** 22 },
      new ScriptedDirector(script),
    );
    const process = machine.createProcess('main');
    const counter = PerCpuCounter.create(machine, process, method);
    for (const cpu of startOn)
      process.spawn(
        function* add(t) {
          yield* counter.add(t, cpu + 1);
          yield* counter.add(t, cpu + 1);
        },
        { cpu },
      );
    machine.run();
    return { counter, process };
  }

  it('starts at zero', () => {
    const { counter } = run([0, 1], []);
    expect(counter.sum()).toBe(0);
  });

  it('adds to the word of the CPU that the thread is on, and to no other', () => {
    const { counter } = run([0, 1, 2], [0, 2]);
    expect([0, 1, 2].map((cpu) => counter.ofCpu(cpu))).toEqual([2, 0, 6]);
    expect(counter.sum()).toBe(8);
  });

  it('works with CPU numbers that are far apart', () => {
    const { counter } = run([3, 900], [3, 900]);
    expect([counter.ofCpu(3), counter.ofCpu(900)]).toEqual([8, 1802]);
    expect(counter.sum()).toBe(1810);
  });

  it('adds without a generator of its own, too', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new ScriptedDirector([runOn(0)]));
    const process = machine.createProcess('main');
    const counter = PerCpuCounter.create(machine, process, method);
    process.spawn(function* add(t) {
      for (let i = 0; i < 10; i++) if (!counter.tryAdd(t, i)) yield;
    });
    expect(machine.run().outcome).toBe('finished');
    expect(counter.sum()).toBe(45);
  });

  it('is one of several that do not disturb each other', () => {
    const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new ScriptedDirector([runOn(0)]));
    const process = machine.createProcess('main');
    const one = PerCpuCounter.create(machine, process, method);
    const other = PerCpuCounter.create(machine, process, method);
    process.spawn(function* add(t) {
      yield* one.add(t, 1);
      yield* other.add(t, 10);
      yield* one.add(t, 2);
    });
    machine.run();
    expect([one.sum(), other.sum()]).toEqual([3, 10]);
  });

  it('has sound sections', () => {
    const machine = new Machine({ cpus: 1 }, new ScriptedDirector([]));
    const process = machine.createProcess('main');
    PerCpuCounter.create(machine, process, method);
    const programs = new Set<Program>();
    for (let address = 0x400000; address < 0x401000; address += 4) {
      const installed = machine.programAt(address);
      if (installed !== undefined) programs.add(installed.program);
    }
    expect([...programs].map(({ name }) => name)).toContainEqual(
      expect.stringContaining('per-CPU counter'),
    );
    for (const program of programs)
      expect(() => {
        verifySections(program);
      }).not.toThrow();
  });
});

describe('CounterLayout', () => {
  it('puts the words of CPUs on cache lines of their own', () => {
    const machine = new Machine({ cpus: 1 }, new ScriptedDirector([]));
    const process = machine.createProcess('main');
    const layout = new CounterLayout(process, [0, 1, 5]);
    expect(COUNTER_STRIDE_BYTES).toBe(64);
    expect(layout.base % COUNTER_STRIDE_BYTES).toBe(0);
    process.write32(layout.base + 5 * 64, 7);
    process.write32(layout.base + 4 * 64, 100);
    expect(layout.ofCpu(5)).toBe(7);
    expect(layout.sum()).toBe(7);
    expect(process.allocate(4)).toBeGreaterThanOrEqual(layout.base + 6 * 64);
  });

  it('sums as int32', () => {
    const machine = new Machine({ cpus: 1 }, new ScriptedDirector([]));
    const process = machine.createProcess('main');
    const layout = new CounterLayout(process, [0, 1]);
    process.write32(layout.base, 2 ** 31 - 1);
    process.write32(layout.base + 64, 1);
    expect(layout.sum()).toBe(-(2 ** 31));
  });
});
