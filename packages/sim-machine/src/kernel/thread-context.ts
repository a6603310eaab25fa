import { RegisterFile } from '../cpu/register-file.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import type { Bus } from '../memory/bus.js';
import type { ProcessTable } from './process-table.js';
import type { ThreadTable } from './thread-table.js';

/** Threads from this one on share a bit of {@link ThreadContext.entered}. */
const LAST_OWN_BIT = 31;

/** Whose memory accesses are made in, and from which CPU. */
export interface ThreadContext {
  /** One word; bit n: something was done in the context of thread n since whoever looks set it to 0. */
  readonly entered: Int32Array;
  /** The thread whose accesses are made. */
  readonly thread: () => number;
  /** From now on accesses are made by this thread on this CPU. */
  readonly enter: (cpu: number, thread: number) => void;
}

/**
 * Makes the context of a machine; see `createRunLoop` for why it captures what it refers to.
 *
 * No accessors: an object that has any is a dictionary to V8, and each of its properties is looked up.
 */
export function createThreadContext(
  bus: Bus,
  processes: ProcessTable,
  threads: ThreadTable,
): ThreadContext {
  const { registers } = threads;
  const processOf = threads.process;
  const entered = new Int32Array(1);
  return {
    entered,
    thread: () => bus.thread,
    enter(cpu, thread) {
      entered[0]! |= 1 << (thread < LAST_OWN_BIT ? thread : LAST_OWN_BIT);
      const region = registers[thread * REGISTER_STRIDE + RegisterFile.Translations]!;
      // Region 0 belongs to no one address space; every other one to the same for good.
      if (region !== 0 && region === bus.region) bus.turn(cpu, thread);
      else bus.enter(cpu, thread, processes.spaceOf(processOf[thread]!));
    },
  };
}
