import { RSEQ_SIGNATURE, RseqOffset, rseq } from '@rseqlab/rseq-runtime';
import {
  ProgramBuilder,
  Registers,
  SchedulingPolicy,
  SignalNumber,
  futexWait,
  futexWake,
  getcpu,
  setScheduler,
  sigaction,
} from '@rseqlab/sim-machine';
import type { EventAllowance, Operation, Thread } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import type { FindingKind } from '../../src/finding.js';
import type { Lab } from '../../src/lab.js';
import { scenario } from '../../src/scenario.js';
import type { Scenario } from '../../src/scenario.js';
import { check } from '../../src/search/check.js';
import type { SearchName } from '../../src/search/strategies.js';

const NONE: EventAllowance = { preemption: false, migration: false };

/** A program that does nothing wrong unless the kernel does something to it. */
interface Exposed {
  readonly event: keyof EventAllowance;
  readonly allowed: EventAllowance;
  readonly cpus: number;
  /** Default a failed check. */
  readonly finds?: FindingKind;
  setup(lab: Lab): void;
}

const { r0, r1, r6, r7, r14 } = Registers;

/** add(r1: word): 0, or -1 where the section was aborted. */
const SECTION = new ProgramBuilder('section that tells of aborts')
  .label('add')
  .li32(r7, 'cs')
  .st32(r7, r14, RseqOffset.rseqCs)
  .section('cs', {
    signature: RSEQ_SIGNATURE,
    body: (section) => section.ld32(r6, r1).addi(r6, r6, 1).st32(r6, r1),
    abort: (handler) => handler.li(r0, -1).ret(),
  })
  .li(r0, 0)
  .ret()
  .build();

/** An increment by load and store, by two threads of one CPU. */
function increments(lab: Lab): void {
  const words = lab.process.allocate(2 * 4096, 4096);
  for (let i = 0; i < 2; i++)
    lab.spawn(function* add(t) {
      const value = yield* t.load(words);
      yield* t.store(words + 4096, value);
      lab.expect((yield* t.load(words)) === value, 'nobody in between', t);
      yield* t.store(words, value + 1);
    });
}

/** The same by two round-robin threads of one priority, of which one wakes the other before it begins. */
function roundRobinIncrements(lab: Lab): void {
  const words = lab.process.allocate(3 * 4096, 4096);
  const door = words + 2 * 4096;
  function* add(t: Thread): Operation<void> {
    const value = yield* t.load(words);
    yield* t.store(words + 4096, value);
    lab.expect((yield* t.load(words)) === value, 'nobody in between', t);
    yield* t.store(words, value + 1);
  }
  lab.spawn(function* sleeper(t) {
    yield* setScheduler(t, SchedulingPolicy.RoundRobin, 1);
    yield* futexWait(t, door, 0);
    yield* add(t);
  });
  lab.spawn(function* waker(t) {
    yield* setScheduler(t, SchedulingPolicy.RoundRobin, 1);
    yield* t.store(door, 1);
    yield* futexWake(t, door, 1);
    yield* add(t);
  });
}

/** A thread that relies on staying where it is. */
function stays(lab: Lab): void {
  lab.spawn(function* stay(t) {
    const before = yield* getcpu(t);
    const after = yield* getcpu(t);
    lab.expectEqual(after.cpu, before.cpu, 'the CPU', t);
  });
}

const EXPOSED: readonly Exposed[] = [
  { event: 'preemption', allowed: { preemption: true }, cpus: 1, setup: increments },
  { event: 'pageFaults', allowed: { pageFaults: true }, cpus: 1, setup: increments },
  // The only effect of a tick where nobody counts time: it ends the quantum of a round-robin thread.
  { event: 'ticks', allowed: { ticks: true }, cpus: 1, setup: roundRobinIncrements },
  { event: 'migration', allowed: { migration: true }, cpus: 2, setup: stays },
  { event: 'hotplug', allowed: { hotplug: true }, cpus: 2, setup: stays },
  {
    event: 'signals',
    allowed: { signals: [SignalNumber.SIGUSR1] },
    cpus: 1,
    setup(lab) {
      const word = lab.process.allocate(4);
      lab.spawn(function* interrupted(t) {
        yield* sigaction(t, SignalNumber.SIGUSR1, function* handler(own) {
          yield* own.store(word, 1);
        });
        yield* t.fence();
        lab.expectEqual(yield* t.load(word), 0, 'the word of the handler', t);
      });
    },
  },
  {
    event: 'spuriousWakes',
    allowed: { spuriousWakes: true },
    cpus: 2,
    setup(lab) {
      const word = lab.process.allocate(4);
      lab.spawn(function* sleeps(t) {
        yield* futexWait(t, word, 0);
        lab.expectEqual(yield* t.load(word), 1, 'the word it was to be woken for', t);
      });
    },
  },
  {
    event: 'kills',
    allowed: { kills: ['victim'] },
    cpus: 2,
    finds: 'unsatisfied-await',
    setup(lab) {
      const lock = lab.machine.createSharedMemory(4096);
      const victim = lab.machine.createProcess('victim');
      const theirs = victim.mapShared(lock);
      const ours = lab.process.mapShared(lock);
      victim.spawn(function* holder(t) {
        yield* t.exchange(theirs, 1);
        yield* t.storeRelease(theirs, 0);
      });
      lab.spawn(function* next(t) {
        yield* t.waitUntilEqual(ours, 0);
      });
    },
  },
  {
    event: 'singleSteps',
    allowed: { singleSteps: true },
    cpus: 1,
    setup(lab) {
      const word = lab.process.allocate(4);
      const section = lab.machine.install(SECTION).routine('add');
      lab.spawn(function* adds(t) {
        lab.expectEqual(yield* t.call(section, word), 0, 'the result of a section', t);
      });
    },
  },
];

function program({ cpus, setup, event }: Exposed, allowed: EventAllowance): Scenario {
  return scenario({
    name: event,
    machine: { cpus, kernel: event === 'singleSteps' ? [rseq()] : [] },
    events: { ...NONE, ...allowed },
    allowBlocked: event === 'spuriousWakes',
    setup,
  });
}

const EXHAUSTIVE: readonly SearchName[] = ['graphs', 'states', 'classes'];

describe.each(EXHAUSTIVE)('kernel events that a scenario allows, by the search %s,', (search) => {
  it.each(EXPOSED)('are found to break what they break: $event', (exposed) => {
    expect(check(program(exposed, exposed.allowed), { search })).toMatchObject({
      outcome: 'fails',
      finding: { kind: exposed.finds ?? 'assertion' },
      kernelEvents: 1,
    });
  });

  it.each(EXPOSED)('do not happen where they are not allowed: $event', (exposed) => {
    const { outcome, kernelEvents } = check(program(exposed, {}), { search });
    expect({ outcome, kernelEvents }).toEqual({ outcome: 'holds', kernelEvents: 0 });
  });
});

describe.each(['random', 'pct', 'walk'] as const)('kernel events, by the search %s,', (search) => {
  it.each(EXPOSED)('are drawn as well: $event', (exposed) => {
    const { finding } = check(program(exposed, exposed.allowed), { search, executions: 500 });
    expect(finding?.kind).toBe(exposed.finds ?? 'assertion');
  });

  it.each(EXPOSED)('are not drawn where they are not allowed: $event', (exposed) => {
    const result = check(program(exposed, {}), { search, executions: 20 });
    expect(result.finding).toBeUndefined();
    expect(result.kernelEvents).toBe(0);
  });
});
