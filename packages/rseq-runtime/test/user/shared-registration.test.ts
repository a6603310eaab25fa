import { RSEQ_CPU_ID_REGISTRATION_FAILED, RSEQ_ORIGINAL_SIZE } from '../../src/kernel/rseq-abi.js';
import { describe, expect, it } from 'vitest';
import {
  DecisionKind,
  Errno,
  Machine,
  SignalNumber,
  TimedDirector,
  encodeDecision,
  sigaction,
} from '@rseqlab/sim-machine';
import type { KernelModule, Operation, Process, Thread } from '@rseqlab/sim-machine';
import {
  PerCpuPrimitives,
  PrimitiveOutcome,
  RSEQ_OFFSET,
  RSEQ_REFERENCES_OFFSET,
  SharedRegistration,
  currentCpu,
  currentIndex,
  rseq,
} from '../../src/index.js';
import { InterruptingDirector } from './interrupting-director.js';

const { SIGURG } = SignalNumber;
const lazily = [rseq({ autoRegister: false })];

/** Runs a thread with a registration that two libraries share; returns what it notes. */
function run(
  kernel: readonly KernelModule[],
  body: (
    t: Thread,
    one: SharedRegistration,
    other: SharedRegistration,
    process: Process,
  ) => Operation<unknown[]>,
): unknown[] {
  const machine = new Machine({ cpus: 2, kernel }, new TimedDirector());
  const process = machine.createProcess('main');
  const one = SharedRegistration.create(process);
  const other = SharedRegistration.create(process);
  let facts: unknown[] = [];
  process.spawn(
    function* only(t) {
      facts = yield* body(t, one, other, process);
    },
    { cpu: 1 },
  );
  expect(machine.run().outcome).toBe('finished');
  return facts;
}

