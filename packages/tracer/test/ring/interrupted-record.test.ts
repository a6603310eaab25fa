import { describe, expect, it } from 'vitest';
import {
  Machine,
  SignalNumber,
  sigaction,
  DecisionKind,
  encodeDecision,
} from '@rseqlab/sim-machine';
import type { Decision, Process } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { RingBuffers } from '../../src/ring/ring-buffers.js';
import { ringContent, SMALL } from './ring-scenario.js';
import { Interrupter } from './interrupter.js';

const { SIGURG } = SignalNumber;
const preempt = encodeDecision(DecisionKind.Preempt, 0, 1);
const migrate = (cpu: number): Decision => encodeDecision(DecisionKind.Migrate, cpu, 0);
const signal = encodeDecision(DecisionKind.Signal, SIGURG, 0);

const GEOMETRY = { ...SMALL, subbufBytes: 64, subbufCount: 8 };

/** Two threads on CPU 0 that record twice each; a handler of the first records too. */
function start(machine: Machine): {
  readonly process: Process;
  readonly buffers: RingBuffers;
  readonly emitted: number[];
} {
  const process = machine.createProcess('main');
  const buffers = RingBuffers.create(machine, process, GEOMETRY);
  const emitted: number[] = [];
  process.spawn(
    function* interrupted(t) {
      yield* sigaction(t, SIGURG, function* handler(self) {
        emitted.push(9);
        yield* buffers.record(self, 9, [109]);
      });
      for (let i = 0; i < 2; i++) {
        emitted.push(i);
        yield* buffers.record(t, i, [100 + i]);
      }
    },
    { cpu: 0 },
  );
  process.spawn(
    function* other(t) {
      for (let i = 2; i < 4; i++) {
        emitted.push(i);
        yield* buffers.record(t, i, [100 + i]);
      }
    },
    { cpu: 0 },
  );
  return { process, buffers, emitted };
}

const INTERRUPTIONS = {
  'a preemption': [preempt],
  'a migration': [migrate(1)],
  'a migration there and back': [migrate(1), migrate(0)],
  'a preemption and a migration': [preempt, migrate(1)],
  'a signal': [signal],
  'a signal and a preemption': [signal, preempt],
} as const;

/** Instructions of the first thread: enough for what it does before the others come. */
const INSTRUCTIONS = 190;

/** What is wrong with the rings; undefined when every event is there once, whole and in order. */
function problem(buffers: RingBuffers, emitted: readonly number[]): string | undefined {
  const found: number[] = [];
  for (const cpu of buffers.cpus) {
    const { records, lost, isCommitted } = ringContent(buffers, cpu);
    if (lost !== 0 || !isCommitted) return `ring ${cpu}: ${lost} lost, committed ${isCommitted}`;
    let last = 0;
    for (const { event, isCommitted: isWhole, words, time } of records) {
      if (!isWhole || words[0] !== 100 + event) return `event ${event} is not whole`;
      if (time < last) return `event ${event} is out of order`;
      last = time;
      found.push(event);
    }
  }
  const [got, expected] = [found.sort().join(), [...emitted].sort().join()];
  return got === expected ? undefined : `got ${got} of ${expected}`;
}

describe('a record', () => {
  it.each<[keyof typeof INTERRUPTIONS, 'sc' | 'tso' | 'weak']>([
    ['a preemption', 'sc'],
    ['a migration', 'sc'],
    ['a migration there and back', 'weak'],
    ['a preemption and a migration', 'tso'],
    ['a signal', 'sc'],
    ['a signal and a preemption', 'weak'],
  ])('is there once and whole wherever %s falls, under %s', (interruption, memory) => {
    const aborted = new Set<number>();
    const machine = new Machine(
      {
        cpus: 2,
        memory,
        kernel: [rseq()],
        events: { signals: [SIGURG] },
        memoryBytes: 2 ** 21,
        maxThreads: 2,
        maxProcesses: 1,
      },
      new Interrupter(0, []),
    );
    machine.events.on('abort', ({ thread, from }) => {
      if (thread === 0) aborted.add(from);
    });
    const problems: string[] = [];
    for (let instructions = 0; instructions < INSTRUCTIONS; instructions++) {
      machine.reset(new Interrupter(instructions, INTERRUPTIONS[interruption]));
      const { process, buffers, emitted } = start(machine);
      const { outcome } = machine.run({ decisions: 4000 });
      const wrong = outcome === 'finished' && process.exitStatus === 0 ? undefined : outcome;
      const text = wrong ?? problem(buffers, emitted);
      if (text !== undefined) problems.push(`after ${instructions} instructions: ${text}`);
    }
    expect(problems).toEqual([]);
    // Every instruction of the sections that it goes through was the one that was not executed.
    expect(aborted.size).toBeGreaterThan(60);
  });
});
