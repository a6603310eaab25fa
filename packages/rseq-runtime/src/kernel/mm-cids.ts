import type { KernelPort } from '@rseqlab/sim-machine';

/**
 * Concurrency ids: numbers that tell the running threads of an address space apart.
 *
 * Every thread, registered for rseq or not, is given the lowest number that is free in its address
 * space when it takes a CPU, and gives it back when it leaves. So no two threads that run have the
 * same, and none is as high as the number of threads of the address space that run: data indexed by it
 * need not be larger than that. Linux promises no more, but holds on to ids for longer: a CPU keeps a
 * recent one, a thread its own. So ids change more often here, which an algorithm has to bear anyway.
 *
 * Invariant: bit c of a process is set exactly if one of its running threads has `held` c.
 *
 * @source kernel/sched/sched.h (mm_cid_get), include/linux/mm_types.h (mm_cidmask)
 */
export class MmCids {
  /** The id that a thread has while it runs, else -1. */
  readonly held: Int32Array;
  readonly #used: Int32Array;
  readonly #words: number;
  readonly #process: Int32Array;

  constructor({ arena, threads, cpus, maxProcesses }: MmCidPorts) {
    this.#words = (cpus.capacity + 31) >>> 5;
    this.#process = threads.process;
    this.held = arena.column('rseq.mmCidHeld', threads.capacity, 'semantic', -1);
    // Who holds what says it as well.
    this.#used = arena.column('rseq.mmCidsUsed', maxProcesses * this.#words, 'accounting');
  }

  /** Gives a running thread an id, or the one that it has. */
  take(thread: number): number {
    const held = this.held[thread]!;
    if (held >= 0) return held;
    const used = this.#used;
    let at = this.#process[thread]! * this.#words;
    let first = 0;
    while (used[at] === -1) {
      at += 1;
      first += 32;
    }
    const free = ~used[at]!;
    const bit = free & -free;
    used[at]! |= bit;
    return (this.held[thread] = first + 31 - Math.clz32(bit));
  }

  /** A running thread has another address space, where nobody else runs. */
  renew(thread: number): void {
    if (this.held[thread]! < 0) return;
    this.release(thread);
    this.take(thread);
  }

  /** Takes back what a thread has that runs no more; nothing from one that has none. */
  release(thread: number): void {
    const held = this.held[thread]!;
    if (held < 0) return;
    this.held[thread] = -1;
    this.#used[this.#process[thread]! * this.#words + (held >>> 5)]! &= ~(1 << (held & 31));
  }
}

/** The part of the kernel that concurrency ids stand on. */
export interface MmCidPorts {
  readonly arena: Pick<KernelPort['arena'], 'column'>;
  readonly threads: Pick<KernelPort['threads'], 'capacity' | 'process'>;
  readonly cpus: Pick<KernelPort['cpus'], 'capacity'>;
  readonly maxProcesses: number;
}
