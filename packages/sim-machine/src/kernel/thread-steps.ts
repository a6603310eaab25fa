import type { StepClock } from '../cpu/step-clock.js';
import type { UserMode } from '../cpu/user-mode.js';
import type { ThreadContext } from './thread-context.js';
import type { KernelClock } from './time/kernel-clock.js';

/** Who traces threads instruction by instruction. */
export interface SingleStepPort {
  /** Whether the thread is to execute one instruction at its next step, and no more. */
  readonly isStepping: (thread: number) => boolean;
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
  /** Instructions executed, by CPU. */
  readonly steps: Float64Array;
}

/** Lets the threads of CPUs execute instructions. */
export interface ThreadSteps {
  /**
   * Runs a CPU's thread for up to `budget` instructions; one only where it is single-stepped.
   *
   * In front of an await that is not met the thread spins for the whole budget. With a budget of 0 the thread
   * runs on to its next visible instruction, where it is not single-stepped.
   */
  readonly run: (cpu: number, thread: number, budget: number) => void;
}

/** Makes the steps of a machine; see `createRunLoop` for why it captures what it refers to. */
export function createThreadSteps(ports: ThreadStepsPorts): ThreadSteps {
  const { clock, userMode, tracing, steps } = ports;
  const { enter } = ports.context;
  const { isStepping } = tracing;
  const { begin, advance } = ports.stepClock;
  const runInUserMode = userMode.run;

  function run(cpu: number, thread: number, budget: number): void {
    if (isStepping(thread)) {
      singleStep(cpu, thread, budget);
      return;
    }
    enter(cpu, thread);
    if (budget > 0) clock.act(cpu);
    execute(cpu, thread, budget);
  }

  function execute(cpu: number, thread: number, budget: number): number {
    begin(cpu, budget);
    const executed = runInUserMode(thread, budget);
    advance();
    steps[cpu]! += executed;
    return executed;
  }

  /** One instruction, then a trap. */
  function singleStep(cpu: number, thread: number, budget: number): void {
    if (budget === 0) return;
    enter(cpu, thread);
    clock.act(cpu);
    const { stopAnywhere } = userMode;
    userMode.stopAnywhere = true;
    const executed = execute(cpu, thread, 1);
    userMode.stopAnywhere = stopAnywhere;
    if (executed > 0) tracing.stepped(thread);
  }

  return { run };
}
