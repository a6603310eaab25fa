import type {
  Machine,
  Operation,
  Process,
  Routine,
  SharedMemory,
  Thread,
} from '@rseqlab/sim-machine';
import { currentCpu, initializeAreas, installSections } from '@rseqlab/rseq-runtime';
import { TracerError } from '../tracer-error.js';
import { COMMIT_ENTRY } from './commit-program.js';
import { FRAME_BYTES, FRAME_WAITS, MAX_RECORD_BYTES, frameWord } from './frame.js';
import {
  LAST_RESERVE_CODE,
  ReserveCode,
  ReserveEntry,
  ReserveResult,
  recordBytes,
} from './reserve-program.js';
import { NESTING_OFFSET } from './nesting.js';
import { OverwriteRepair } from './overwrite-repair.js';
import { hasTables, initializeTables } from './overwrite-table.js';
import type { RecordRoutines, ReservedSlot } from './record-routines.js';
import { ended, restOf } from './rest-of.js';
import { RingLayout, RingOffset, lossOffset, type Loss } from './ring-layout.js';
import type { RingGeometry } from './ring-geometry.js';
import { RoomWait } from './room-wait.js';
import { commitProgramOf, reserveProgramOf } from './ring-programs.js';
import { RING_VARIANT } from './ring-variant.js';
import type { RingVariant } from './ring-variant.js';
import { MAX_STORED_WORDS, STORE_PROGRAM, storeEntry } from './store-program.js';

/** What became of an event: the CPU in whose ring it is, or why it is lost. */
export type RecordOutcome = { readonly cpu: number } | { readonly loss: Loss };

/**
 * The ring buffers of a channel, one for each possible CPU, in the memory of a process.
 *
 * Any number of threads may record at the same time, signal handlers included: a record lies in the ring of
 * the CPU where it was reserved, whole once it is committed. One consumer reads, see `RingReader`.
 */
export class RingBuffers {
  readonly layout: RingLayout;
  /** Address of the ring of CPU 0 in the process. */
  readonly address: number;
  readonly process: Process;
  readonly machine: Machine;
  /** CPUs that have a ring. */
  readonly cpus: readonly number[];
  /** What a chain calls to record. @internal */
  readonly routines: RecordRoutines;
  readonly #reserve: Routine;
  readonly #close: Routine;
  readonly #closeEmpty: Routine;
  readonly #commit: Routine;
  readonly #stores: readonly Routine[];
  readonly #attempts: number;
  /** By CPU: what a record there ends with. */
  readonly #recorded: readonly Operation<RecordOutcome>[];
  /** Whether a record that finds no room may try again. */
  readonly #triesAgain: boolean;
  /** Where sub-buffers of dead processes are in the way; undefined elsewhere. */
  readonly #repair: OverwriteRepair | undefined;

