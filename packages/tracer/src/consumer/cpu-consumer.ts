import {
  ClockId,
  FutexScope,
  clockGettime,
  futexWait,
  futexWaitFor,
  nanosleep,
  setAffinity,
} from '@rseqlab/sim-machine';
import type { Operation, Thread } from '@rseqlab/sim-machine';
import type { RingBuffers } from '../ring/ring-buffers.js';
import { ConsumerCommand } from './consumer-control.js';
import type { ConsumerControl } from './consumer-control.js';
import type { ConsumedRing } from './consumed-ring.js';
import { PeriodTimer } from './period-timer.js';
import type { StreamFiles } from './stream-files.js';

/** What a consumer is made of. */
export interface ConsumerParts {
  readonly cpu: number;
  readonly rings: readonly ConsumedRing[];
  /** Rings in mode overwrite, of which the timer closes sub-buffers, so that snapshots have them. */
  readonly switched: readonly SwitchedRing[];
  readonly control: ConsumerControl;
  /** Files of the next chunk, one for each of `rings`. */
  readonly nextFiles: () => readonly StreamFiles[];
}

/** A ring of which sub-buffers are closed from time to time. */
export interface SwitchedRing {
  readonly buffers: RingBuffers;
  readonly switchTimerNs: number;
}

/** How long a consumer waits for a CPU to come back that has something open. */
const END_WAIT_NS = 50_000;

/**
 * The consumer of one CPU's rings: a thread that stays on the CPU, since only there can it close
 * sub-buffers that are not full.
 */
export class CpuConsumer {
  readonly #parts: ConsumerParts;
  readonly #switches: readonly {
    readonly buffers: RingBuffers;
    readonly timer: PeriodTimer;
  }[];

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    this.#switches = parts.switched.map(({ buffers, switchTimerNs }) => ({
      buffers,
      timer: new PeriodTimer(switchTimerNs),
    }));
  }

  /** What it consumes. */
  get rings(): readonly ConsumedRing[] {
    return this.#parts.rings;
  }

  /**
   * The life of the thread: it ends once recording has stopped and everything is consumed.
   *
   * @param handled commands that were given before it began
   */
  *run(t: Thread, handled: number): Operation<void> {
    const { cpu, control, rings } = this.#parts;
    yield* setAffinity(t, [cpu]);
    this.#begin(yield* clockGettime(t, ClockId.Monotonic));
    for (let last = handled; ;) {
      const count = yield* t.loadAcquire(control.count);
      if (count !== last) yield* this.#obey(t);
      last = count;
      if (!(yield* control.isActive(t))) break;
      const nowNs = yield* clockGettime(t, ClockId.Monotonic);
      yield* this.#serve(t, nowNs);
      const leftNs = this.#dueNs - (yield* clockGettime(t, ClockId.Monotonic));
      if (leftNs === Infinity) yield* futexWait(t, control.count, count, FutexScope.Private);
      else if (leftNs > 0) yield* futexWaitFor(t, control.count, count, leftNs, FutexScope.Private);
    }
    for (const ring of rings)
      for (;;) {
        yield* ring.flush(t);
        if (yield* ring.isAtEnd(t)) break;
        yield* nanosleep(t, END_WAIT_NS);
      }
    yield* control.leave(t);
  }

  #begin(nowNs: number): void {
    for (const ring of this.#parts.rings) ring.begin(nowNs);
    for (const { timer } of this.#switches) timer.begin(nowNs);
  }

  get #dueNs(): number {
    let dueNs = Infinity;
    for (const ring of this.#parts.rings) dueNs = Math.min(dueNs, ring.dueNs);
    for (const { timer } of this.#switches) dueNs = Math.min(dueNs, timer.dueNs);
    return dueNs;
  }

  *#serve(t: Thread, nowNs: number): Operation<void> {
    for (const ring of this.#parts.rings) yield* ring.serve(t, nowNs);
    for (const { buffers, timer } of this.#switches)
      if (timer.take(nowNs)) yield* buffers.closeSubbuf(t);
  }

  *#obey(t: Thread): Operation<void> {
    const { control, rings, nextFiles } = this.#parts;
    const command = yield* control.command(t);
    if (command === ConsumerCommand.clear) for (const ring of rings) yield* ring.clear(t);
    if (command === ConsumerCommand.rotate) {
      const files = nextFiles();
      for (const [n, ring] of rings.entries()) yield* ring.rotate(t, files[n]!);
    }
    yield* control.done(t);
  }
}
