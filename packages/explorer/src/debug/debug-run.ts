import {
  DecisionKind,
  ExitReason,
  NO_DECISION,
  REGISTER_STRIDE,
  RegisterFile,
  encodeDecision,
} from '@rseqlab/sim-machine';
import type {
  Decision,
  DecisionPoint,
  Granularity,
  Machine,
  MachineConfig,
  RunResult,
} from '@rseqlab/sim-machine';
import type { Finding } from '../finding.js';
import { ScenarioRunner } from '../scenario-runner.js';
import type { Scenario } from '../scenario.js';
import type { RecordedDecisions } from '../trace/record-run.js';
import type { CpuPlace, ThreadPlace, TraceRow } from '../trace/run-trace.js';
import { TraceRecorder } from '../trace/trace-recorder.js';
import { DebugDirector } from './debug-director.js';
import type { NextDecision } from './debug-director.js';

/** How a run is debugged. */
export interface DebugOptions {
  /** Replaces parts of the scenario's machine. */
  readonly machine?: MachineConfig;
  /** A run to follow: it lies ahead at first. Without one, every decision is yet to be made. */
  readonly recorded?: RecordedDecisions;
  /** How source files are written; default as the host names them. */
  readonly nameFile?: (file: string) => string;
}

/** What is rebuilt whenever the run starts over. */
interface Attempt {
  readonly runner: ScenarioRunner;
  readonly recorder: TraceRecorder;
  /** Says what was found at the end; once. */
  readonly finish: () => void;
}

/**
 * A run of a scenario that is decided step by step, and goes back as well as forward.
 *
 * It looks at the machine from outside and disturbs nothing: no trap, no breakpoint in the code, no
 * signal. Going back is a replay from the start, so a state that is come to twice is the same bit for
 * bit. What was decided before a step back lies ahead until something else is decided.
 */
export class DebugRun {
  readonly #scenario: Scenario;
  readonly #options: DebugOptions;
  readonly #director: DebugDirector;
  #attempt: Attempt;
  #outcome: RunResult['outcome'] = 'stopped';
  /** Where programs go on that had to be asked, by thread id and operations that were started. */
  readonly #nextOperations = new Map<string, number>();

  /**
   * Sets the scenario up, and stops before the first decision.
   *
   * @throws MachineError `ERR_CONFIG` when its machine cannot be built; ExplorerError `ERR_SCENARIO`
   *   when its own code throws
   */
  constructor(scenario: Scenario, options: DebugOptions = {}) {
    this.#scenario = scenario;
    this.#options = options;
    this.#director = new DebugDirector(options.recorded);
    this.#attempt = this.#begin();
    this.#proceed();
  }

  /** The machine as it is now; another one after every step back. */
  get machine(): Machine {
    return this.#attempt.runner.machine;
  }

  /** What may be looked at when something is to be decided. */
  get point(): DecisionPoint {
    return this.#director.point;
  }

  /** Decisions made. */
  get position(): number {
    return this.#director.position;
  }

  /** Decisions that were made once and lie ahead. */
  get ahead(): number {
    return this.#director.ahead;
  }

  /** The next of those, or NO_DECISION. */
  get nextRecorded(): Decision {
    return this.#director.nextRecorded;
  }

  /** How the machine stopped last; `stuck`: no thread can go on unless a kernel event comes. */
  get outcome(): RunResult['outcome'] {
    return this.#outcome;
  }

  /** What was found so far. */
  get findings(): readonly Finding[] {
    return this.#attempt.runner.lab.findings;
  }

  /** The run so far, as a replay token takes it. */
  get recorded(): RecordedDecisions {
    return this.#director.recorded;
  }

  /** Where CPUs can be stopped. */
  get granularity(): Granularity {
    return this.#director.granularity;
  }

  /** Where every thread is. */
  get threads(): readonly ThreadPlace[] {
    return this.#attempt.recorder.places.threadPlaces();
  }

  /** Where every CPU is. */
  get cpus(): readonly CpuPlace[] {
    return this.#attempt.recorder.places.cpuPlaces();
  }

  /** How many rows there were in the run so far. */
  get rowCount(): number {
    const { rows } = this.#attempt.recorder;
    return rows.omitted + rows.all.length;
  }

