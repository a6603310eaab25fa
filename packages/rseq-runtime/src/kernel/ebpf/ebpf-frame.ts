import { EBPF_REGISTERS, EBPF_STACK_BYTES } from './ebpf-abi.js';

/** The registers and the stack of a program that runs; an address is a byte of the stack. */
export class EbpfFrame {
  readonly low: Int32Array = new Int32Array(EBPF_REGISTERS);
  readonly high: Int32Array = new Int32Array(EBPF_REGISTERS);
  readonly stack: DataView = new DataView(new ArrayBuffer(EBPF_STACK_BYTES));

  /** Writes a register. */
  set(register: number, low: number, high: number): void {
    this.low[register] = low;
    this.high[register] = high;
  }
}
