import {
  DecisionKind,
  NO_DECISION,
  encodeDecision,
  formatDecision,
} from '../../../src/director/decision.js';
import type { Decision } from '../../../src/director/decision.js';
import type {
  DecisionPoint,
  Director,
  Granularity,
  SchedulingMode,
} from '../../../src/director/director.js';
import type { MachineEventMap, MachineEventName } from '../../../src/observe/machine-events.js';
import type { Process } from '../../../src/kernel/process.js';
import type { MachineConfig } from '../../../src/machine-config.js';
import { Machine } from '../../../src/machine.js';

/** The decisions, as a test writes them. */
export const step = (cpu: number, budget = 1): Decision =>
  encodeDecision(DecisionKind.Step, cpu, budget);
export const preempt = (cpu: number, next: number): Decision =>
  encodeDecision(DecisionKind.Preempt, cpu, next);
export const migrate = (thread: number, cpu: number): Decision =>
  encodeDecision(DecisionKind.Migrate, cpu, thread);
export const pageOut = (thread: number): Decision =>
  encodeDecision(DecisionKind.PageOut, 0, thread);
export const pageIn = (thread: number): Decision => encodeDecision(DecisionKind.PageIn, 0, thread);
export const tick = (cpu: number): Decision => encodeDecision(DecisionKind.Tick, cpu, 0);
export const offline = (cpu: number): Decision => encodeDecision(DecisionKind.Offline, cpu, 0);
export const online = (cpu: number): Decision => encodeDecision(DecisionKind.Online, cpu, 0);
export const drain = (cpu: number): Decision => encodeDecision(DecisionKind.Drain, cpu, 0);

/** Makes what decisions it is given, and answers questions with the least answer or a given one. */
class HandDirector implements Director {
  readonly name = 'hand';
  readonly scheduling: SchedulingMode = 'free';
  readonly granularity: Granularity;
  readonly pending: Decision[] = [];
  readonly answers: number[] = [];
  /** How many answers each question so far could have had. */
  readonly questions: number[] = [];

  constructor(granularity: Granularity) {
    this.granularity = granularity;
  }

  /** What the last decision was asked for at. */
  point: DecisionPoint | undefined;

  decide(point: DecisionPoint): Decision {
    this.point = point;
    return this.pending.shift() ?? NO_DECISION;
  }

  choose(_kind: number, count: number): number {
    this.questions.push(count);
    return this.answers.shift() ?? 0;
  }
}

/** A machine with one process, moved by hand. */
export class ScriptedMachine {
  readonly machine: Machine;
  readonly process: Process;
  readonly #director: HandDirector;

  constructor(config: MachineConfig = {}, granularity: Granularity = 'access') {
    this.#director = new HandDirector(granularity);
    this.machine = new Machine(
      { maxThreads: 16, maxProcesses: 4, memoryBytes: 2 ** 22, ...config },
      this.#director,
    );
    this.process = this.machine.createProcess('main');
  }

  /** Counts of possible answers, question by question. */
  get questions(): readonly number[] {
    return this.#director.questions;
  }

  /** What the next questions are answered with; 0 without it. */
  answer(...answers: readonly number[]): void {
    this.#director.answers.push(...answers);
  }

  /** Makes these decisions; the outcome of the run is `stopped` unless it ended. */
  decide(...decisions: readonly Decision[]): string {
    this.#director.pending.push(...decisions);
    return this.machine.run().outcome;
  }

  /** What is possible now, as text, in the order of the machine. */
  possible(): string[] {
    this.decide();
    const possible: Decision[] = [];
    const count = this.#director.point?.enumerate(possible) ?? 0;
    return possible.slice(0, count).map(formatDecision);
  }

  /** Runs a CPU until nothing is left to do there. */
  finish(cpu = 0): string {
    let outcome = this.decide();
    while (outcome === 'stopped' && this.current(cpu) >= 0) outcome = this.decide(step(cpu, 1000));
    return outcome;
  }

  /** The thread on a CPU, or -1. */
  current(cpu: number): number {
    return this.machine.cpus.current[cpu]!;
  }

  /** A word of static data. */
  word(value = 0): number {
    const address = this.process.allocate(4);
    this.process.write32(address, value);
    return address;
  }

  /** Notes events from now on. */
  heard<Name extends MachineEventName>(name: Name): MachineEventMap[Name][0][] {
    const events: MachineEventMap[Name][0][] = [];
    this.machine.events.on(name, (event: MachineEventMap[Name][0]) => {
      events.push(event);
    });
    return events;
  }
}
