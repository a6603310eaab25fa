import type { Machine, Operation, Routine, Thread } from '@rseqlab/sim-machine';
import { installSections } from '@rseqlab/rseq-runtime';
import { OverwriteRepair } from './overwrite-repair.js';
import type { RingBuffers } from './ring-buffers.js';
import { RingOffset, SubbufOffset } from './ring-layout.js';
import type { ClosedSubbuf } from './ring-reader.js';
import { SwapCode, SwapEntry, swapProgram } from './swap-program.js';

/** How often a swap that was aborted is begun again before the sub-buffer is left out. */
const ATTEMPTS = 100;

/**
 * Reads what a ring in mode overwrite holds, without consuming it: a flight recorder.
 *
 * The calling thread has to be on the ring's CPU; one thread at a time reads a ring. Each sub-buffer is swapped
 * out while it is read and back again behind that, unless the writer has come around meanwhile.
 */
export class SnapshotReader {
  readonly #buffers: RingBuffers;
  readonly #cpu: number;
  readonly #ring: number;
  readonly #take: Routine;
  readonly #giveBack: Routine;
  /** Where other processes may have died; undefined elsewhere. */
  readonly #repair: OverwriteRepair | undefined;

  constructor(machine: Machine, buffers: RingBuffers, cpu: number) {
    this.#buffers = buffers;
    this.#cpu = cpu;
    this.#ring = buffers.ringOf(cpu);
    if (buffers.layout.geometry.isShared)
      this.#repair = new OverwriteRepair(machine, buffers.layout);
    const swapping = installSections(machine, programOf(buffers));
    this.#take = swapping.routine(SwapEntry.take);
    this.#giveBack = swapping.routine(SwapEntry.giveBack);
  }

  /**
   * Calls `read` with every closed and committed sub-buffer that is in the ring, oldest first. Nobody writes
   * to it until `read` has returned.
   *
   * @returns how many were read
   */
  *snapshot(
    t: Thread,
    read: (t: Thread, subbuf: ClosedSubbuf) => Operation<void>,
  ): Operation<number> {
    const { subbufBytes, subbufCount } = this.#buffers.layout.geometry;
    yield* this.#buffers.closeSubbuf(t);
    const offset = yield* t.loadAcquire(this.#ring + RingOffset.offset);
    const cleared = yield* t.loadAcquire(this.#ring + RingOffset.consumed);
    let count = 0;
    for (let age = subbufCount; age > 0; age--) {
      // Before the ring was full there was nothing that far back; offsets wrap, so ages are compared.
      const start = (offset - age * subbufBytes) | 0;
      if (((start - cleared) | 0) < 0) continue;
      if (yield* this.#readOne(t, start, read)) count += 1;
    }
    return count;
  }

  *#readOne(
    t: Thread,
    start: number,
    read: (t: Thread, subbuf: ClosedSubbuf) => Operation<void>,
  ): Operation<boolean> {
    const { layout } = this.#buffers;
    const spare = yield* this.#spare(t);
    let taken = yield* this.#swap(t, this.#take, start, spare);
    if (taken === SwapCode.uncommitted && (yield* this.#repairs(t, start)))
      taken = yield* this.#swap(t, this.#take, start, spare);
    if (taken < 0) return false;
    const record = this.#ring + layout.recordOf(taken);
    const isThere = (yield* t.load(record + SubbufOffset.start)) === start;
    const contentEnd = yield* t.load(record + SubbufOffset.contentEnd);
    const contentBytes = (contentEnd - start) | 0;
    const data = this.#ring + layout.dataOf(taken);
    if (isThere && contentBytes > 0) yield* read(t, { start, record, data, contentBytes });
    yield* this.#swap(t, this.#giveBack, start, taken);
    return isThere && contentBytes > 0;
  }

  /** Whether a sub-buffer was completed that a dead process has left. */
  *#repairs(t: Thread, start: number): Operation<boolean> {
    if (this.#repair === undefined) return false;
    return yield* this.#repair.forReader(t, this.#ring, start, this.#cpu);
  }

  /** The sub-buffer that no place has. It is not remembered: a reader that died may have had it. */
  *#spare(t: Thread): Operation<number> {
    const { subbufCount } = this.#buffers.layout.geometry;
    let sum = (subbufCount * (subbufCount + 1)) / 2;
    for (let place = 0; place < subbufCount; place++)
      sum -= yield* t.load(this.#ring + RingOffset.table + 4 * place);
    return sum;
  }

  *#swap(t: Thread, routine: Routine, start: number, subbuf: number): Operation<number> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (!t.exec(routine, this.#ring, start, subbuf, this.#cpu)) yield;
      const swapped = t.result;
      if (swapped !== SwapCode.aborted) return swapped;
    }
    return SwapCode.aborted;
  }
}

const programs = new Map<string, ReturnType<typeof swapProgram>>();

function programOf({ layout }: RingBuffers): ReturnType<typeof swapProgram> {
  const key = JSON.stringify(layout.geometry);
  let program = programs.get(key);
  if (program === undefined) programs.set(key, (program = swapProgram(layout)));
  return program;
}