  /** @param address of zeroed memory, or of rings of the same geometry @internal */
  constructor(
    machine: Machine,
    process: Process,
    address: number,
    geometry: RingGeometry,
    variant: RingVariant = RING_VARIANT,
  ) {
    initializeAreas(process);
    process.threadData.claim(NESTING_OFFSET, 4, 'the tracer');
    this.layout = new RingLayout(geometry);
    this.address = address;
    this.process = process;
    this.machine = machine;
    this.cpus = machine.cpus.possible;
    this.#attempts = variant.attempts;
    this.#recorded = Array.from({ length: machine.cpus.capacity }, (_, cpu) =>
      ended<RecordOutcome>({ cpu }),
    );
    if (geometry.isShared && geometry.mode === 'overwrite' && variant.repairsWraps !== false)
      this.#repair = new OverwriteRepair(machine, this.layout);
    this.#triesAgain = (geometry.blockingTimeoutNs ?? 0) > 0 || this.#repair !== undefined;
    const reserving = installSections(machine, reserveProgramOf(this.layout, variant));
    this.#reserve = reserving.routine(ReserveEntry.reserve);
    this.#close = reserving.routine(ReserveEntry.close);
    this.#closeEmpty = reserving.routine(ReserveEntry.closeEmpty);
    this.#commit = installSections(machine, commitProgramOf(variant)).routine(COMMIT_ENTRY);
    const storing = machine.install(STORE_PROGRAM);
    this.#stores = Array.from({ length: MAX_STORED_WORDS }, (_, n) =>
      storing.routine(storeEntry(n + 1)),
    );
    this.routines = { reserve: this.#reserve, stores: this.#stores, commit: this.#commit };
  }

  /** Makes empty rings in static data of a process; before the threads that use them run. */
  static create(
    machine: Machine,
    process: Process,
    geometry: RingGeometry,
    variant?: RingVariant,
  ): RingBuffers {
    const address = process.allocate(RingBuffers.sizeBytes(machine, geometry));
    const buffers = new RingBuffers(machine, process, address, geometry, variant);
    initializeTables(buffers);
    return buffers;
  }

  /**
   * Attaches a process to rings in shared memory that is all zero or has rings of the geometry already.
   *
   * @throws TracerError `ERR_CHANNEL` for memory that is too small
   */
  static attach(
    machine: Machine,
    process: Process,
    memory: SharedMemory,
    geometry: RingGeometry,
    variant?: RingVariant,
  ): RingBuffers {
    const bytes = RingBuffers.sizeBytes(machine, geometry);
    if (memory.sizeBytes < bytes)
      throw new TracerError(
        'ERR_CHANNEL',
        `expected at least ${bytes} bytes of shared memory, got ${memory.sizeBytes}`,
      );
    const address = process.mapShared(memory);
    const buffers = new RingBuffers(machine, process, address, geometry, variant);
    if (!hasTables(buffers)) initializeTables(buffers);
    return buffers;
  }

  /** Bytes of memory that the rings of a machine take. */
  static sizeBytes(machine: Machine, geometry: RingGeometry): number {
    return machine.cpus.capacity * new RingLayout(geometry).strideBytes;
  }

  /** Address of the ring of a CPU. */
  ringOf(cpu: number): number {
    return this.address + cpu * this.layout.strideBytes;
  }

  /**
   * Records an event: reserves, stores, commits. May be aborted, preempted, moved and interrupted anywhere.
   *
   * @param eventId 0 to 65535
   * @param payload words; read before the call returns
   */
  record(t: Thread, eventId: number, payload: readonly number[]): Operation<RecordOutcome> {
    const frame = this.frameOf(eventId, payload.length);
    if (frame === 0) return restOf(this.lose(t, 'big'));
    // Not that of the buffers' process: a child that it forked records in its name.
    if (!t.exec(this.#reserve, this.address, frame, t.process.pid))
      return restOf(this.#reserving(t, frame, payload.slice()));
    return this.#reserved(t, frame, payload, t.result);
  }

  /** First word of a record with so many words of payload; 0 for one that is larger than a sub-buffer. @internal */
  frameOf(eventId: number, words: number): number {
    const bytes = recordBytes(4 * words);
    if (bytes > this.layout.geometry.subbufBytes || bytes > MAX_RECORD_BYTES) return 0;
    return frameWord(eventId, bytes) | (this.#triesAgain ? FRAME_WAITS : 0);
  }

  *#reserving(t: Thread, frame: number, payload: readonly number[]): Operation<RecordOutcome> {
    yield;
    return yield* this.afterReserve(t, frame, payload);
  }

  /** Goes on where the reservation of a record has returned. @param payload as for {@link record} @internal */
  afterReserve(t: Thread, frame: number, payload: readonly number[]): Operation<RecordOutcome> {
    return this.#reserved(t, frame, payload, t.result);
  }

  #reserved(
    t: Thread,
    frame: number,
    payload: readonly number[],
    slot: number,
  ): Operation<RecordOutcome> {
    if (slot >>> 0 <= LAST_RESERVE_CODE)
      return restOf(this.#tryAgain(t, frame, payload.slice(), slot));
    const cpu = t.register(ReserveResult.cpu);
    const subbuf = t.register(ReserveResult.subbuf);
    if (payload.length > MAX_STORED_WORDS || !this.#storeFew(t, slot + FRAME_BYTES, payload, 0))
      return restOf(this.#storing(t, frame, payload.slice(), { slot, cpu, subbuf }));
    const recorded = this.#recorded[cpu]!;
    return t.exec(this.#commit, slot, frame, subbuf, cpu)
      ? recorded
      : restOf(this.#committing(recorded));
  }

  /** Goes on where the payload of a record has been stored. @internal */
  *afterStore(
    t: Thread,
    frame: number,
    { slot, cpu, subbuf }: ReservedSlot,
  ): Operation<RecordOutcome> {
    if (!t.exec(this.#commit, slot, frame, subbuf, cpu)) yield;
    return yield* this.#recorded[cpu]!;
  }

  *#storing(
    t: Thread,
    frame: number,
    payload: readonly number[],
    reserved: ReservedSlot,
  ): Operation<RecordOutcome> {
    if (payload.length <= MAX_STORED_WORDS) yield;
    else yield* this.#storeMany(t, reserved.slot + FRAME_BYTES, payload);
    return yield* this.afterStore(t, frame, reserved);
  }

  *#committing(recorded: Operation<RecordOutcome>): Operation<RecordOutcome> {
    yield;
    return yield* recorded;
  }

  /** Goes on after a reservation that came to nothing. */
  *#tryAgain(
    t: Thread,
    frame: number,
    payload: readonly number[],
    first: number,
  ): Operation<RecordOutcome> {
    const { blockingTimeoutNs: timeoutNs = 0 } = this.layout.geometry;
    let room: RoomWait | undefined;
    let code = first;
    for (let attempt = 0; ;) {
      if (code === ReserveCode.full) {
        if (timeoutNs === 0) return { loss: 'full' };
        const consumed = this.ringOf(t.register(ReserveResult.cpu)) + RingOffset.consumed;
        room ??= new RoomWait(timeoutNs);
        if (!(yield* room.wait(t, consumed))) return yield* this.lose(t, 'full');
        attempt = -1;
      }
      if (code === ReserveCode.wrap) {
        if (this.#repair === undefined) return { loss: 'wrap' };
        const cpu = t.register(ReserveResult.cpu);
        if (!(yield* this.#repair.forWriter(t, this.ringOf(cpu), cpu)))
          return yield* this.lose(t, 'wrap');
      }
      if (code === ReserveCode.nested) return { loss: 'nested' };
      attempt += 1;
      if (code === ReserveCode.noCpu || attempt >= this.#attempts) break;
      if (!t.exec(this.#reserve, this.address, frame, t.process.pid)) yield;
      code = t.result;
      if (code >>> 0 > LAST_RESERVE_CODE) return yield* this.#reserved(t, frame, payload, code);
    }
    return yield* this.lose(t, 'interrupted');
  }

  /** Counts an event that is lost before anything was reserved for it, in the ring of this CPU. */
  *lose(t: Thread, loss: Loss): Operation<RecordOutcome> {
    const cpu = yield* currentCpu(t);
    yield* t.fetchAdd(this.ringOf(cpu) + lossOffset(loss), 1);
    return { loss };
  }

  /** Closes the sub-buffer that is open on the thread's CPU, so that it can be read. */
  *closeSubbuf(t: Thread): Operation<void> {
    yield* this.#untilDone(t, this.#close);
  }

  /**
   * Closes the sub-buffer that is open on the thread's CPU, or makes an empty one.
   *
   * @returns whether there was room for it
   */
  *closeOrMakeEmpty(t: Thread): Operation<boolean> {
    return (yield* this.#untilDone(t, this.#closeEmpty)) === ReserveCode.done;
  }

  *#untilDone(t: Thread, routine: Routine): Operation<number> {
    for (let attempt = 0; attempt < this.#attempts; attempt++) {
      if (!t.exec(routine, this.address, 0, t.process.pid)) yield;
      const code = t.result;
      if (code !== ReserveCode.aborted) return code;
    }
    return ReserveCode.aborted;
  }

  /** Stores up to {@link MAX_STORED_WORDS} words from one on; false when the caller has to yield. */
  #storeFew(t: Thread, address: number, words: readonly number[], from: number): boolean {
    const count = Math.min(MAX_STORED_WORDS, words.length - from);
    if (count === 0) return true;
    if (count > 3) t.pass(words[from + 3]!, words[from + 4] ?? 0);
    const [second, third] = [count > 1 ? words[from + 1]! : 0, count > 2 ? words[from + 2]! : 0];
    return t.exec(this.#stores[count - 1]!, address, words[from], second, third);
  }

  *#storeMany(t: Thread, address: number, words: readonly number[]): Operation<void> {
    for (let from = 0; from < words.length; from += MAX_STORED_WORDS)
      if (!this.#storeFew(t, address + 4 * from, words, from)) yield;
  }
}
