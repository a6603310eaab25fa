import type { Operation, Process, Thread } from '@rseqlab/sim-machine';

/**
 * What a process knows of itself in a region, in its own memory, so that a forked child has a copy.
 *
 * | word     | holds                                                                        |
 * |----------|------------------------------------------------------------------------------|
 * | counters | address of its slot's counters; 0 while it has not joined, which readers see |
 * | slot     | its slot                                                                     |
 * | pid      | its pid                                                                      |
 * | child    | one more than the slot that it keeps for a child it is forking; or 0         |
 */
export class ProcessAnchor {
  /** Address of the first word, which the read side loads. */
  readonly address: number;

  constructor(process: Process) {
    this.address = process.allocate(16);
  }

  /** Says where the process is counted from now on. */
  *join(t: Thread, pid: number, slot: number, counters: number): Operation<void> {
    yield* t.store(this.address + 4, slot);
    yield* t.store(this.address + 8, pid);
    yield* t.store(this.address, counters);
  }

  /** Says that it is counted nowhere. */
  *leave(t: Thread): Operation<void> {
    yield* t.store(this.address, 0);
  }

  /** Address of the counters, or 0. */
  counters(t: Thread): Operation<number> {
    return t.load(this.address);
  }

  /** Slot of the process, while it has joined. */
  slot(t: Thread): Operation<number> {
    return t.load(this.address + 4);
  }

  /** Pid of the process; of the parent, in a child that has not joined by itself. */
  pid(t: Thread): Operation<number> {
    return t.load(this.address + 8);
  }

  /** Remembers the slot that is kept for a child; -1 for none. */
  keepForChild(t: Thread, slot: number): Operation<void> {
    return t.store(this.address + 12, slot + 1);
  }

  /** That slot, or -1. */
  *keptForChild(t: Thread): Operation<number> {
    return (yield* t.load(this.address + 12)) - 1;
  }
}
