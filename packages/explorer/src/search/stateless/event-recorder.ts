import { DecisionKind, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint } from '@rseqlab/sim-machine';
import type { AccessCollector } from './access-collector.js';
import { EventFlag } from './event-log.js';
import type { EventLog } from './event-log.js';
import type { KernelChoices } from './kernel-choices.js';
import type { MachineView } from './machine-view.js';
import type { NodeStates } from './node-states.js';

/** What a recorder works on. */
export interface RecorderParts {
  readonly log: EventLog;
  readonly nodes: NodeStates;
  readonly view: MachineView;
  readonly choices: KernelChoices;
  readonly collector: AccessCollector;
  /** Ids of the CPUs, in the order in which the log numbers them. */
  readonly cpuIds: readonly number[];
}

/** Adds the event that is being carried out to the log: what is decided, asked and accessed in it. */
export class EventRecorder {
  /** Whether an event is being carried out. */
  isOpen = false;
  /** Whether a question came up in the middle of any event since {@link begin}. */
  wasAsked = false;
  /** The value that the last event, a wait, waited out. */
  unwanted = 0;
  readonly #parts: RecorderParts;
  #answered = 0;
  #answers: readonly number[] | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** Starts a search. */
  begin(): void {
    this.wasAsked = false;
  }

  /** Starts a run. */
  start(): void {
    this.#listen(false);
  }

  /**
   * Adds an event, which the machine carries out next.
   *
   * @param answers - to questions that come up in it
   * @param hasOthers - whether anything else could be decided
   */
  open(
    process: number,
    decision: Decision,
    answers: readonly number[] | undefined,
    point: DecisionPoint,
    hasOthers: boolean,
  ): void {
    const { log, view, choices, cpuIds } = this.#parts;
    const cpu = cpuIds[process]!;
    const flags =
      decision >>> 28 === DecisionKind.Step
        ? view.flagsOfStep(point, cpu)
        : choices.flagsOf(decision);
    this.unwanted = view.unwanted;
    const event = log.begin(process, decision, isKernelEvent(decision));
    log.flags[event] = hasOthers ? flags & ~EventFlag.ExitFirst : flags;
    if ((flags & EventFlag.Plain) !== 0) view.beginStep(cpu);
    this.#answers = answers;
    this.#answered = 0;
    this.#listen(true);
  }

  /**
   * Answers a question that comes up in the event.
   *
   * @returns the answer that was given for it; undefined where it is up to whoever asks
   */
  nextAnswer(): number | undefined {
    return this.#answers?.[this.#answered++];
  }

  /** Notes the answer to a question that came up in the event. */
  note(answer: number): void {
    const { log } = this.#parts;
    const event = log.length - 1;
    log.answers[event] = [...(log.answers[event] ?? []), answer];
    this.wasAsked = true;
  }

  /** The event is over. @param point - behind it; undefined where the run is over */
  close(point: DecisionPoint | undefined): void {
    const { log } = this.#parts;
    this.#listen(false);
    const event = log.length - 1;
    if ((log.flags[event]! & EventFlag.Plain) !== 0) this.#settlePlain(event, point);
  }

  #listen(isOpen: boolean): void {
    const { collector, choices } = this.#parts;
    this.isOpen = isOpen;
    collector.isOn = isOpen;
    choices.isOn = isOpen;
  }

  /** Notes how long a step was; it is none like others where its thread lost the CPU, or it asked. */
  #settlePlain(event: number, point: DecisionPoint | undefined): void {
    const { log, nodes, view, cpuIds } = this.#parts;
    const process = log.process[event]!;
    const cpu = cpuIds[process]!;
    const stays = point?.currentOn(cpu) === nodes.threads[event]![process];
    const isAlone = log.touches[event] === 0 && (log.flags[event]! & EventFlag.Universal) === 0;
    if (stays && isAlone && log.answers[event] === undefined)
      log.instructions[event] = view.instructions(cpu);
    else log.flags[event]! &= ~EventFlag.Plain;
  }
}
