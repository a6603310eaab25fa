import type { ProcessId } from '../base/brand.js';
import type { AddressSpace } from '../memory/address-space.js';
import type { ProgramTable } from './process/program-table.js';

/** A process as its threads see it. */
export interface OwningProcess {
  /** Slot in the machine's process table. */
  readonly id: ProcessId;
  /** Process id as user space sees it. */
  readonly pid: number;
  /** Name for reports. */
  readonly name: string;
  /** The address space. @internal */
  readonly space: AddressSpace;
  /** The code that its threads name to the kernel. @internal */
  readonly programs: ProgramTable;
}
