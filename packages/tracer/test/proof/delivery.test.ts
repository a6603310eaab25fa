// Cases 6, 7 and 9: what a reader is given, wherever a producer was interrupted.
import { describe, expect, it } from 'vitest';
import {
  DecisionKind,
  Machine,
  SignalNumber,
  encodeDecision,
  sigaction,
} from '@rseqlab/sim-machine';
import type { Decision, MemoryModelName } from '@rseqlab/sim-machine';
import { rseq } from '@rseqlab/rseq-runtime';
import { RingBuffers } from '../../src/ring/ring-buffers.js';
import { RING_VARIANT } from '../../src/ring/ring-variant.js';
import type { RingVariant } from '../../src/ring/ring-variant.js';
import { Interrupter } from '../ring/interrupter.js';
import { SUBBUF_BYTES, drainAll, timeProblem } from './delivered.js';
import type { Delivered } from './delivered.js';

const { SIGURG } = SignalNumber;
const preempt = encodeDecision(DecisionKind.Preempt, 0, 1);
const migrate = encodeDecision(DecisionKind.Migrate, 1, 0);
const signal = encodeDecision(DecisionKind.Signal, SIGURG, 0);

/** Two records fill a sub-buffer: somebody else always closes what the interrupted one has begun. */
const GEOMETRY = {
  subbufBytes: SUBBUF_BYTES,
  subbufCount: 8,
  mode: 'discard',
  isShared: false,
} as const;

const INSTRUCTIONS = 130;

function machineOf(memory: MemoryModelName): Machine {
  return new Machine(
    {
      cpus: 2,
      memory,
      kernel: [rseq()],
      events: { signals: [SIGURG] },
      memoryBytes: 2 ** 21,
      maxThreads: 4,
      maxProcesses: 1,
    },
    new Interrupter(0, []),
  );
}

/** Runs an interrupted producer, one beside it, and a reader of each CPU behind them. */
function deliveries(
  machine: Machine,
  variant?: RingVariant,
): { readonly emitted: number[]; readonly subbufs: Delivered[] } {
  const process = machine.createProcess('main');
  const buffers = RingBuffers.create(machine, process, GEOMETRY, variant);
  const emitted: number[] = [];
  const subbufs: Delivered[] = [];
  const done = process.allocate(4);
  process.spawn(
    function* interrupted(t) {
      yield* sigaction(t, SIGURG, function* handler(h) {
        for (const event of [8, 9, 10]) {
          emitted.push(event);
          yield* buffers.record(h, event, [100 + event]);
        }
      });
      emitted.push(0);
      yield* buffers.record(t, 0, [100]);
      yield* t.fetchAdd(done, 1);
    },
    { cpu: 0 },
  );
  process.spawn(
    function* other(t) {
      for (const event of [1, 2, 3]) {
        emitted.push(event);
        yield* buffers.record(t, event, [100 + event]);
      }
      yield* t.fetchAdd(done, 1);
    },
    { cpu: 0 },
  );
  for (const cpu of [0, 1])
    process.spawn(
      function* reader(t) {
        yield* t.waitUntilEqual(done, 2);
        yield* drainAll(t, buffers, cpu, (subbuf) => void subbufs.push(subbuf));
      },
      { affinity: [cpu] },
    );
  expect(machine.run({ decisions: 10_000 }).outcome).toBe('finished');
  return { emitted, subbufs };
}

function problem({ emitted, subbufs }: ReturnType<typeof deliveries>): string | undefined {
  const records = subbufs.flatMap((subbuf) => subbuf.records);
  const events = records.map(({ event }) => event).sort((a, b) => a - b);
  const expected = [...emitted].sort((a, b) => a - b);
  if (events.join() !== expected.join()) return `got ${events.join()} of ${expected.join()}`;
  const broken = records.find(({ isWhole, event, word }) => !isWhole || word !== 100 + event);
  if (broken !== undefined) return `event ${broken.event} is not whole`;
  for (const cpu of [0, 1]) {
    const wrong = timeProblem(subbufs.filter((subbuf) => subbuf.cpu === cpu));
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

describe('sub-buffers', () => {
  it.each<[string, MemoryModelName, readonly Decision[]]>([
    ['a preemption', 'weak', [preempt]],
    ['a signal', 'tso', [signal]],
    ['a signal and a preemption', 'sc', [signal, preempt]],
    ['a preemption and a migration', 'tso', [preempt, migrate]],
  ])(
    'are delivered once, follow each other, and their times cover their events, wherever %s falls, under %s',
    (_, memory, interruption) => {
      const machine = machineOf(memory);
      const problems: string[] = [];
      let interruptions = 0;
      for (let instructions = 0; instructions < INSTRUCTIONS; instructions++) {
        machine.reset(new Interrupter(instructions, interruption));
        const text = problem(deliveries(machine));
        if (machine.decisions.includes(interruption[0]!)) interruptions += 1;
        if (text !== undefined) problems.push(`after ${instructions} instructions: ${text}`);
      }
      expect(problems).toEqual([]);
      expect(interruptions).toBeGreaterThan(60);
    },
  );

  it('would not be so if the clock were read before the offset', () => {
    const machine = machineOf('sc');
    const variant: RingVariant = { ...RING_VARIANT, clock: 'before section' };
    const problems = new Set<string | undefined>();
    for (let instructions = 0; instructions < INSTRUCTIONS; instructions++) {
      machine.reset(new Interrupter(instructions, [preempt]));
      problems.add(problem(deliveries(machine, variant)));
    }
    expect([...problems].join()).toMatch(/event 0 of \d+ comes behind \d+/);
  });
});
