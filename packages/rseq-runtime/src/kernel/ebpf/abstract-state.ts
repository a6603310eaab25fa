import { EBPF_REGISTERS, EBPF_STACK_BYTES, FRAME_POINTER } from './ebpf-abi.js';

/** What the verifier knows of a register. */
export const ValueKind = {
  /** Nothing was written, or different things on different paths. */
  Unknown: 0,
  /** A number. */
  Scalar: 1,
  /** A number that is known, from 0 to 2^31 - 1. */
  Constant: 2,
  /** The address of a byte of the stack. */
  Stack: 3,
} as const;

/** One of {@link ValueKind}. */
export type ValueKind = (typeof ValueKind)[keyof typeof ValueKind];

/** What holds in front of an instruction on every path that leads there. */
export class AbstractState {
  readonly kinds: Uint8Array = new Uint8Array(EBPF_REGISTERS);
  /** The constant, or the byte of the stack, counted from its lowest. */
  readonly values: Int32Array = new Int32Array(EBPF_REGISTERS);
  /** 1 for each byte of the stack that was written. */
  readonly written: Uint8Array = new Uint8Array(EBPF_STACK_BYTES);

  constructor() {
    this.set(FRAME_POINTER, ValueKind.Stack, EBPF_STACK_BYTES);
  }

  /** Says what a register holds. */
  set(register: number, kind: ValueKind, value = 0): void {
    this.kinds[register] = kind;
    this.values[register] = value;
  }

  /** A state of its own that says the same. */
  copy(): AbstractState {
    const copy = new AbstractState();
    copy.kinds.set(this.kinds);
    copy.values.set(this.values);
    copy.written.set(this.written);
    return copy;
  }

  /** Keeps what holds in the other state too. */
  join(other: AbstractState): void {
    for (let register = 0; register < EBPF_REGISTERS; register++) {
      const kind = this.kinds[register]!;
      const joined = other.kinds[register]!;
      if (kind === joined && this.values[register] === other.values[register]) continue;
      const areNumbers = isNumber(kind) && isNumber(joined);
      this.set(register, areNumbers ? ValueKind.Scalar : ValueKind.Unknown);
    }
    for (let byte = 0; byte < EBPF_STACK_BYTES; byte++) this.written[byte]! &= other.written[byte]!;
  }
}

/** Whether a value is a number, known or not. */
export function isNumber(kind: number): boolean {
  return kind === ValueKind.Scalar || kind === ValueKind.Constant;
}
