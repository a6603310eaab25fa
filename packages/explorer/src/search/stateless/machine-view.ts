import {
  OPCODES,
  OperationKind,
  SyscallNumber,
  createPendingOperation,
} from '@rseqlab/sim-machine';
import type { DecisionPoint, LookAhead, Machine } from '@rseqlab/sim-machine';
import { bytesIn } from './access-collector.js';
import type { AccessCollector } from './access-collector.js';
import { AccessMode } from './access-mode.js';
import { EventFlag } from './event-log.js';
import type { EventLog } from './event-log.js';
import { isWord } from '../spin/read-windows.js';
import type { GuardRead } from '../spin/guards.js';
import type { SpinLoops } from '../spin/spin-loops.js';
import type { LocationIds } from './location-ids.js';
import type { SpinRead } from './spin-read.js';
import { SyscallFootprint } from './syscall-footprint.js';

/** What a view is made of. */
interface ViewParts {
  readonly machine: Machine;
  readonly log: EventLog;
  readonly locations: LocationIds;
  readonly collector: AccessCollector;
  /** Stores that a CPU can buffer. */
  readonly capacity: number;
  /** Knows which threads spin. */
  readonly spins: SpinLoops;
}

/** What a search asks the machine: which CPUs can step, and what their steps are. */
export class MachineView {
  /** What system calls conflict through. */
  readonly syscalls: SyscallFootprint;
  readonly #machine: Machine;
  readonly #log: EventLog;
  readonly #locations: LocationIds;
  readonly #collector: AccessCollector;
  readonly #capacity: number;
  readonly #buffersStores: boolean;
  readonly #spins: SpinLoops;
  readonly #ahead: LookAhead;
  readonly #pending = createPendingOperation();
  #sawWait = false;
  #before = 0;
  #looksAtStores = false;

  constructor({ machine, log, locations, collector, capacity, spins }: ViewParts) {
    this.#spins = spins;
    this.#machine = machine;
    this.#log = log;
    this.#locations = locations;
    this.#ahead = machine.ahead;
    this.#collector = collector;
    this.#capacity = capacity;
    this.#buffersStores = machine.buffersStores;
    this.syscalls = new SyscallFootprint(machine, log, locations);
  }

  /** Starts a search; where threads wait, what stores replace is looked at from then on. */
  begin(): void {
    this.#looksAtStores = this.#sawWait;
  }

  /** Whether a thread waited, and what stores replaced was not looked at. */
  get needsRestart(): boolean {
    return this.#sawWait && !this.#looksAtStores;
  }

