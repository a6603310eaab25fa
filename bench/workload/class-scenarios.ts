import { scenario } from '@rseqlab/explorer';
import type { Lab, Scenario } from '@rseqlab/explorer';
import { PerCpuCounter, PerCpuList } from '@rseqlab/percpu';
import { rseq } from '@rseqlab/rseq-runtime';
import type { MemoryModelName, Operation, Thread, ThreadBody } from '@rseqlab/sim-machine';
import { RingBuffers } from '@rseqlab/tracer';
import type { RingVariant } from '@rseqlab/tracer';

/** Sections that do not look at the clock and are tried once: times would tell paths apart. */
const TIMELESS: RingVariant = {
  clock: 'none',
  releases: true,
  splitsCommits: true,
  attempts: 1,
};

const SMALL = { maxProcesses: 1, memoryBytes: 2 ** 22 };

/**
 * Two threads that compute Fibonacci numbers in two words, and one that looks at both.
 *
 * @param n sums of each thread
 */
export function fibonacci(n: number, memory: MemoryModelName): Scenario {
  return scenario({
    name: `fib with checker, n = ${n}, ${memory}`,
    machine: { cpus: 3, maxThreads: 3, memory, ...SMALL },
    events: { preemption: false, migration: false },
    setup(lab) {
      const one = lab.process.allocate(128);
      const other = one + 64;
      for (const word of [one, other]) lab.process.write32(word, 1);
      lab.spawn(sums, { cpu: 0 }, n, one, other);
      lab.spawn(sums, { cpu: 1 }, n, other, one);
      lab.spawn(check, { cpu: 2 }, one, other);
    },
  });
}

function* sums(t: Thread, n: number, to: number, from: number): Operation<void> {
  for (let i = 0; i < n; i++) yield* t.store(to, (yield* t.load(to)) + (yield* t.load(from)));
}

function* check(t: Thread, one: number, other: number): Operation<void> {
  yield* t.load(one);
  yield* t.load(other);
}

/** Threads that each add 1 to a per-CPU counter. */
export function counting(threads: number, cpus: number): Scenario {
  return perCpu(`per-CPU counter, ${threads} threads, ${cpus} CPUs`, threads, cpus, (lab) => {
    const counter = PerCpuCounter.create(lab.machine, lab.process);
    return function* add(t) {
      yield* counter.add(t, 1);
    };
  });
}

/** Threads that each push a node onto a per-CPU list. */
export function pushing(threads: number, cpus: number): Scenario {
  return perCpu(`per-CPU list, ${threads} pushes, ${cpus} CPUs`, threads, cpus, (lab) => {
    const list = PerCpuList.create(lab.machine, lab.process);
    const nodes = lab.process.allocate(64 * threads);
    return function* push(t) {
      yield* list.push(t, nodes + 64 * t.id);
    };
  });
}

/** Threads that each record an event into the ring buffers of their CPU. */
export function recording(threads: number, cpus: number): Scenario {
  const geometry = { subbufBytes: 32, subbufCount: 2, mode: 'discard', isShared: false } as const;
  return perCpu(`ring buffers, ${threads} records, ${cpus} CPUs`, threads, cpus, (lab) => {
    const buffers = RingBuffers.create(lab.machine, lab.process, geometry, TIMELESS);
    return function* record(t) {
      yield* buffers.record(t, t.id, [t.id]);
    };
  });
}

function perCpu(
  name: string,
  threads: number,
  cpus: number,
  setUp: (lab: Lab) => ThreadBody,
): Scenario {
  return scenario({
    name,
    machine: { cpus, maxThreads: threads, kernel: [rseq()], ...SMALL },
    setup(lab) {
      const body = setUp(lab);
      for (let i = 0; i < threads; i++) lab.spawn(body, { cpu: i % cpus });
    },
  });
}
