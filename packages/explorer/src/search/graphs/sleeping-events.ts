import {
  CombinedShadow,
  DecisionKind,
  OperationKind,
  SyscallNumber,
  createPendingOperation,
  decisionKind,
  decisionX,
  isKernelEvent,
} from '@rseqlab/sim-machine';
import type { Decision, DecisionPoint, Machine, ShadowObserver } from '@rseqlab/sim-machine';
import { AccessCollector } from '../stateless/access-collector.js';
import { EventFlag, EventLog } from '../stateless/event-log.js';
import { conflictsWithLast, recordOf } from '../stateless/event-record.js';
import type { EventRecord } from '../stateless/event-record.js';
import { KernelChoices } from '../stateless/kernel-choices.js';
import { LocationIds } from '../stateless/location-ids.js';
import { LOCAL_SYSCALLS } from '../stateless/machine-view.js';
import { PRIME_A, PRIME_B, mix } from '../hash-mix.js';

const NOBODY = -1;

/** Steps that do nothing but their access; all others may conflict with anything. */
const PLAIN: ReadonlySet<number> = new Set([
  OperationKind.Local,
  OperationKind.Query,
  OperationKind.Pause,
  OperationKind.Fence,
  OperationKind.Load,
  OperationKind.Store,
  OperationKind.Atomic,
  OperationKind.Await,
]);

/**
 * Events that need not be tried, as whatever they lead to is found by another part of the search: they
 * sleep until an event comes that they conflict with.
 *
 * @source Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", LNCS 1032, 1996
 */
export class SleepingEvents {
  /** Numbers of the locations that events access. */
  readonly locations: LocationIds = new LocationIds();
  /** A hash of those that sleep; 0 when none does. */
  word = 0;
  readonly #machine: Machine;
  readonly #log: EventLog;
  readonly #collector: AccessCollector;
  readonly #choices: KernelChoices;
  readonly #pending = createPendingOperation();
  /** Events of a run before the first that wakes any. */
  #floor = 0;
  #records: readonly EventRecord[] = [];
  #sleeping: EventRecord[] = [];
  #isTold = false;
  /**
   * The CPU of which the last event was a step behind which its thread exits, or -1. Where its buffer is
   * empty nothing comes before that: so it matters whether a drain came before the step or comes later.
   */
  #leaver = NOBODY;
  #isOpen = false;

  constructor(machine: Machine) {
    this.#machine = machine;
    const cpuIds = machine.cpus.possible;
    const denseCpu: number[] = [];
    cpuIds.forEach((cpu, index) => (denseCpu[cpu] = index));
    this.#log = new EventLog(cpuIds.length);
    this.#collector = new AccessCollector(machine, this.#log, this.locations, denseCpu);
    this.#choices = new KernelChoices(machine, this.#log, denseCpu);
  }

  /** What sees accesses, beside another observer. */
  beside(other: ShadowObserver): ShadowObserver {
    return new CombinedShadow(this.#collector, other);
  }

  /**
   * Starts a search.
   *
   * @param records - events that sleep after the first `floor` events
   * @param isTold - whether somebody wants to know what events accessed though none sleeps
   */
  begin(records: readonly EventRecord[], floor: number, isTold = false): void {
    this.#records = records;
    this.#floor = floor;
    this.#isTold = isTold;
  }

  /** Starts a run. */
  start(): void {
    this.#log.truncate(0);
    this.#isOpen = false;
    this.#collector.isOn = false;
    this.#choices.isOn = false;
    this.#sleeping = [...this.#records];
    this.#hash();
  }

  /** An event begins. */
  begins(decision: Decision, point: DecisionPoint): void {
    if (this.#sleeping.length === 0 && !this.#isTold) return;
    const log = this.#log;
    const event = log.begin(this.#choices.processOf(decision), decision, isKernelEvent(decision));
    log.flags[event] =
      decisionKind(decision) === DecisionKind.Step
        ? this.#flagsOfStep(point.currentOn(decisionX(decision)))
        : this.#choices.flagsOf(decision);
    this.#isOpen = true;
    this.#collector.isOn = true;
    this.#choices.isOn = true;
  }

  /**
   * The event that began last, if any, is over: it wakes those that it conflicts with.
   *
   * @param point - where the machine is now; undefined when the run is over
   */
  ended(point?: DecisionPoint): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#collector.isOn = false;
    this.#choices.isOn = false;
    const log = this.#log;
    log.settleFootprint();
    this.#leaver = point === undefined ? NOBODY : this.#leaverAt(point);
    if (log.length <= this.#floor || this.#sleeping.length === 0) return;
    const left = this.besideLast(this.#sleeping);
    if (left.length === this.#sleeping.length) return;
    this.#sleeping = left;
    this.#hash();
  }

  /** Those of some records that do not conflict with the event that ended last. */
  besideLast(records: readonly EventRecord[]): EventRecord[] {
    const log = this.#log;
    const drain = log.cpus + this.#leaver;
    return records.filter(
      (record) => !conflictsWithLast(record, log) && (this.#leaver < 0 || record.process !== drain),
    );
  }

  /** Whether the event that ended last was a step behind which its thread exits. */
  get lastLeaves(): boolean {
    return this.#leaver >= 0;
  }

  /** The event that ended last. */
  get last(): EventRecord {
    return recordOf(this.#log, this.#log.length - 1);
  }

  /** Whether a decision sleeps. */
  has(decision: Decision): boolean {
    for (const record of this.#sleeping) if (record.decision === decision) return true;
    return false;
  }

  #flagsOfStep(thread: number): number {
    if (thread < 0) return EventFlag.Universal;
    const { kind, value } = this.#machine.ahead.operation(thread, this.#pending);
    const isLocal = kind === OperationKind.Syscall ? LOCAL_SYSCALLS.has(value) : PLAIN.has(kind);
    return isLocal ? 0 : EventFlag.Universal;
  }

  #leaverAt(point: DecisionPoint): number {
    const process = this.#log.process[this.#log.length - 1]!;
    if (process >= this.#log.cpus) return NOBODY;
    const thread = point.currentOn(this.#machine.cpus.possible[process]!);
    if (thread < 0) return NOBODY;
    const { kind, value } = this.#machine.ahead.operation(thread, this.#pending);
    return kind === OperationKind.Syscall && value === SyscallNumber.exit ? process : NOBODY;
  }

  #hash(): void {
    let word = 0;
    for (const { decision } of this.#sleeping) word = (word + mix(decision, PRIME_A, PRIME_B)) | 0;
    this.word = this.#sleeping.length === 0 ? 0 : word | 1;
  }
}