  /**
   * Whether the thread of a CPU can take a step now. One that would drain the buffer has to wait
   * until it has drained store by store.
   */
  canStep(point: DecisionPoint, cpu: number, dense: number): boolean {
    const thread = point.currentOn(cpu);
    if (thread < 0) return false;
    const pending = this.#ahead.operation(thread, this.#pending);
    if (pending.kind === OperationKind.Await) {
      this.#sawWait = true;
      if (!point.canProgress(cpu)) return false;
    }
    if (this.#spins.holds(thread)) return false;
    if (!this.#buffersStores) return true;
    const stores = point.pendingStores(cpu);
    if (stores === 0) return true;
    const { kind, opcode, address, size } = pending;
    switch (kind) {
      case OperationKind.Atomic:
      case OperationKind.Syscall:
      case OperationKind.Trap:
        return false;
      case OperationKind.Fence:
        return opcode !== OPCODES.fence;
      case OperationKind.Store:
        return stores < this.#capacity;
      case OperationKind.Load:
      case OperationKind.Await:
        return this.#isWhole(thread, dense, address, size);
      default:
        return true;
    }
  }

  /**
   * What is special about the step that a CPU's thread takes next, which {@link canStep} was asked
   * about last; {@link EventFlag} bits.
   */
  flagsOfStep(point: DecisionPoint, cpu: number): number {
    const thread = point.currentOn(cpu);
    const { kind, value, address, opcode } = this.#pending;
    switch (kind) {
      case OperationKind.Await:
        return EventFlag.Await;
      case OperationKind.Syscall:
        if (value === SyscallNumber.exit) return EventFlag.AfterDrains | EventFlag.ExitFirst;
        return EventFlag.AfterDrains | this.syscalls.begin(thread, value);
      case OperationKind.Atomic:
        return EventFlag.AfterDrains | EventFlag.Plain;
      case OperationKind.Fence:
        return (opcode === OPCODES.fence ? EventFlag.AfterDrains : 0) | EventFlag.Plain;
      case OperationKind.Trap:
        return EventFlag.AfterDrains;
      case OperationKind.Store:
        if (this.#buffersStores && point.pendingStores(cpu) === this.#capacity - 1)
          return EventFlag.AfterDrains | EventFlag.Plain;
        if (this.#looksAtStores) this.#lookAt(thread, address);
        return EventFlag.Plain;
      case OperationKind.Load:
        return EventFlag.Plain;
      default:
        return 0;
    }
  }

  /** Notes where the instructions of a CPU stand in front of a step. */
  beginStep(cpu: number): void {
    this.#before = this.#machine.cpus.steps[cpu]!;
  }

  /**
   * Enters into the log by what it is decided whether the thread of a CPU can step, where it is known to
   * spin. Whether that is more than it accesses: then executions may differ in more than their class.
   */
  noteGuards(point: DecisionPoint, cpu: number, dense: number): boolean {
    const log = this.#log;
    const guards = this.#spins.guards(point.currentOn(cpu));
    if (guards === undefined) return false;
    const round = guards.reads.map((read) => this.#spinRead(read));
    if (guards.decideStep) log.rounds[log.length - 1] = round;
    const words = round.flatMap((read) => read.words);
    const first = words[0]!;
    const isOfOne =
      guards.decideStep && guards.reads.every(({ thread }) => thread === round[0]!.thread);
    if (
      isOfOne &&
      words.every(({ location, bytes }) => location === first.location && bytes === first.bytes)
    )
      return false;
    for (const { location, bytes } of words) {
      const store = log.buffered(dense, location, bytes);
      if (store >= 0 && log.covers(store, bytes))
        log.forward(store, location, bytes, AccessMode.Guard);
      else log.access(location, bytes, AccessMode.Read | AccessMode.Guard, 0);
    }
    return true;
  }

  #spinRead({ thread, physical, size, value }: GuardRead): SpinRead {
    const words: { location: number; bytes: number }[] = [];
    for (let word = physical >> 2; word * 4 < physical + size; word++)
      words.push({
        location: this.#locations.idOf(this.#machine.locationKey(word * 4)),
        bytes: bytesIn(word, physical, size),
      });
    return { thread, words, value: isWord(physical, size) ? value : undefined };
  }

  /** Instructions that a CPU has executed since {@link beginStep}. */
  instructions(cpu: number): number {
    return this.#machine.cpus.steps[cpu]! - this.#before;
  }

  /** What the thread of a CPU waits for: the location of a word, or -1 when it does not wait. */
  awaitedBy(point: DecisionPoint, cpu: number): number {
    const thread = point.currentOn(cpu);
    if (thread < 0) return -1;
    const { kind, address } = this.#ahead.operation(thread, this.#pending);
    if (kind !== OperationKind.Await) return -1;
    return this.#locationAt(thread, address);
  }

  /** The value that the word must differ from, after {@link awaitedBy} or {@link flagsOfStep}. */
  get unwanted(): number {
    return this.#pending.value;
  }

  /** A store is told of when it is done: what it replaces has to be looked at before. */
  #lookAt(thread: number, address: number): void {
    const physical = this.#ahead.physicalAddress(thread, address);
    if (physical < 0) return;
    this.#collector.lookAt(physical, this.#locations.idOf(this.#machine.locationKey(physical)));
  }

  #locationAt(thread: number, address: number): number {
    const physical = this.#ahead.physicalAddress(thread, address);
    return physical < 0 ? -1 : this.#locations.idOf(this.#machine.locationKey(physical));
  }

  /** Whether a load finds each of its words in one place: in one buffered store, or in memory. */
  #isWhole(thread: number, cpu: number, address: number, size: number): boolean {
    const log = this.#log;
    for (let word = address >> 2; word * 4 < address + size; word++) {
      const location = this.#locationAt(thread, word * 4);
      if (location < 0) continue;
      const bytes = bytesIn(word, address, size);
      const store = log.buffered(cpu, location, bytes);
      if (store >= 0 && !log.covers(store, bytes)) return false;
    }
    return true;
  }
}
