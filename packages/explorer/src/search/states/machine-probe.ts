import {
  REGISTER_STRIDE,
  RegisterFile,
  StaleProgram,
  SyscallNumber,
  ThreadState,
} from '@rseqlab/sim-machine';
import type { Decision, Machine, MachineConfig } from '@rseqlab/sim-machine';
import { isLibraryError } from '../../findings/misuse.js';
import type { Scenario } from '../../scenario.js';
import { ScenarioRunner } from '../../scenario-runner.js';
import type { ScenarioRun } from '../../scenario-runner.js';
import { AccessCapture } from './access-capture.js';
import { sectionAt } from './free-step.js';
import { PhaseRecord, SETTLE } from './phase-record.js';
import type { PhaseChanges } from './phase-record.js';
import { ProbeDirector } from './probe-director.js';
import { StateParts } from './state-parts.js';
import type { Transition } from './transition-memo.js';
import { Unsuitable } from './unsuitable.js';
import type { WordOwners } from './word-owners.js';

/** System calls of which everything that they change is in the parts of a state. */
const KNOWN_SYSCALLS: ReadonlySet<number> = new Set([
  SyscallNumber.exit,
  SyscallNumber.futex,
  SyscallNumber.getcpu,
  SyscallNumber.getpid,
  SyscallNumber.gettid,
  SyscallNumber.membarrier,
  SyscallNumber.rseq,
  SyscallNumber.rt_sigprocmask,
  SyscallNumber.sched_yield,
]);

/** Threads that the machine's record of entered contexts can tell apart. */
const MOST_THREADS = 31;

/** Where a search is on the way from one state to the next. */
export interface PhasePlace {
  /** Decisions and answers on the way to the state. */
  readonly path: readonly number[];
  /** The decision that is carried out, or {@link SETTLE} at the start of a run. */
  readonly decision: number;
  /** The answers to all questions in phases that are over. */
  readonly answers: readonly number[];
  /** Phases that are over: the decision itself, and those in which CPUs settle. */
  readonly phases: number;
}

/** A phase as the machine made it. */
export interface ProbedTransition extends Transition, PhaseChanges {
  /** Whether something was found in it. */
  readonly isFinding: boolean;
}

/** Carries phases of transitions out on a machine, which it takes to wherever they begin. */
export class MachineProbe {
  readonly #machine: Machine;
  readonly #runner: ScenarioRunner;
  readonly #director = new ProbeDirector();
  readonly #capture: AccessCapture;
  #parts: StateParts | undefined;
  #record: PhaseRecord | undefined;
  /** The state that the machine stands in, where that is known. */
  #words = new Int32Array(0);
  #isKnown = false;
  /** Whether the machine is in some state of a run, from which it can return to another. */
  #isWhole = false;
  #isRunning = false;
  #isUnknown = false;
  readonly #possible: Decision[] = [];
  #owners: WordOwners | undefined;
  /** The threads that CPUs had before a phase. */
  readonly #hadCpu: Int32Array;

