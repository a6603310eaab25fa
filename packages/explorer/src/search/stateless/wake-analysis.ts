import type { Clocks } from './clocks.js';
import { AccessMode } from './event-log.js';
import type { EventLog } from './event-log.js';

/**
 * Knows whether a step of a thread that spins could have come before another event: not where the thread
 * would have been held back there, as nothing that it reads had changed yet.
 *
 * A step that is planned where it cannot come is not only in vain. It also stands for all that could come
 * beside it, which would be missed.
 */
export class WakeAnalysis {
  readonly #log: EventLog;
  readonly #clocks: Clocks;
  /** Events since the thread's last round that changed what it read in it. */
  readonly #wakers: number[] = [];

  constructor(log: EventLog, clocks: Clocks) {
    this.#log = log;
    this.#clocks = clocks;
  }

  /** Looks at an event, the last of the log, that is a step from where its thread spins. */
  lookAt(event: number): void {
    const log = this.#log;
    const wakers = this.#wakers;
    wakers.length = 0;
    for (const { location, value } of log.rounds[event]!) {
      const read = this.#lastRead(event, location);
      for (let at = log.lastAccess(location); at >= 0; at = log.previous[at]!) {
        const of = log.event[at]!;
        if (of <= read) break;
        const isWrite = (log.mode[at]! & AccessMode.Write) !== 0;
        if (of !== event && isWrite && log.value[at] !== value) wakers.push(of);
      }
    }
  }

  /** Whether the step could come before an event, with all that does not depend on that event. */
  canComeBefore(other: number): boolean {
    const { process, index } = this.#log;
    return this.#wakers.some(
      (waker) => waker !== other && this.#clocks.of(waker, process[other]!) < index[other]!,
    );
  }

  /** The last event of the same process before an event that read a location, or -1. */
  #lastRead(event: number, location: number): number {
    const log = this.#log;
    for (let before = log.before[event]!; before >= 0; before = log.before[before]!) {
      const end = log.firstAccess[before + 1]!;
      for (let at = log.firstAccess[before]!; at < end; at++)
        if (log.event[at] === before && log.location[at] === location) return before;
    }
    return -1;
  }
}
