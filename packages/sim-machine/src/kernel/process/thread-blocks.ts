import type { ProcessColumns } from './process-columns.js';

/**
 * Which thread block and stack the thread in a slot uses: those of its slot, with one exception.
 *
 * A forked thread goes on with the block and stack of its parent, since they are what was copied.
 * The slot they belong to gets those that the forked thread left, so that no two threads of a
 * process ever share.
 */
export class ThreadBlocks {
  readonly #movedThread: Int32Array;
  readonly #movedBlock: Int32Array;

  constructor(columns: ProcessColumns) {
    this.#movedThread = columns.movedThread;
    this.#movedBlock = columns.movedBlock;
  }

  /** The number of the block that the thread in a slot uses in a process. */
  blockOf(thread: number, process: number): number {
    const moved = this.#movedThread[process]!;
    if (moved < 0) return thread;
    if (thread === moved) return this.#movedBlock[process]!;
    return thread === this.#movedBlock[process] ? moved : thread;
  }

  /** The first thread of a forked process goes on with a block. */
  move(thread: number, process: number, block: number): void {
    this.#movedThread[process] = thread;
    this.#movedBlock[process] = block;
  }

  /** The process has a new address space: every thread uses the block of its slot. */
  reset(process: number): void {
    this.#movedThread[process] = -1;
    this.#movedBlock[process] = -1;
  }
}
