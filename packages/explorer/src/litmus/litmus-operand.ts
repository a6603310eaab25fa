import type { LitmusValue } from './litmus-value.js';
import type { X86Register } from './x86-register.js';

/** A general register; how much of it is the instruction's width. */
export interface RegisterOperand {
  readonly kind: 'register';
  readonly register: X86Register;
}

/** A constant: `$1`, or `$x` for the address of a location. */
export interface ImmediateOperand {
  readonly kind: 'immediate';
  readonly value: LitmusValue;
}

/** Memory at `location + displacement + base + index * scale`, where what is absent counts as 0. */
export interface MemoryOperand {
  readonly kind: 'memory';
  readonly location?: string;
  readonly displacementBytes: number;
  readonly base?: X86Register;
  readonly index?: X86Register;
  readonly scale: 1 | 2 | 4 | 8;
}

/** What an instruction reads or writes. */
export type LitmusOperand = RegisterOperand | ImmediateOperand | MemoryOperand;