  /** @throws MachineError `ERR_CONFIG` when the scenario's machine cannot be built */
  constructor(scenario: Scenario, overrides: MachineConfig) {
    const config = { ...overrides, fingerprint: true };
    this.#runner = new ScenarioRunner(scenario, this.#director, config);
    const { machine } = this.#runner;
    this.#machine = machine;
    this.#capture = new AccessCapture(machine);
    this.#hadCpu = new Int32Array(machine.cpus.capacity);
    machine.attach({ shadow: this.#capture });
    machine.events.on('syscall', ({ number, args }) => {
      // To send no signal is to ask whether there is such a process.
      const asks = number === SyscallNumber.kill && args[1] === 0;
      if (!asks && !KNOWN_SYSCALLS.has(number)) this.#isUnknown = true;
    });
    machine.events.on('spawn', () => {
      if (this.#isRunning) this.#isUnknown = true;
    });
  }

  /** Whether parts of states say all there is to say about the scenario's machine. */
  get isSuitable(): boolean {
    const machine = this.#machine;
    return !machine.buffersStores && machine.threads.capacity <= MOST_THREADS;
  }

  /** Gives its machine back: it carries nothing out any more. */
  giveBack(): void {
    this.#runner.giveBack();
  }

  /** The machine. */
  get machine(): Machine {
    return this.#machine;
  }

  /**
   * Sets the scenario up, and begins to number the parts of its states.
   *
   * @param owners is told of all accesses; where it is, what can be done early is
   */
  begin(owners?: WordOwners): StateParts {
    this.#owners = owners;
    this.prepare();
    const parts = (this.#parts = new StateParts(this.#machine));
    this.#record = new PhaseRecord(this.#machine, parts, this.#capture, owners);
    parts.begin();
    return parts;
  }

  /** Sets the scenario up anew. */
  prepare(): void {
    this.#isKnown = false;
    this.#isWhole = false;
    this.#isRunning = false;
    this.#runner.prepare(this.#director);
    this.#machine.state.back.begin();
  }

  /** What is possible in the state that the machine stands in. */
  possible(): Int32Array {
    const count = this.#machine.state.phases.possible(this.#possible);
    return Int32Array.from(this.#possible.slice(0, count));
  }

  /** Goes to where the state holds `words`. */
  goTo(words: Int32Array, place: () => PhasePlace): void {
    if (this.standsIn(words)) return;
    this.#isKnown = false;
    if (!this.#isWhole || !this.#parts!.restore(words)) this.#makePath(place(), words);
    this.standIn(words);
  }

  /** Whether the machine is known to stand in a state. */
  standsIn(words: Int32Array): boolean {
    if (!this.#isKnown || this.#words.length !== this.#parts!.base.length) return false;
    for (let slot = 0; slot < this.#words.length; slot++)
      if (this.#words[slot] !== words[slot]) return false;
    return true;
  }

  /** Notes the state that the machine stands in. */
  standIn(words: Int32Array): void {
    const width = this.#parts!.base.length;
    if (this.#words.length !== width) this.#words = new Int32Array(width);
    for (let slot = 0; slot < width; slot++) this.#words[slot] = words[slot]!;
    this.#isKnown = true;
  }

  /**
   * Carries a phase out from where the state holds `words`, and says what it read and changed.
   *
   * @param phase a decision, {@link SETTLE} or `SCHEDULE`
   * @param answers to the questions that come up, as far as they are not 0
   */
  carryOut(
    phase: number,
    answers: readonly number[],
    words: Int32Array,
    place: () => PhasePlace,
  ): ProbedTransition {
    this.goTo(words, place);
    this.#isKnown = false;
    const before = this.#runner.lab.findings.length;
    this.#begin(phase, words, answers);
    let isMisuse = false;
    try {
      this.#perform(phase);
    } catch (error) {
      if (isStale(error)) {
        this.#makePath(place(), words);
        this.#begin(phase, words, answers);
        this.#perform(phase);
      } else if (isLibraryError((error as Error).cause)) isMisuse = true;
      else throw error;
    }
    const isFinding = isMisuse || this.#runner.lab.findings.length > before;
    const changes = this.#record!.end(words);
    const questions = this.#director.questions.slice();
    return {
      ...changes,
      questions,
      answers: this.#director.answers.slice(),
      isFinding,
    };
  }

  /** Makes a whole run, and judges how it ended. */
  judge(decisions: readonly number[]): ScenarioRun {
    this.#isKnown = false;
    this.#isRunning = false;
    this.#isWhole = false;
    this.#director.follow(decisions);
    return this.#runner.run(this.#director);
  }

  #begin(phase: number, words: Int32Array, answers: readonly number[]): void {
    this.#director.follow(answers);
    this.#record!.begin(phase, words);
  }

  #perform(phase: number): void {
    const { phases } = this.#machine.state;
    this.#isRunning = true;
    this.#isWhole = false;
    this.#hadCpu.set(this.#machine.cpus.current);
    const isDone = this.#runner.attempt(() =>
      phase < 0 ? phases.settle() : phases.carryOut(phase as Decision),
    );
    if (this.#owners !== undefined) this.#settleEarly();
    this.#isWhole = true;
    if (!isDone) throw new Unsuitable('what was possible is not');
    if (this.#isUnknown)
      throw new Unsuitable('a system call changes what is in no part of a state');
  }

  /** Threads that lost their CPUs become what they will be when they have one again. */
  #settleEarly(): void {
    const { cpus, threads, state } = this.#machine;
    this.#capture.isEarly = true;
    for (let cpu = 0; cpu < this.#hadCpu.length; cpu++) {
      const thread = this.#hadCpu[cpu]!;
      if (thread < 0 || cpus.current[cpu] === thread) continue;
      if (threads.state[thread] !== ThreadState.Runnable) continue;
      const ip = thread * REGISTER_STRIDE + RegisterFile.Ip;
      const before = threads.registers[ip]!;
      state.phases.settleEarly(thread);
      // A section that no program says it has: no telling where it is.
      if (threads.registers[ip] !== before && sectionAt(this.#machine, before) === undefined)
        throw new Unsuitable('a section is in no program');
    }
    this.#capture.isEarly = false;
  }

  #makePath({ path, decision, answers, phases }: PhasePlace, words: Int32Array): void {
    this.prepare();
    if (decision !== SETTLE) {
      this.#director.follow(path);
      this.#settle(Infinity);
      while (!this.#director.isOver) {
        this.#perform(this.#director.next());
        this.#settle(Infinity);
      }
    }
    this.#director.follow(answers);
    if (decision === SETTLE) this.#settle(phases);
    else if (phases > 0) {
      this.#perform(decision);
      this.#settle(phases - 1);
    }
    this.#parts!.verify(words);
  }

  #settle(most: number): void {
    const marks = new Int32Array(this.#machine.cpus.capacity);
    for (let n = 0; n < most && this.#machine.state.phases.marks(marks) > 0; n++)
      this.#perform(SETTLE);
  }
}

function isStale(error: unknown): boolean {
  return error instanceof Error && (error.cause ?? error) instanceof StaleProgram;
}
