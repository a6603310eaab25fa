/** One time-shared thread of the oracle; virtual times as exact integers. */
interface OracleThread {
  readonly id: number;
  vruntime: bigint;
  deadline: bigint;
  weight: bigint;
  lag: bigint;
  remainder: bigint;
  protectedDeadline: bigint | undefined;
  relative: bigint | undefined;
  queued: boolean;
}

const NICE_0 = 1024n;

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/**
 * EEVDF on one CPU by its definition: sums and sorted scans over all threads, exact arithmetic.
 *
 * The naive twin that the tree, the running sums and the doubles of the real class must equal.
 */
export class EevdfOracle {
  readonly #threads = new Map<number, OracleThread>();
  readonly #slice: bigint;
  readonly #lagLimit: bigint;
  #lastAverage = 0n;

  constructor(sliceNs: number, tickNs: number) {
    this.#slice = BigInt(sliceNs);
    this.#lagLimit = BigInt(Math.max(2 * sliceNs, tickNs));
  }

  attach(id: number, weight: number): void {
    this.#threads.set(id, {
      id,
      vruntime: 0n,
      deadline: 0n,
      weight: BigInt(weight),
      lag: 0n,
      remainder: 0n,
      protectedDeadline: undefined,
      relative: undefined,
      queued: false,
    });
  }

  enqueue(id: number, isNew: boolean): void {
    const thread = this.#of(id);
    const total = this.#sum((other) => other.weight);
    let lag = 0n;
    if (total > 0n) lag = (thread.lag * (total + thread.weight)) / total;
    thread.vruntime = this.average() - lag;
    const request = (this.#slice * NICE_0) / thread.weight;
    thread.deadline = thread.vruntime + (thread.relative ?? (isNew ? request / 2n : request));
    thread.relative = undefined;
    thread.queued = true;
  }

  dequeue(id: number, sleeps: boolean): void {
    const thread = this.#of(id);
    const limit = (this.#lagLimit * NICE_0) / thread.weight;
    const lag = this.average() - thread.vruntime;
    thread.lag = lag > limit ? limit : lag < -limit ? -limit : lag;
    if (!sleeps) thread.relative = thread.deadline - thread.vruntime;
    thread.queued = false;
    if (this.queued().length === 0) this.#lastAverage = thread.vruntime;
  }

  charge(id: number, ranNs: number): boolean {
    const thread = this.#of(id);
    const due = BigInt(ranNs) * NICE_0 + thread.remainder;
    thread.remainder = due % thread.weight;
    return this.#advance(thread, thread.vruntime + due / thread.weight);
  }

  yield(id: number): void {
    const thread = this.#of(id);
    if (this.queued().length > 1 && thread.vruntime <= this.average())
      this.#advance(thread, thread.deadline);
  }

  reweigh(id: number, weight: number): void {
    const thread = this.#of(id);
    const next = BigInt(weight);
    if (next === thread.weight) return;
    const wasQueued = thread.queued;
    if (wasQueued) this.dequeue(id, false);
    thread.lag = (thread.lag * thread.weight) / next;
    if (thread.relative !== undefined) thread.relative = (thread.relative * thread.weight) / next;
    thread.remainder = 0n;
    thread.weight = next;
    if (wasQueued) this.enqueue(id, false);
  }

  protect(id: number): void {
    const thread = this.#of(id);
    thread.protectedDeadline = thread.deadline;
  }

  pick(current: number): number {
    const average = this.average();
    const running = current < 0 ? undefined : this.#of(current);
    if (
      running?.queued === true &&
      running.vruntime <= average &&
      running.protectedDeadline === running.deadline
    )
      return current;
    const eligible = this.queued().filter(({ vruntime }) => vruntime <= average);
    eligible.sort((a, b) => Number(a.deadline - b.deadline) || a.id - b.id);
    return eligible[0]?.id ?? -1;
  }

  /** V, rounded down. */
  average(): bigint {
    const total = this.#sum(({ weight }) => weight);
    if (total === 0n) return this.#lastAverage;
    return floorDivide(
      this.#sum(({ weight, vruntime }) => weight * vruntime),
      total,
    );
  }

  queued(): OracleThread[] {
    return [...this.#threads.values()].filter(({ queued }) => queued);
  }

  #advance(thread: OracleThread, vruntime: bigint): boolean {
    thread.vruntime = vruntime;
    if (vruntime < thread.deadline) return false;
    thread.deadline = vruntime + (this.#slice * NICE_0) / thread.weight;
    return this.queued().length > 1;
  }

  #of(id: number): OracleThread {
    const thread = this.#threads.get(id);
    if (thread === undefined) throw new Error(`thread ${id} was never attached`);
    return thread;
  }

  #sum(term: (thread: OracleThread) => bigint): bigint {
    return this.queued().reduce((sum, thread) => sum + term(thread), 0n);
  }
}
