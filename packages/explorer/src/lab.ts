import type { Machine, Process, SpawnOptions, Thread, ThreadBody } from '@rseqlab/sim-machine';
import { ExplorerError } from './explorer-error.js';
import type { Finding } from './finding.js';
import { Heap } from './findings/heap.js';

/**
 * What a scenario works with: a machine with one process, and the means to say what must hold.
 *
 * Invariant: a lab belongs to one run; a scenario keeps nothing of it for the next.
 */
export class Lab {
  /** The machine of this run. */
  readonly machine: Machine;
  /** The process that the threads of {@link spawn} belong to. */
  readonly process: Process;
  readonly #findings: Finding[] = [];
  readonly #watch: (() => Finding | undefined) | undefined;
  #heap: Heap | undefined;

  /** @param watch - gives one after the other what is found from outside, then undefined */
  constructor(machine: Machine, watch?: () => Finding | undefined) {
    this.machine = machine;
    this.process = machine.createProcess('main');
    this.#watch = watch;
  }

  /** What was found so far in this run. */
  get findings(): readonly Finding[] {
    this.#drain();
    return this.#findings;
  }

  /**
   * Memory to hand out and take back, in the lab's process; its misuse is found.
   *
   * @throws ExplorerError `ERR_SCENARIO` unless the scenario has `detect: ['memory']` or `['leaks']`
   */
  get heap(): Heap {
    const allocations = this.machine.shadow?.allocations;
    if (allocations === undefined)
      throw new ExplorerError(
        'ERR_SCENARIO',
        "expected a scenario that uses the lab's heap to have detect: ['memory'], got none",
      );
    return (this.#heap ??= new Heap(this.process, allocations));
  }

  /** Whether {@link heap} was ever used. */
  get hasHeap(): boolean {
    return this.#heap !== undefined;
  }

  /**
   * Says that accesses to these bytes are marked: made in the knowledge that others access them at the
   * same time, as by READ_ONCE and WRITE_ONCE. Two of them are no data race.
   */
  mark(address: number, bytes: number): void {
    this.machine.shadow?.races?.marks.markData(address, bytes);
  }

  /**
   * Starts a thread in the lab's process; without a CPU it is placed as a new thread is.
   *
   * A body that is made once, outside of the setup, and gets its addresses by `args` starts sooner in every run of a search
   * than one that every setup makes anew.
   *
   * @param args - what the body gets behind the thread
   */
  spawn<Args extends readonly unknown[]>(
    body: ThreadBody<Args>,
    options?: SpawnOptions,
    ...args: Args
  ): Thread {
    return this.process.spawn(body, options, ...args);
  }

  /** Notes a finding; the run goes on. */
  report(finding: Finding): void {
    // What was found on the way comes before what is found now.
    this.#drain();
    this.#findings.push(finding);
  }

  /** States that something must hold; `what` completes "expected ...". */
  expect(condition: boolean, what: string, thread?: Thread): void {
    if (condition) return;
    this.report({
      kind: 'assertion',
      message: `expected ${what}`,
      ...(thread === undefined ? {} : { thread: thread.id }),
    });
  }

  /** States that two values must be the same, as by Object.is. */
  expectEqual(actual: unknown, expected: unknown, what = 'value', thread?: Thread): void {
    this.expect(
      Object.is(actual, expected),
      `${what} to be ${String(expected)}, got ${String(actual)}`,
      thread,
    );
  }

  #drain(): void {
    for (let found = this.#watch?.(); found !== undefined; found = this.#watch?.())
      this.#findings.push(found);
  }
}
