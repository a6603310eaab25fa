import type { Clocks } from './clocks.js';
import { AccessMode } from './access-mode.js';
import { EventFlag } from './event-log.js';
import type { EventLog } from './event-log.js';
import { grown } from './grown.js';
import type { NodeStates } from './node-states.js';
import { WakeAnalysis } from './wake-analysis.js';

/** Told of races. */
export interface RaceListener {
  /** The last event of the log could happen before `event` does. */
  race(event: number): void;
}

/**
 * Orders the last event of a log behind those that it conflicts with, and finds those which it could
 * come before instead.
 *
 * Order is that of the graph of program order, reads-from and coherence: a read comes after the
 * write that it read from and before the next write to the location. Under `tso` a CPU's read of its
 * own store is in no order with the moment at which the store reaches memory.
 */
export class RaceAnalysis {
  readonly #log: EventLog;
  readonly #clocks: Clocks;
  readonly #listener: RaceListener;
  readonly #wakes: WakeAnalysis;
  #conflicts = new Int32Array(64);
  #count = 0;
  #races = new Int32Array(64);

  constructor(log: EventLog, clocks: Clocks, nodes: NodeStates, listener: RaceListener) {
    this.#log = log;
    this.#clocks = clocks;
    this.#listener = listener;
    this.#wakes = new WakeAnalysis(log, clocks, nodes);
  }

  /** Gives the last event its clock and tells of its races. */
  analyse(): void {
    const log = this.#log;
    const clocks = this.#clocks;
    const event = log.length - 1;
    const process = log.process[event]!;
    const before = log.before[event]!;
    clocks.begin(event, before);
    clocks.set(event, process, log.index[event]!);
    const cpu = log.cpuOf(process);
    if ((log.flags[event]! & EventFlag.AfterDrains) !== 0) this.#after(event, log.lastDrain(cpu));
    this.#count = 0;
    const end = log.firstAccess[event + 1]!;
    for (let at = log.firstAccess[event]!; at < end; at++) {
      if (log.event[at] !== event) continue;
      const mode = log.mode[at]!;
      if ((mode & AccessMode.Drained) !== 0) this.#after(event, log.storedBy[at]!);
      if ((mode & AccessMode.Forwarded) === 0) this.#collect(at, event, cpu);
    }
    this.#collectBeyondMemory(event, process);
    const isAwait = (log.flags[event]! & EventFlag.Await) !== 0;
    let races = 0;
    if (this.#races.length < this.#count) this.#races = grown(this.#races);
    for (let i = 0; i < this.#count; i++) {
      const other = this.#conflicts[i]!;
      if (clocks.of(event, log.process[other]!) >= log.index[other]!) continue;
      if (!isAwait) this.#races[races++] = other;
      clocks.join(event, other);
    }
    if (log.rounds[event] !== undefined) this.#wakes.lookAt(event);
    for (let i = 0; i < races; i++)
      if (log.rounds[event] === undefined || this.#wakes.canComeBefore(this.#races[i]!))
        this.#listener.race(this.#races[i]!);
  }

  /**
   * Tells of the write that a wait could come before: the last one such that the word had the value
   * that is waited for until then.
   *
   * @param at an access of the last event, which waits until the word differs from `unwanted`
   * @param first what the word held at first; undefined where nobody knows
   */
  analyseAwait(at: number, unwanted: number, first: number | undefined): void {
    const log = this.#log;
    const event = log.length - 1;
    const cpu = log.cpuOf(log.process[event]!);
    const past = log.before[event]!;
    for (let later = this.#writeBefore(log.previous[at]!); later >= 0;) {
      const write = log.event[later]!;
      const isOwn =
        (log.mode[later]! & AccessMode.Drained) !== 0 && log.cpuOf(log.process[write]!) === cpu;
      const isPast = past >= 0 && this.#clocks.of(past, log.process[write]!) >= log.index[write]!;
      if (isOwn || isPast) return;
      const earlier = this.#writeBefore(log.previous[later]!);
      const found = earlier >= 0 ? log.value[earlier]! : first;
      if (found !== unwanted) {
        this.#listener.race(write);
        return;
      }
      later = earlier;
    }
  }

  #writeBefore(from: number): number {
    const log = this.#log;
    let at = from;
    while (at >= 0 && (log.mode[at]! & AccessMode.Write) === 0) at = log.previous[at]!;
    return at;
  }

  #after(event: number, other: number): void {
    if (other >= 0) this.#clocks.join(event, other);
  }

  /** The accesses of a location that an access comes directly after. */
  #collect(at: number, event: number, cpu: number): void {
    const log = this.#log;
    const writes = (log.mode[at]! & AccessMode.Write) !== 0;
    let open = log.bytes[at]!;
    for (let other = log.previous[at]!; other >= 0 && open !== 0; other = log.previous[other]!) {
      if ((log.bytes[other]! & open) === 0) continue;
      const of = log.event[other]!;
      if ((log.mode[other]! & AccessMode.Write) !== 0) {
        open &= ~log.bytes[other]!;
        const isOwnDrain =
          !writes &&
          (log.mode[other]! & AccessMode.Drained) !== 0 &&
          log.cpuOf(log.process[of]!) === cpu;
        if (!isOwnDrain) this.#add(of, event);
      } else if (writes) this.#add(of, event);
    }
  }

  #collectBeyondMemory(event: number, process: number): void {
    const log = this.#log;
    const universal = log.lastUniversal;
    if ((log.flags[event]! & EventFlag.Universal) !== 0) {
      for (let other = 0; other < log.processes; other++)
        this.#addForeign(log.lastOf(other), event);
      return;
    }
    if (universal >= 0) this.#addForeign(universal, event);
    if (process < log.cpus) this.#addForeign(log.lastTouch(process), event);
    const touches = log.touches[event]!;
    if (touches === 0) return;
    for (let other = 0; other < log.cpus; other++)
      if (((touches >>> (other % 31)) & 1) === 1) {
        this.#addForeign(log.lastOf(other), event);
        this.#addForeign(log.lastTouch(other), event);
      }
  }

  #addForeign(other: number, event: number): void {
    if (other >= 0 && this.#log.process[other] !== this.#log.process[event])
      this.#add(other, event);
  }

  /** Keeps the list without duplicates, latest event first. */
  #add(other: number, event: number): void {
    if (other === event) return;
    if (this.#count === this.#conflicts.length) this.#conflicts = grown(this.#conflicts);
    const list = this.#conflicts;
    let at = this.#count;
    while (at > 0 && list[at - 1]! < other) at -= 1;
    if (at > 0 && list[at - 1] === other) return;
    for (let i = this.#count; i > at; i--) list[i] = list[i - 1]!;
    list[at] = other;
    this.#count += 1;
  }
}
