import { CostKind } from '@rseqlab/sim-machine';
import type { KernelWorkPort } from '@rseqlab/sim-machine';

/** Bytes that {@link PlainWork} has, from address 0 on; everything beyond fails. */
const PLAIN_BYTES = 4096;

/** A work port on plain bytes, for tests that run many programs. */
export class PlainWork implements KernelWorkPort {
  high = 0;
  failed = false;
  /** Kernel instructions charged. */
  instructions = 0;
  readonly view: DataView = new DataView(new ArrayBuffer(PLAIN_BYTES));

  pin(address: number): boolean {
    return address >= 0 && address < PLAIN_BYTES;
  }

  load(address: number, size: number): number {
    this.high = 0;
    this.failed = address < 0 || address + size > PLAIN_BYTES;
    if (this.failed) return 0;
    if (size === 8) this.high = this.view.getInt32(address + 4, true);
    if (size >= 4) return this.view.getInt32(address, true);
    return size === 2 ? this.view.getUint16(address, true) : this.view.getUint8(address);
  }

  store(address: number, size: number, low: number, high: number): void {
    this.failed = address < 0 || address + size > PLAIN_BYTES;
    if (this.failed) return;
    if (size === 8) this.view.setInt32(address + 4, high, true);
    if (size >= 4) this.view.setInt32(address, low, true);
    else if (size === 2) this.view.setInt16(address, low, true);
    else this.view.setInt8(address, low);
  }

  fence(): void {
    // There is one CPU.
  }

  charge(kind: CostKind, times: number): void {
    if (kind === CostKind.Instruction) this.instructions += times;
  }

  runOn(_thread: number, _cpu: number, work: () => number): number {
    return work();
  }
}
