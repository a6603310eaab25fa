import { AccessKind } from '../access-kind.js';
import { MemoryOrder } from '../memory-port.js';
import { type AccessPlace, nameOfKind } from './access-place.js';

/** The access that is being looked at: one object, filled anew for each, so none is allocated. */
export class ShadowAccess {
  kind: AccessKind = AccessKind.Load;
  /** Physical address of the first byte. */
  physical = 0;
  /** 1 to 8 bytes. */
  size = 0;
  /** Virtual address of the first byte, int32. */
  address = 0;
  order: MemoryOrder = MemoryOrder.Plain;
  thread = 0;
  cpu = 0;
  /** Slot of the thread's address space. */
  space = 0;
  ip = 0;
  step = 0;
  /** Whether the kernel accesses on the thread's behalf. */
  kernel = false;

  /** A lasting description for a report. */
  place(): AccessPlace {
    return {
      thread: this.thread,
      cpu: this.cpu,
      ip: this.ip >>> 0,
      step: this.step >>> 0,
      kind: nameOfKind(this.kind),
      address: this.address >>> 0,
      size: this.size,
      kernel: this.kernel,
    };
  }
}
