import { DecisionKind, isKernelEvent } from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint } from '@rseqlab/sim-machine';
import type { AccessCollector } from './access-collector.js';
import { answerOf, answered, countOf } from './answer.js';
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
  /**
   * Whether, since {@link begin}, a question came up in the middle of an event, or a system call was
   * made that conflicts through more than memory.
   */
  isMixed = false;
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
    this.isMixed = false;
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
    if ((flags & EventFlag.Precise) !== 0) this.isMixed = true;
    this.#answers = answers;
    this.#answered = 0;
    this.#listen(true);
    if (decision >>> 28 === DecisionKind.Step && view.noteGuards(point, cpu, process))
      this.isMixed = true;
  }

  /**
   * Answers a question that comes up in the event.
   *
   * @param count - how many answers it has
   * @returns the answer that was planned for it; undefined where it is up to whoever asks, as it is
   *   where the answer was planned for a question that had more answers, or fewer
   */
  nextAnswer(count: number): number | undefined {
    const planned = this.#answers?.[this.#answered++];
    if (planned === undefined) return undefined;
    if (countOf(planned) === count) return answerOf(planned);
    this.#answers = undefined;
    return undefined;
  }

  /** Notes the answer to a question with `count` answers that came up in the event. */
  note(answer: number, count: number): void {
    const { log } = this.#parts;
    const event = log.length - 1;
    log.answers[event] = [...(log.answers[event] ?? []), answered(answer, count)];
    this.isMixed = true;
  }

  /** The event is over. @param point - behind it; undefined where the run is over */
  close(point: DecisionPoint | undefined): void {
    const { log, view } = this.#parts;
    this.#listen(false);
    const event = log.length - 1;
    if ((log.flags[event]! & EventFlag.Precise) !== 0) view.syscalls.settle();
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
