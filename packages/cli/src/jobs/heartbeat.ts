import type { JobCounts } from './job.js';

/** What code a job is executing. */
export const JobPhase = { Loading: 0, Setup: 1, Threads: 2, Check: 3 } as const;

/** One of {@link JobPhase}. */
export type JobPhase = (typeof JobPhase)[keyof typeof JobPhase];

const BEAT = 0;
const PHASE = 1;

/** Byte offset of the counts, and how many there are. */
const COUNTS_AT = 8;
const COUNTS = 4;

const THREAD_AT = COUNTS_AT + COUNTS * 8;
const BYTES = THREAD_AT + 4;

/**
 * Signs of life of a job, in memory that it shares with whoever watches over it.
 *
 * | bytes    | holds                                     |
 * |----------|-------------------------------------------|
 * | 0 to 3   | a number that changes while the job lives |
 * | 4 to 7   | its phase                                 |
 * | 8 to 39  | executions, classes, blocked, events      |
 * | 40 to 43 | thread that the job runs in               |
 */
export class Heartbeat {
  #buffer: SharedArrayBuffer;
  #words: Int32Array;
  #counts: Float64Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.#buffer = buffer;
    this.#words = new Int32Array(buffer, 0, 2);
    this.#counts = new Float64Array(buffer, COUNTS_AT, COUNTS);
  }

  /** The memory, to be handed to the other side. */
  get buffer(): SharedArrayBuffer {
    return this.#buffer;
  }

  /** Gives signs of life in other memory from now on. */
  moveTo(buffer: SharedArrayBuffer): void {
    this.#buffer = buffer;
    this.#words = new Int32Array(buffer, 0, 2);
    this.#counts = new Float64Array(buffer, COUNTS_AT, COUNTS);
  }

  /** The thread that the job runs in; 0 if nobody said. */
  get thread(): number {
    return new Int32Array(this.#buffer, THREAD_AT, 1)[0]!;
  }

  set thread(id: number) {
    new Int32Array(this.#buffer, THREAD_AT, 1)[0] = id;
  }

  /** How often the job has shown progress; wraps. */
  get beats(): number {
    return Atomics.load(this.#words, BEAT);
  }

  /** What it is executing. */
  get phase(): JobPhase {
    return Atomics.load(this.#words, PHASE) as JobPhase;
  }

  /** How far it has come. */
  get counts(): JobCounts {
    const [executions = 0, classes = 0, blocked = 0, kernelEvents = 0] = this.#counts;
    return { executions, classes, blocked, kernelEvents };
  }

  /** The job goes on. */
  beat(): void {
    this.#words[BEAT]! += 1;
  }

  /** The job goes on with other code. */
  enter(phase: JobPhase): void {
    this.#words[PHASE] = phase;
    this.beat();
  }

  /** The job has come so far. */
  report({ executions, classes, blocked, kernelEvents }: JobCounts): void {
    this.#counts[0] = executions;
    this.#counts[1] = classes;
    this.#counts[2] = blocked;
    this.#counts[3] = kernelEvents;
    this.beat();
  }
}
