import { Errno, kill } from '@rseqlab/sim-machine';
import type { Machine, Operation, Routine, Thread } from '@rseqlab/sim-machine';
import { installSections } from '@rseqlab/rseq-runtime';
import { FRAME_BYTES, FRAME_COMMITTED, frameBytes } from './frame.js';
import { REPAIR_ENTRY, RepairCode, repairProgram } from './repair-program.js';
import { RingOffset, SubbufOffset, lossOffset } from './ring-layout.js';
import type { RingLayout } from './ring-layout.js';

/** How often a repair that was aborted is begun again. */
const ATTEMPTS = 100;

/**
 * Completes sub-buffers of rings in mode overwrite whose owner has died before everything in them was committed.
 *
 * Whoever needs such a sub-buffer repairs it: the producer that comes around to it, and the reader of a snapshot. The
 * calling thread has to be on the ring's CPU; any number may try.
 */
export class OverwriteRepair {
  readonly #layout: RingLayout;
  readonly #repair: Routine;

  constructor(machine: Machine, layout: RingLayout) {
    this.#layout = layout;
    this.#repair = installSections(machine, programOf(layout)).routine(REPAIR_ENTRY);
  }

  /**
   * Repairs the sub-buffer that a producer comes around to. What in it is not whole is overwritten with the
   * rest, and counted by nobody.
   *
   * @returns whether it is worth to try again
   */
  *forWriter(t: Thread, ring: number, cpu: number): Operation<boolean> {
    const offset = yield* t.load(ring + RingOffset.offset);
    const record = ring + this.#layout.recordOf(yield* this.#physicalAt(t, ring, offset));
    const start = yield* t.load(record + SubbufOffset.start);
    return (yield* this.#repairDead(t, ring, record, start, cpu)) !== RepairCode.nothing;
  }

  /**
   * Repairs a sub-buffer that is to be read: records in it that are not whole are lost, and counted.
   *
   * @param start offset of its first byte
   * @returns whether it is worth to try again
   */
  *forReader(t: Thread, ring: number, start: number, cpu: number): Operation<boolean> {
    const physical = yield* this.#physicalAt(t, ring, start);
    const record = ring + this.#layout.recordOf(physical);
    // Looked at before it is repaired: from then on it may be overwritten.
    const contentEnd = yield* t.load(record + SubbufOffset.contentEnd);
    const data = ring + this.#layout.dataOf(physical);
    const unfinished = yield* this.#unfinished(t, data, (contentEnd - start) >>> 0);
    const repaired = yield* this.#repairDead(t, ring, record, start, cpu);
    if (repaired > 0) yield* t.fetchAdd(ring + lossOffset('dead'), unfinished);
    return repaired > 0;
  }

  /** What the section returns. */
  *#repairDead(
    t: Thread,
    ring: number,
    record: number,
    start: number,
    cpu: number,
  ): Operation<number> {
    const owner = yield* t.load(record + SubbufOffset.owner);
    if (owner === t.process.pid) return RepairCode.nothing;
    if ((yield* kill(t, owner, 0)) !== -Errno.ESRCH) return RepairCode.nothing;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (!t.exec(this.#repair, ring, start, owner, cpu)) yield;
      const code = t.result;
      if (code !== RepairCode.aborted) return code;
    }
    return RepairCode.aborted;
  }

  /** Which sub-buffer is in the place of an offset. */
  *#physicalAt(t: Thread, ring: number, offset: number): Operation<number> {
    return yield* t.load(ring + RingOffset.table + 4 * this.#layout.placeOf(offset));
  }

  *#unfinished(t: Thread, data: number, contentBytes: number): Operation<number> {
    const bytes = Math.min(contentBytes, this.#layout.geometry.subbufBytes);
    let unfinished = 0;
    for (let at = 0; at < bytes;) {
      const word = yield* t.loadAcquire(data + at);
      if ((word & FRAME_COMMITTED) === 0) unfinished += 1;
      at += Math.max(frameBytes(word), FRAME_BYTES);
    }
    return unfinished;
  }
}

const programs = new Map<string, ReturnType<typeof repairProgram>>();

function programOf(layout: RingLayout): ReturnType<typeof repairProgram> {
  const key = JSON.stringify(layout.geometry);
  let program = programs.get(key);
  if (program === undefined) programs.set(key, (program = repairProgram(layout)));
  return program;
}
