import type { StepClock } from '../cpu/step-clock.js';
import type { UserMode } from '../cpu/user-mode.js';
import type { ThreadContext } from './thread-context.js';
import type { Thread } from './thread.js';
import type { KernelClock } from './time/kernel-clock.js';

/** Who traces threads instruction by instruction. */
export interface SingleStepPort {
  /** Whether the thread is to execute one instruction at its next step, and no more. */
  isStepping(thread: number): boolean;
  /** The thread executed the one instruction. */
  stepped(thread: number): void;
}

/** What a step is made with. */
export interface ThreadStepsPorts {
  readonly context: ThreadContext;
  readonly clock: KernelClock;
  readonly stepClock: StepClock;
  readonly userMode: UserMode;
  readonly tracing: SingleStepPort;
  /** The thread objects, by slot. */
  readonly objects: readonly Thread[];
  /** Instructions executed, by CPU. */
  readonly steps: Float64Array;
}

/** Lets the threads of CPUs execute instructions. */
export class ThreadSteps {
  readonly #context: ThreadContext;
  readonly #clock: KernelClock;
  readonly #stepClock: StepClock;
  readonly #userMode: UserMode;
  readonly #tracing: SingleStepPort;
  readonly #objects: readonly Thread[];
  readonly #steps: Float64Array;

  constructor(ports: ThreadStepsPorts) {
    this.#context = ports.context;
    this.#clock = ports.clock;
    this.#stepClock = ports.stepClock;
    this.#userMode = ports.userMode;
    this.#tracing = ports.tracing;
    this.#objects = ports.objects;
    this.#steps = ports.steps;
  }

  /**
   * Runs a CPU's thread for up to `budget` instructions; one only where it is single-stepped.
   *
   * In front of an await that is not met the thread spins for the whole budget.
   */
  step(cpu: number, thread: number, budget: number): void {
    this.#context.enter(cpu, thread);
    this.#clock.act(cpu);
    if (this.#tracing.isStepping(thread)) this.#singleStep(cpu, thread);
    else this.#run(cpu, thread, budget);
  }

  /** Runs a CPU's thread on to its next visible instruction, where it is not single-stepped. */
  advance(cpu: number, thread: number): void {
    if (this.#tracing.isStepping(thread)) return;
    this.#context.enter(cpu, thread);
    this.#run(cpu, thread, 0);
  }

  #run(cpu: number, thread: number, budget: number): number {
    this.#stepClock.begin(cpu, budget);
    const executed = this.#userMode.run(this.#objects[thread]!, budget);
    this.#stepClock.advance();
    this.#steps[cpu]! += executed;
    return executed;
  }

  /** One instruction, then a trap. */
  #singleStep(cpu: number, thread: number): void {
    const userMode = this.#userMode;
    const { stopAnywhere } = userMode;
    userMode.stopAnywhere = true;
    const executed = this.#run(cpu, thread, 1);
    userMode.stopAnywhere = stopAnywhere;
    if (executed > 0) this.#tracing.stepped(thread);
  }
}
