import { OperationKind, StaleProgram, SyscallNumber } from '@rseqlab/sim-machine';
import type { Machine, MachineConfig } from '@rseqlab/sim-machine';
import type { Scenario } from '../../scenario.js';
import { ScenarioRunner } from '../../scenario-runner.js';
import type { ScenarioRun } from '../../scenario-runner.js';
import { AccessCapture } from './access-capture.js';
import { ProbeDirector } from './probe-director.js';
import { StateParts } from './state-parts.js';
import type { Transition } from './transition-memo.js';
import { Unsuitable } from './unsuitable.js';

/** System calls of which everything that they change is in the parts of a state. */
const KNOWN_SYSCALLS: ReadonlySet<number> = new Set([
  SyscallNumber.exit,
  SyscallNumber.futex,
  SyscallNumber.getcpu,
  SyscallNumber.getpid,
  SyscallNumber.gettid,
  SyscallNumber.membarrier,
  SyscallNumber.rseq,
  SyscallNumber.sched_yield,
]);

/** Threads that the machine's record of entered contexts can tell apart. */
const MOST_THREADS = 31;

/** A transition as the machine made it. */
export interface ProbedTransition extends Transition {
  /** The thread that it was an access of, and nothing else; -1 when it was anything else. */
  readonly thread: number;
  /** Whether something was found in it. */
  readonly isFinding: boolean;
}

/**
 * Carries transitions out on a machine.
 *
 * It goes to a state by making the path there again, unless the machine stands there already.
 */
export class MachineProbe {
  /** The parts of states. */
  readonly parts: StateParts;
  readonly #machine: Machine;
  readonly #runner: ScenarioRunner;
  readonly #director = new ProbeDirector();
  readonly #capture: AccessCapture;
  /** Number of the state that the machine stands in; -1 is none that is known. */
  #at = -1;
  #isUnknown = false;

  /** @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built */
  constructor(scenario: Scenario, overrides: MachineConfig) {
    const config = { ...overrides, fingerprint: true };
    this.#runner = new ScenarioRunner(scenario, this.#director, config);
    const { machine } = this.#runner;
    this.#machine = machine;
    this.parts = new StateParts(machine);
    this.#capture = new AccessCapture(machine);
    machine.attach({ shadow: this.#capture });
    machine.events.on('syscall', ({ number }) => {
      if (!KNOWN_SYSCALLS.has(number)) this.#isUnknown = true;
    });
    machine.events.on('spawn', () => {
      if (this.#isRunning) this.#isUnknown = true;
    });
  }

  #isRunning = false;
  /** Whether the machine is in some state of this run, from which it can return to another. */
  #isWhole = false;

  /** Whether parts of states say all there is to say about the scenario's machine. */
  get isSuitable(): boolean {
    const machine = this.#machine;
    return !machine.buffersStores && machine.threads.capacity <= MOST_THREADS;
  }

  /** The machine. */
  get machine(): Machine {
    return this.#machine;
  }

  /** What is possible in the state that the machine stands in. */
  possible(): Int32Array {
    const { possible, count } = this.#director;
    return Int32Array.from(possible.slice(0, count));
  }

  /** Sets the scenario up anew; the machine stands in no state until {@link start}. */
  prepare(): void {
    this.#at = -1;
    this.#isWhole = false;
    this.#machine.state.back.forget();
    this.#isRunning = false;
    this.#runner.prepare(this.#director);
  }

  /** Goes to a state by the decisions that lead to it, and makes sure that they do. */
  goTo(state: number, decisions: () => readonly number[], words: Int32Array): void {
    if (this.#at === state && state >= 0) return;
    this.#at = -1;
    if (this.#isWhole && this.parts.restore(words)) {
      this.#at = state;
      return;
    }
    this.makePath(state, decisions, words);
  }

  /** Goes to a state by its decisions from the start. */
  makePath(state: number, decisions: () => readonly number[], words: Int32Array): void {
    this.prepare();
    this.#proceed(decisions());
    this.#at = state;
    this.parts.verify(words);
  }

  /** What is possible in the state that the machine stands in, which it may have returned to. */
  look(): Int32Array {
    this.#proceed([]);
    return this.possible();
  }

  /** Notes which state the machine stands in. */
  standsIn(state: number): void {
    this.#at = state;
  }

  /**
   * Carries a transition out from where the machine stands, and says what it read and changed.
   *
   * @param makePath goes to the same state by the path there: for a program that is elsewhere
   */
  carryOut(script: readonly number[], words: Int32Array, makePath: () => void): ProbedTransition {
    const { parts } = this;
    const { state } = this.#machine;
    this.#at = -1;
    const thread = parts.stepping(script);
    const isAccess = thread >= 0 && isPlain(state.pending(thread).kind);
    let before = 0;
    const proceed = (): void => {
      this.#capture.begin();
      state.forgetEntered();
      before = this.#runner.lab.findings.length;
      this.#proceed(script);
    };
    try {
      proceed();
    } catch (error) {
      if (!isStale(error)) throw error;
      makePath();
      proceed();
    }
    const { entered } = state;
    const { questions, answers } = this.#director;
    const changed = parts.changes(words);
    const isLocal = isAccess && entered === 1 << thread && changed.isLocalTo(thread);
    const reads = isLocal ? [parts.slotOfThread(thread)] : parts.readByKernel(entered, changed);
    const effects = [...changed.effects];
    for (const address of this.#capture.read) reads.push(parts.slotOfWord(address, this.#capture));
    for (const [address, value] of this.#capture.written)
      if (!parts.isCode(address)) effects.push(parts.slotOfWord(address, this.#capture), value);
    return {
      reads: reads.filter((slot) => slot >= 0),
      questions: [...questions],
      answers: [...answers],
      effects,
      thread: isLocal ? thread : -1,
      isFinding: this.#runner.lab.findings.length > before,
    };
  }

  /** Makes a whole run, and judges how it ended. */
  judge(decisions: readonly number[]): ScenarioRun {
    this.#at = -1;
    this.#isRunning = false;
    this.#isWhole = false;
    this.#machine.state.back.forget();
    this.#director.follow(decisions);
    return this.#runner.run(this.#director);
  }

  #proceed(script: readonly number[]): void {
    this.#isRunning = true;
    this.#isWhole = false;
    // A run that is over asks nobody what is possible.
    this.#director.count = 0;
    this.#director.follow(script);
    this.#runner.proceed();
    this.#isWhole = true;
    if (this.#isUnknown)
      throw new Unsuitable('a system call changes what is in no part of a state');
  }
}

function isPlain(kind: number): boolean {
  return (
    kind === OperationKind.Load ||
    kind === OperationKind.Store ||
    kind === OperationKind.Atomic ||
    kind === OperationKind.Fence ||
    kind === OperationKind.Await
  );
}

function isStale(error: unknown): boolean {
  return error instanceof Error && (error.cause ?? error) instanceof StaleProgram;
}
