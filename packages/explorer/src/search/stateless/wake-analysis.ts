import { DecisionKind } from '@rseqlab/sim-machine';
import { AccessMode } from './access-mode.js';
import type { Clocks } from './clocks.js';
import { EventFlag } from './event-log.js';
import type { EventLog } from './event-log.js';
import type { NodeStates } from './node-states.js';
import type { SpinRead } from './spin-read.js';

/**
 * Knows whether a step of a thread that spins could have come before another event: not where the thread
 * would have been held back there, as nothing that it read in its last round had changed yet.
 *
 * A step that is planned where it cannot come is not only in vain. It also stands for all that could come
 * beside it, which would be missed.
 */
export class WakeAnalysis {
  readonly #log: EventLog;
  readonly #clocks: Clocks;
  readonly #nodes: NodeStates;
  /** Events since the thread's last round that changed what it read in it. */
  readonly #wakers: number[] = [];

  constructor(log: EventLog, clocks: Clocks, nodes: NodeStates) {
    this.#log = log;
    this.#clocks = clocks;
    this.#nodes = nodes;
  }

  /** Looks at an event, the last of the log, that is a step from where its thread spins. */
  lookAt(event: number): void {
    this.#wakers.length = 0;
    const round = this.#log.rounds[event]!;
    let reader = event;
    for (let n = round.length - 1; n >= 0; n--) {
      // The reads of another thread end in its last one.
      if (round[n + 1]?.thread !== round[n]!.thread) reader = event;
      reader = this.#readerBefore(reader, round[n]!);
      for (const { location, bytes } of round[n]!.words)
        this.#collect(location, bytes, round[n]!.value, reader, event);
    }
  }

  /** Whether the step could come before an event, with all that does not depend on that event. */
  canComeBefore(other: number): boolean {
    const { process, index } = this.#log;
    return this.#wakers.some(
      (waker) => waker !== other && this.#clocks.of(waker, process[other]!) < index[other]!,
    );
  }

  /** Adds the events that changed what a reader read, since then. */
  #collect(
    location: number,
    bytes: number,
    value: SpinRead['value'],
    reader: number,
    event: number,
  ): void {
    const log = this.#log;
    const wakers = this.#wakers;
    const before = wakers.length;
    for (let at = log.lastAccess(location); at >= 0; at = log.previous[at]!) {
      const of = log.event[at]!;
      const mode = log.mode[at]!;
      if (of === event || (mode & AccessMode.Guard) !== 0 || (log.bytes[at]! & bytes) === 0)
        continue;
      if (of === reader) return;
      if ((mode & AccessMode.Write) !== 0 && (value === undefined || log.value[at] !== value))
        wakers.push(of);
    }
    // It read what its CPU had stored, and still reads that.
    wakers.length = before;
  }

  /** The last step before an event in which the thread of a read read what it did, or -1. */
  #readerBefore(before: number, { thread, words }: SpinRead): number {
    const log = this.#log;
    const { location } = words[0]!;
    for (let at = before - 1; at >= 0; at--) {
      if (log.decision[at]! >>> 28 !== DecisionKind.Step) continue;
      // What the kernel reads for a thread is none of its reads.
      if ((log.flags[at]! & (EventFlag.AfterDrains | EventFlag.Plain)) === EventFlag.AfterDrains)
        continue;
      if (this.#nodes.threads[at]![log.process[at]!] === thread && this.#reads(at, location))
        return at;
    }
    return -1;
  }

  /** Whether an event read a location, and does not only depend on it. */
  #reads(event: number, location: number): boolean {
    const log = this.#log;
    const end = log.firstAccess[event + 1]!;
    for (let at = log.firstAccess[event]!; at < end; at++) {
      if (log.event[at] !== event || log.location[at] !== location) continue;
      if ((log.mode[at]! & (AccessMode.Read | AccessMode.Guard)) === AccessMode.Read) return true;
    }
    return false;
  }
}
