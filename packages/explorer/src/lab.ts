import type { Machine, Process, SpawnOptions, Thread, ThreadBody } from '@rseqlab/sim-machine';
import type { Finding } from './finding.js';

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

  constructor(machine: Machine) {
    this.machine = machine;
    this.process = machine.createProcess('main');
  }

  /** What was found so far in this run. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** Starts a thread in the lab's process; without a CPU it is placed as a new thread is. */
  spawn(body: ThreadBody, options?: SpawnOptions): Thread {
    return this.process.spawn(body, options);
  }

  /** Notes a finding; the run goes on. */
  report(finding: Finding): void {
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
}
