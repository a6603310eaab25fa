import { PerCpuCounter } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import type { RseqOptions } from '@rseqlab/rseq-runtime';
import {
  Mutex,
  ProgramBuilder,
  Registers,
  SignalMaskHow,
  SignalNumber,
  futexWait,
  futexWake,
  nanosleep,
  schedYield,
  sigprocmask,
} from '@rseqlab/sim-machine';
import type { EventAllowance, MachineConfig, Operation, Thread } from '@rseqlab/sim-machine';
import { scenario } from '../../../src/scenario.js';
import type { Scenario } from '../../../src/scenario.js';

type Body = (t: Thread, word: number) => Operation<unknown>;

/** Threads that share a line of words; an expected word 0 makes an assertion of it. */
function sharing(
  name: string,
  bodies: readonly Body[],
  machine: MachineConfig = {},
  more: { readonly events?: EventAllowance; readonly expected?: number } = {},
): Scenario {
  return scenario({
    name,
    machine: { cpus: 2, maxThreads: bodies.length, maxProcesses: 1, ...machine },
    ...(more.events === undefined ? {} : { events: more.events }),
    setup(lab) {
      const word = lab.process.allocate(64);
      bodies.forEach((body, index) => {
        lab.spawn((t) => body(t, word), { name: `T${index}` });
      });
      return word;
    },
    check(word, lab) {
      if (more.expected !== undefined)
        lab.expectEqual(lab.process.read32(word), more.expected, 'the word');
    },
  });
}

/** Threads that add to a per-CPU counter, with sections that the kernel restarts or does not. */
export function counting(
  threads: number,
  iterations: number,
  kernel: RseqOptions = {},
  events: EventAllowance = {},
): Scenario {
  return scenario({
    name: `per-CPU counter, rseq ${kernel.profile ?? ''}`,
    machine: { cpus: 2, maxThreads: threads, maxProcesses: 1, kernel: [rseq(kernel)] },
    events,
    setup(lab) {
      const counter = PerCpuCounter.create(lab.machine, lab.process);
      for (let i = 0; i < threads; i++)
        lab.spawn(function* increment(t) {
          for (let n = 0; n < iterations; n++) yield* counter.add(t, 1);
        });
      return counter;
    },
    check(counter, lab) {
      lab.expectEqual(counter.sum(), threads * iterations, 'the sum');
    },
  });
}

const add: Body = (t, word) => t.fetchAdd(word, 1);
const racyAdd: Body = function* (t, word) {
  yield* t.store(word, (yield* t.load(word)) + 1);
};
const locking: Body = function* (t, word) {
  const lock = new Mutex(word + 4);
  yield* lock.lock(t);
  yield* racyAdd(t, word);
  yield* lock.unlock(t);
};
/** Adds with signals blocked, and tells what it had blocked. */
const masked: Body = function* (t, word) {
  const every = { low: -1, high: -1 };
  const before = yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, every);
  yield* racyAdd(t, word);
  if (typeof before === 'number') return;
  yield* sigprocmask(t, SignalMaskHow.SIG_SETMASK, before);
  const after = yield* sigprocmask(t, SignalMaskHow.SIG_BLOCK, before);
  yield* t.store(word + 4, typeof after === 'number' ? after : after.low);
};
const small: Body = function* (t, word) {
  yield* t.store8(word + 1, t.id + 1);
  yield* t.store16(word + 2, yield* t.load8(word + 1));
  yield* t.compareExchange(word + 8, 0, t.id + 1);
};

/** Programs whose states can be kept. */
export const KEPT: readonly Scenario[] = [
  sharing('atomic adds', [add, add, add], {}, { expected: 3 }),
  sharing('racy adds', [racyAdd, racyAdd], {}, { expected: 2 }),
  sharing('accesses of every size', [small, small]),
  sharing('a lock', [locking, locking], {}, { expected: 2 }),
  sharing('signals that are blocked', [masked, add]),
  sharing('threads that yield', [
    function* (t, word) {
      yield* schedYield(t);
      yield* racyAdd(t, word);
    },
    racyAdd,
    add,
  ]),
  sharing('a wait that ends', [(t, word) => t.waitUntilNotEqual(word, 0), add], { cpus: 1 }),
  sharing('a wait that never ends', [(t, word) => t.waitUntilEqual(word, 7), add]),
  sharing('sleepers and a waker', [
    (t, word) => futexWait(t, word, 0),
    (t, word) => futexWait(t, word, 0),
    function* (t, word) {
      yield* t.store(word, 1);
      yield* futexWake(t, word, 1);
      yield* futexWake(t, word, 1);
    },
  ]),
  sharing(
    'a sleeper that wakes for no reason',
    [(t, word) => futexWait(t, word, 0), add],
    {},
    { events: { spuriousWakes: true } },
  ),
  sharing('memory that is not there', [(t) => t.load(0x40), add]),
  counting(2, 1),
  counting(2, 1, { aborts: false }),
];

/** Programs that need to be executed path by path. */
export const NOT_KEPT: readonly Scenario[] = [
  sharing('store buffers', [racyAdd, racyAdd], { memory: 'tso' }),
  sharing('a timer', [(t) => nanosleep(t, 1000), add]),
  sharing('signals', [racyAdd, add], {}, { events: { spuriousWakes: true, pageFaults: true } }),
  sharing(
    'a signal that waits until it is not blocked, and kills',
    [masked, add],
    {},
    { events: { signals: [SignalNumber.SIGUSR1], preemption: false, migration: false } },
  ),
];

const { r1, r2, r3, r4 } = Registers;

/**
 * Two threads of machine code that each take a flag and go on only if the other's is down; else they
 * try again, after they have lowered their flag, or without it.
 */
export function polite(lowersFlag: boolean): Scenario {
  const program = new ProgramBuilder('polite')
    .label('enter')
    .li32(r3, 1)
    .label('again')
    .st32(r3, r1)
    .ld32(r4, r2)
    .li32(r3, 0)
    .beq(r4, r3, 'in')
    .li32(r3, lowersFlag ? 0 : 1)
    .st32(r3, r1)
    .li32(r3, 1)
    .jmp('again')
    .label('in')
    .li32(r3, 0)
    .st32(r3, r1)
    .ret()
    .build();
  return scenario({
    name: lowersFlag ? 'flags that are lowered' : 'flags that stay up',
    machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
    events: { preemption: false, migration: false },
    setup(lab) {
      const flags = lab.process.allocate(8);
      const enter = lab.machine.install(program).routine('enter');
      for (let cpu = 0; cpu < 2; cpu++)
        lab.spawn((t) => t.call(enter, flags + 4 * cpu, flags + 4 * (1 - cpu)), {
          cpu,
          name: `T${cpu}`,
        });
    },
  });
}
