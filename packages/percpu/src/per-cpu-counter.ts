import { endedOperation, ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Machine, Operation, Process, Program, Routine, Thread } from '@rseqlab/sim-machine';
import { INDEX_OFFSET, RSEQ_OFFSET, RSEQ_SIGNATURE, RseqOffset } from '@rseqlab/rseq-runtime';
import type { IndexKind } from '@rseqlab/rseq-runtime';
import { CounterLayout } from './counter-layout.js';

const { r1, r2, r5, r6, r7, r14 } = Registers;

const LINE_SHIFT = 6;

/**
 * add(r1: counters, r2: what to add)
 *
 * Everything from reading the CPU number to the one committing store is a section: whoever is
 * preempted, migrated or signalled in between starts over, so no other thread of the CPU can have
 * come between the load and the store.
 */
function rseqAdd(name: string, index: IndexKind): Program {
  return new ProgramBuilder(name)
    .label('add')
    .li32(r7, 'cs')
    .note('arm: rseq_cs = &cs')
    .st32(r7, r14, RSEQ_OFFSET + RseqOffset.rseqCs)
    .section('cs', {
      signature: RSEQ_SIGNATURE,
      body: (section) =>
        section
          .note(`cpu = rseq->${index}`)
          .ld32(r5, r14, RSEQ_OFFSET + INDEX_OFFSET[index])
          .shli(r5, r5, LINE_SHIFT)
          .add(r5, r5, r1)
          .note('value = counter[cpu]')
          .ld32(r6, r5)
          .add(r6, r6, r2)
          .note('commit: counter[cpu] = value + delta')
          .st32(r6, r5),
      abort: 'add',
    })
    .ret()
    .build();
}

/** add(r1: counters, r2: what to add), by an atomic add to the word of the CPU it started on. */
const ATOMIC_ADD: Program = new ProgramBuilder('per-CPU counter, atomic')
  .label('add')
  .note('cpu = getcpu()')
  .rdpid(r5)
  .shli(r5, r5, LINE_SHIFT)
  .add(r5, r5, r1)
  .mov(r6, r2)
  .note('counter[cpu] += delta, atomically')
  .xadd32(r6, r5)
  .ret()
  .build();

/** add(r1: counters, r2: what to add), with nothing that keeps the load and the store together. */
const PLAIN_ADD: Program = new ProgramBuilder('per-CPU counter, plain')
  .label('add')
  .note('cpu = getcpu()')
  .rdpid(r5)
  .shli(r5, r5, LINE_SHIFT)
  .add(r5, r5, r1)
  .note('value = counter[cpu]')
  .ld32(r6, r5)
  .add(r6, r6, r2)
  .note('counter[cpu] = value + delta')
  .st32(r6, r5)
  .ret()
  .build();

/**
 * How a counter adds.
 *
 * `rseq`: in a restartable sequence, without atomics; exact. `rseq by mm_cid`: the same, on the word of
 * the thread's concurrency id instead of its CPU's. `atomic`: by an atomic add to the word
 * of the CPU where it began, which may no longer be its own; exact. `plain`: by load and store, for
 * seeing it lose updates.
 */
export type CounterMethod = 'rseq' | 'rseq by mm_cid' | 'atomic' | 'plain';

const PROGRAMS: Readonly<Record<CounterMethod, Program>> = {
  rseq: rseqAdd('per-CPU counter', 'cpu_id'),
  'rseq by mm_cid': rseqAdd('per-CPU counter by mm_cid', 'mm_cid'),
  atomic: ATOMIC_ADD,
  plain: PLAIN_ADD,
};

const ENDED: Operation<void> = endedOperation(undefined);

function* untilEnded(): Operation<void> {
  yield;
}

/**
 * A counter with one word a CPU: adding touches only the CPU's own cache line, reading sums up.
 *
 * Any number of threads may add at the same time. With a method by rseq every thread has to have rseq
 * registered, which the `rseq()` module sees to by default.
 *
 * @example
 * ```ts
 * const counter = PerCpuCounter.create(machine, process);
 * process.spawn(function* (t) {
 *   yield* counter.add(t, 1);
 * });
 * ```
 */
export class PerCpuCounter {
  readonly #layout: CounterLayout;
  readonly #add: Routine;

  private constructor(layout: CounterLayout, add: Routine) {
    this.#layout = layout;
    this.#add = add;
  }

  /** Makes a counter at zero in a process; before the threads that use it run. */
  static create(machine: Machine, process: Process, method: CounterMethod = 'rseq'): PerCpuCounter {
    const layout = new CounterLayout(process, machine.cpus.possible);
    return new PerCpuCounter(layout, machine.install(PROGRAMS[method]).routine('add'));
  }

  /**
   * Adds `delta` (int32, wraps) to the word of the CPU that the thread is on.
   *
   * It begins with the call: `yield*` it there and then.
   */
  add(thread: Thread, delta: number): Operation<void> {
    return this.tryAdd(thread, delta) ? ENDED : untilEnded();
  }

  /** Adds like {@link add} but without a generator of its own: yield once when it returns false. */
  tryAdd(thread: Thread, delta: number): boolean {
    return thread.exec(this.#add, this.#layout.base, delta);
  }

  /** Sum over all CPUs, as an int32; exact only while no thread is adding. */
  sum(): number {
    return this.#layout.sum();
  }

  /** The word of one CPU. */
  ofCpu(cpu: number): number {
    return this.#layout.ofCpu(cpu);
  }
}
