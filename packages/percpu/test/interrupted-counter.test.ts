import { describe, expect, it } from 'vitest';
import {
  DecisionKind,
  Machine,
  SignalNumber,
  encodeDecision,
  sigaction,
} from '@rseqlab/sim-machine';
import type { Decision, Process } from '@rseqlab/sim-machine';
import { RseqOffset, rseq } from '@rseqlab/rseq-runtime';
import { PerCpuCounter } from '../src/per-cpu-counter.js';
import { Interrupter } from './interrupter.js';

const { SIGURG } = SignalNumber;

const preempt = encodeDecision(DecisionKind.Preempt, 0, 1);
const migrate = (cpu: number): Decision => encodeDecision(DecisionKind.Migrate, cpu, 0);
const signal = encodeDecision(DecisionKind.Signal, SIGURG, 0);

/** Two threads on CPU 0 that add 1 and 10, twice each; a handler of the first adds 100. */
function start(machine: Machine): {
  process: Process;
  counter: PerCpuCounter;
  expected: () => number;
} {
  const process = machine.createProcess('main');
  const counter = PerCpuCounter.create(machine, process);
  let signals = 0;
  process.spawn(
    function* interrupted(t) {
      yield* sigaction(t, SIGURG, function* handler(self) {
        signals += 1;
        yield* counter.add(self, 100);
      });
      for (let i = 0; i < 2; i++) yield* counter.add(t, 1);
    },
    { cpu: 0 },
  );
  process.spawn(
    function* other(t) {
      for (let i = 0; i < 2; i++) yield* counter.add(t, 10);
    },
    { cpu: 0 },
  );
  return { process, counter, expected: () => 22 + 100 * signals };
}

describe.each(['sc', 'tso'] as const)('an add on rseq under %s', (memory) => {
  it.each<readonly [what: string, interruption: readonly Decision[]]>([
    ['a preemption', [preempt]],
    ['a migration', [migrate(1)]],
    ['a migration there and back', [migrate(1), migrate(0)]],
    ['a preemption and a migration', [preempt, migrate(1)]],
    ['a signal', [signal]],
    ['a signal and a preemption', [signal, preempt]],
  ])('is exact wherever it is interrupted by %s', (_what, interruption) => {
    const aborted = new Set<number>();
    let look = (): void => {};
    const looking = (): void => {
      look();
    };
    const machine = new Machine(
      {
        cpus: 2,
        memory,
        kernel: [rseq()],
        events: { signals: [SIGURG] },
        memoryBytes: 2 ** 22,
        maxThreads: 4,
      },
      new Interrupter(0, [], looking),
    );
    machine.events.on('abort', ({ thread, from }) => {
      if (thread === 0) aborted.add(from);
    });
    for (let instructions = 0; instructions < 60; instructions++) {
      machine.reset(new Interrupter(instructions, interruption, looking));
      const { process, counter, expected } = start(machine);
      look = (): void => {
        if (memory === 'sc') expectIds(machine, process);
      };
      expect(machine.run({ decisions: 2000 }).outcome).toBe('finished');
      expect(counter.sum(), `interrupted after ${instructions} instructions`).toBe(expected());
      expect(process.exitStatus).toBe(0);
    }
    // Every instruction of the section was the one that did not come to be executed.
    expect(aborted.size).toBe(6);
  });
});

/** In user mode the ids of a thread are those of its CPU. */
function expectIds(machine: Machine, process: Process): void {
  for (const cpu of machine.cpus.possible) {
    const thread = machine.cpus.current[cpu]!;
    if (thread < 0) continue;
    const area = machine.thread(thread).threadPointer;
    expect(process.read32(area + RseqOffset.cpuIdStart)).toBe(cpu);
    expect(process.read32(area + RseqOffset.cpuId)).toBe(cpu);
  }
}
