import type { FaultEventKind } from '../observe/machine-events.js';

/** Charges simulated time for what the kernel does; an access is priced by the bus. */
export interface KernelCost {
  /** A system call entry and exit on a CPU. */
  syscall(cpu: number): void;
  /** A context switch on a CPU. */
  contextSwitch(cpu: number): void;
  /** A page fault was handled on a CPU. */
  fault(cpu: number, kind: FaultEventKind): void;
  /** An interrupt was taken on a CPU: a tick, an IPI. */
  interrupt(cpu: number): void;
  /** A CPU has interrupted others, and waited until they had taken it. */
  acknowledgement(cpu: number): void;
  /** A signal frame was built on a CPU. */
  signal(cpu: number): void;
  /** Cycles until a page has been read from swap. */
  readonly pageInCycles: number;
  /** Nanoseconds a cycle takes. */
  readonly nsPerCycle: number;
}

/** No cost model: an instruction takes a cycle of one nanosecond, the kernel takes none. */
export const UNIT_COST: KernelCost = {
  syscall: nothing,
  contextSwitch: nothing,
  fault: nothing,
  interrupt: nothing,
  acknowledgement: nothing,
  signal: nothing,
  pageInCycles: 100_000,
  nsPerCycle: 1,
};

function nothing(): void {
  // Free of charge.
}