  /** What happened from a row on; of a long run, what is kept of it. */
  rowsFrom(row: number): readonly TraceRow[] {
    this.#attempt.recorder.settle();
    const { rows } = this.#attempt.recorder;
    return rows.all.slice(Math.max(0, row - rows.omitted));
  }

  /** Everything that can be decided now, within the scenario's allowance. */
  possible(): readonly Decision[] {
    const out: Decision[] = [];
    return out.slice(0, this.point.enumerate(out));
  }

  /**
   * Goes on for as long as there is a decision.
   *
   * @param next - asked before every decision, when every CPU is in user mode or idles
   * @throws MachineError `ERR_DECISION` for a decision that is not possible, with nothing changed;
   *   ExplorerError `ERR_SCENARIO` when the scenario's own code throws
   */
  go(next: NextDecision): RunResult['outcome'] {
    this.#director.next = next;
    this.#proceed();
    return this.#outcome;
  }

  /** Makes one decision; as {@link go}. */
  decide(decision: Decision): RunResult['outcome'] {
    let isMade = false;
    return this.go(() => {
      if (isMade) return NO_DECISION;
      isMade = true;
      return decision;
    });
  }

  /**
   * Goes to a position of the run that was passed before or lies ahead, by replay from the start.
   *
   * @param look - called before every decision on the way
   */
  goTo(position: number, look?: (point: DecisionPoint) => void): void {
    if (position < this.position || look !== undefined) this.#attempt = this.#begin();
    this.go((point) => {
      look?.(point);
      return this.position < position ? this.nextRecorded : NO_DECISION;
    });
  }

  /**
   * The 64-bit fingerprint of the machine's state, as 16 hexadecimal digits.
   *
   * @throws MachineError `ERR_STATE` unless the machine's configuration has `fingerprint: true`
   */
  fingerprint(): string {
    const into = { low: 0, high: 0 };
    this.machine.fingerprint(into);
    return [into.high, into.low].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /**
   * Address of the instruction that a thread executes next, or -1 where that is up to its program,
   * which is between two operations, and the thread is on no CPU to find out.
   *
   * A program that has to be asked is asked in another run to the same place: this one stays as it is.
   */
  nextInstruction(thread: number): number {
    const { registers, tid, cpu } = this.machine.threads;
    const base = thread * REGISTER_STRIDE;
    const ip = registers[base + RegisterFile.Ip]!;
    if (registers[base + RegisterFile.Exit] !== ExitReason.Return) return ip;
    if (this.machine.cpus.current[cpu[thread]!] !== thread) return -1;
    const key = `${tid[thread]!}:${registers[base + RegisterFile.Operations]!}`;
    let found = this.#nextOperations.get(key);
    if (found === undefined) {
      found = this.#askProgram(thread, cpu[thread]!);
      this.#nextOperations.set(key, found);
    }
    return found;
  }

  #askProgram(thread: number, cpu: number): number {
    const { recorded } = this;
    const side = new DebugRun(this.#scenario, { ...this.#options, recorded });
    side.goTo(side.ahead);
    let first = -1;
    side.#attempt.recorder.onOperation = (who, address) => {
      if (who === thread && first < 0) first = address;
    };
    try {
      side.decide(encodeDecision(DecisionKind.Step, cpu, 1));
    } catch {
      // The program throws before its next operation: whoever steps there will be told.
    }
    return first;
  }

  #begin(): Attempt {
    const { machine, nameFile } = this.#options;
    this.#director.restart();
    this.#nextOperations.clear();
    const runner = new ScenarioRunner(this.#scenario, this.#director, machine);
    const recorder = new TraceRecorder(runner.machine, {
      granularity: this.granularity,
      onDecision: () => undefined,
      nameFile,
    });
    const judge = runner.prepare(recorder.recording(this.#director));
    let isJudged = false;
    const finish = (): void => {
      if (!isJudged) judge();
      isJudged = true;
    };
    return { runner, recorder, finish };
  }

  #proceed(): void {
    const { runner, finish } = this.#attempt;
    try {
      this.#outcome = runner.proceed().outcome;
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ERR_DECISION') this.#director.takeBack();
      throw error;
    }
    if (this.#outcome === 'finished') finish();
  }
}