describe('a registration that two libraries share', () => {
  it('begins with the first and ends with the last of them', () => {
    const facts = run(lazily, function* (t, one, other) {
      return [
        yield* one.isRegistered(t),
        yield* one.register(t),
        yield* other.register(t),
        yield* one.unregister(t),
        yield* other.isRegistered(t),
        yield* currentIndex(t, 'cpu_id'),
        yield* other.unregister(t),
        yield* one.isRegistered(t),
      ];
    });
    expect(facts).toEqual([false, 0, 0, 0, true, 1, 0, false]);
  });

  it('is the C library’s where that registers threads: no library ends it', () => {
    const facts = run([rseq()], function* (t, one, other) {
      return [
        yield* one.register(t),
        yield* other.unregister(t),
        yield* other.unregister(t),
        yield* one.isRegistered(t),
        yield* t.load(t.threadPointer + RSEQ_REFERENCES_OFFSET),
      ];
    });
    expect(facts).toEqual([0, 0, 0, true, 0]);
  });

  it('cannot be ended twice: -EINVAL', () => {
    const facts = run(lazily, function* (t, one, other) {
      return [
        yield* one.unregister(t),
        yield* one.register(t),
        yield* one.unregister(t),
        yield* other.unregister(t),
      ];
    });
    expect(facts).toEqual([-Errno.EINVAL, 0, 0, -Errno.EINVAL]);
  });

  it.each(['v6.1', 'v6.18', 'v6.19', 'v7.1'] as const)(
    'leaves no id behind, of either kind, as it found none: %s',
    (profile) => {
      const kernel = [rseq({ profile, autoRegister: false })];
      const facts = run(kernel, function* (t, one) {
        const ids = function* (): Operation<number[]> {
          return [yield* currentIndex(t, 'cpu_id'), yield* currentIndex(t, 'mm_cid')];
        };
        const before = yield* ids();
        yield* one.register(t);
        yield* one.unregister(t);
        return [before, yield* ids()];
      });
      expect(facts).toEqual([
        [-1, -1],
        [-1, -1],
      ]);
    },
  );

  it('can begin again after it ended', () => {
    const facts = run(lazily, function* (t, one) {
      yield* one.register(t);
      yield* one.unregister(t);
      return [yield* one.register(t), yield* one.isRegistered(t)];
    });
    expect(facts).toEqual([0, true]);
  });

  it('is refused with -ENOSYS by a kernel without rseq, and the area says so', () => {
    const facts = run([], function* (t, one) {
      const error = yield* one.register(t);
      return [error, yield* currentIndex(t, 'cpu_id'), yield* one.unregister(t)];
    });
    expect(facts).toEqual([-Errno.ENOSYS, RSEQ_CPU_ID_REGISTRATION_FAILED, -Errno.EINVAL]);
  });

  it('lets sections commit, and after its end no more', () => {
    const machine = new Machine({ cpus: 1, kernel: lazily }, new TimedDirector());
    const process = machine.createProcess('main');
    const registration = SharedRegistration.create(process);
    const { addv } = PerCpuPrimitives.create(machine, process);
    const word = process.allocate(4);
    const outcomes: number[] = [];
    process.spawn(function* only(t) {
      for (const step of ['register', 'unregister'] as const) {
        if (!addv.start(t, word, 1, 0)) yield;
        outcomes.push(t.result);
        yield* registration[step](t);
      }
      if (!addv.start(t, word, 1, 0)) yield;
      outcomes.push(t.result);
    });
    machine.run();
    const { Aborted, Committed } = PrimitiveOutcome;
    expect(outcomes).toEqual([Aborted, Committed, Aborted]);
    expect(process.read32(word)).toBe(1);
  });

  it('ends with its thread: the next thread in its block has none', () => {
    const machine = new Machine({ cpus: 1, kernel: lazily }, new TimedDirector());
    const process = machine.createProcess('main');
    const registration = SharedRegistration.create(process);
    const facts: unknown[] = [];
    for (let n = 0; n < 2; n++) {
      process.spawn(function* forgetful(t) {
        facts.push(t.id, yield* registration.isRegistered(t), yield* registration.register(t));
      });
      machine.run();
    }
    expect(facts).toEqual([0, false, 0, 0, false, 0]);
  });

  it('counts right wherever a signal handler registers, too', () => {
    const machine = new Machine(
      { cpus: 1, kernel: lazily, events: { signals: [SIGURG] }, memoryBytes: 2 ** 22 },
      new InterruptingDirector([]),
    );
    let handled = 0;
    for (let after = 0; after < 75; after++) {
      const decision = encodeDecision(DecisionKind.Signal, SIGURG, 0);
      let handlers = 0;
      machine.reset(new InterruptingDirector([{ after, decision, happened: () => undefined }]));
      const process = machine.createProcess('main');
      const registration = SharedRegistration.create(process);
      const facts: unknown[] = [];
      process.spawn(function* only(t) {
        yield* sigaction(t, SIGURG, function* handler(self) {
          yield* registration.register(self);
          handlers += 1;
        });
        yield* registration.register(t);
        const before = handlers;
        const references = yield* t.load(t.threadPointer + RSEQ_REFERENCES_OFFSET);
        facts.push(references, before, handlers);
        facts.push(yield* registration.isRegistered(t));
      });
      machine.run({ decisions: 2000 });
      const [references, before, since, registered] = facts as [number, number, number, boolean];
      expect([1 + before, 1 + since], `signal after ${after}`).toContain(references);
      expect(registered).toBe(true);
      if (before === 1) handled += 1;
    }
    expect(handled).toBeGreaterThan(10);
  });
});

describe('the CPU number', () => {
  it.each([
    ['rseq', [rseq()], 1, 4],
    ['the word of getcpu_cache', [], 3, 3],
    ['the system call', [], -1, 1],
  ] as const)('comes from %s', (source, kernel, word, expected) => {
    const facts = run(kernel, function* (t, _one, _other, process) {
      const cache = process.allocate(4);
      process.write32(cache, word);
      if (source === 'rseq') yield* t.store(t.threadPointer + 4, 4);
      return [yield* currentCpu(t, cache)];
    });
    expect(facts).toEqual([expected]);
  });

  it('comes from the system call where there is neither rseq nor getcpu_cache', () => {
    expect(
      run([], function* (t) {
        return [yield* currentCpu(t)];
      }),
    ).toEqual([1]);
  });
});

it('what rseq and its users count in a thread is for no other library', () => {
  const machine = new Machine({ cpus: 1, kernel: [rseq()] }, new TimedDirector());
  const process = machine.createProcess('main');
  SharedRegistration.create(process);
  SharedRegistration.create(process);
  for (const [offset, owner] of [
    [RSEQ_OFFSET, 'the rseq area'],
    [RSEQ_OFFSET + RSEQ_ORIGINAL_SIZE - 4, 'the rseq area'],
    [RSEQ_REFERENCES_OFFSET, 'the count of uses of rseq'],
  ] as const)
    expect(() => {
      process.threadData.claim(offset, 4, 'another library');
    }).toThrow(`for another library, got that of ${owner}`);
});
