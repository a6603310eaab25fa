import type { Decision } from '../director/decision.js';
import { ExitWork } from '../kernel/exit-work.js';
import type { HookPoints } from '../kernel/hooks.js';
import type { DecisionParts } from './decision-parts.js';
import type { Hardware } from './hardware.js';
import type { KernelParts } from './kernel-parts.js';

/**
 * Carries a decision out phase by phase: first what it does by itself, then one CPU after the other goes
 * back to user mode.
 *
 * A search that keeps what phases do meets few kinds of each, where it would meet all combinations of
 * them in whole decisions.
 */
export class StatePhases {
  readonly #hardware: Hardware;
  readonly #system: KernelParts;
  readonly #decisions: DecisionParts;
  readonly #hooks: HookPoints;

  /** Made by the machine. @internal */
  constructor(
    hardware: Hardware,
    system: KernelParts,
    decisions: DecisionParts,
    hooks: HookPoints,
  ) {
    this.#hardware = hardware;
    this.#system = system;
    this.#decisions = decisions;
    this.#hooks = hooks;
  }

  /** Does what a decision does by itself; false, with nothing done, when it is not possible. */
  carryOut(decision: Decision): boolean {
    return this.#decisions.executor.carryOut(decision);
  }

  /**
   * Brings the CPU that was marked last to user mode; one that idles is only given a thread, and stays
   * marked if there is one.
   *
   * @returns false when none is marked
   */
  settle(): boolean {
    const { marked, kernel, scheduler } = this.#system;
    const { current } = this.#hardware.cpus;
    const cpu = marked.take();
    if (cpu < 0) return false;
    if (current[cpu]! >= 0) kernel.settleCpu(cpu);
    else {
      scheduler.schedule(cpu);
      if (current[cpu]! >= 0) marked.mark(cpu);
    }
    return true;
  }

  /** Writes the CPUs that have to settle, that which comes first last; how many. */
  marks(out: Int32Array): number {
    return this.#system.marked.list(out);
  }

  /** Says which CPUs have to settle; see {@link marks}. */
  setMarks(cpus: Int32Array): void {
    const { marked } = this.#system;
    marked.reset();
    for (let i = 0; i < cpus.length; i++) marked.mark(cpus[i]!);
  }

  /**
   * Whether a CPU goes back to user mode with the thread it has, and what is done on the way depends on
   * what there is of that thread and CPU, on what is no thread's and no CPU's, on memory and on nothing
   * else.
   */
  settlesAlone(cpu: number): boolean {
    const { cpus, threads } = this.#hardware;
    const thread = cpus.current[cpu]!;
    if (thread < 0 || !this.#hooks.returnsAlone) return false;
    return (threads.exitWork[thread]! & ~ExitWork.NotifyResume) === 0;
  }

  /**
   * Does for a thread that has lost its CPU in user mode what can be done early: what follows is the same,
   * as long as no other thread accesses memory that is accessed here.
   */
  settleEarly(thread: number): void {
    this.#system.context.enter(this.#hardware.threads.cpu[thread]!, thread);
    this.#hooks.settleEarly(thread);
  }

  /** Where the thread that was entered last would go on if it lost its CPU now; 0: where it is. */
  continuesAt(thread: number): number {
    return this.#hooks.continuesAt(thread);
  }

  /** Writes what can be decided where every CPU is settled, in the order of the rules; how many. */
  possible(out: Decision[]): number {
    return this.#decisions.rules.enumerate(out);
  }
}
