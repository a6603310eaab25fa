import { RegisterFile } from '../cpu/register-file.js';
import { REGISTER_STRIDE } from '../isa/register-file.js';
import type { Bus } from '../memory/bus.js';
import type { ProcessTable } from './process-table.js';
import type { ThreadTable } from './thread-table.js';

/** Whose memory accesses are made in, and from which CPU. */
export interface ThreadContext {
  /** The thread whose accesses are made. */
  readonly thread: number;
  /** From now on accesses are made by this thread on this CPU. */
  readonly enter: (cpu: number, thread: number) => void;
}

/** Makes the context of a machine; see `createRunLoop` for why it captures what it refers to. */
export function createThreadContext(
  bus: Bus,
  processes: ProcessTable,
  threads: ThreadTable,
): ThreadContext {
  const { registers } = threads;
  const processOf = threads.process;
  return {
    get thread() {
      return bus.thread;
    },
    enter(cpu, thread) {
      const region = registers[thread * REGISTER_STRIDE + RegisterFile.Translations]!;
      // Region 0 belongs to no one address space; every other one to the same for good.
      if (region !== 0 && region === bus.region) bus.turn(cpu, thread);
      else bus.enter(cpu, thread, processes.spaceOf(processOf[thread]!));
    },
  };
}
