import { ProgramBuilder, Registers, type Program } from '@rseqlab/sim-machine';
import type { CallStatement, CStatement } from './c-statement.js';
import type { KernelCall } from './kernel-call.js';
import type { SourcePosition } from '../litmus/source-text.js';

/** The number of a machine register. */
export type CodeRegister = (typeof Registers)[keyof typeof Registers];

const { r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13 } = Registers;

/** The machine registers that hold variables. */
export const VARIABLE_REGISTERS: readonly CodeRegister[] = [r6, r7, r8, r9, r10, r11, r12, r13];

/** The machine registers that expressions are evaluated in. */
export const SCRATCH_REGISTERS: readonly CodeRegister[] = [r0, r1, r2, r3, r4, r5];

/** The registers in which a routine takes arguments. */
export const ARGUMENT_REGISTERS: readonly CodeRegister[] = [r1, r2, r3, r4, r5, r6];

/** Where the code of a function returns to its thread, for a call or for good. */
export interface CodeExit {
  /** What the thread is to do: a call of the kernel, to end, or to stop at a wrong pointer. */
  readonly action: KernelCall | 'end' | 'wrong-pointer';
  readonly position: SourcePosition;
  /** The call itself, if it is one. */
  readonly call?: CallStatement;
  /** The statement, as written. */
  readonly text: string;
  /** Variables that the thread has to keep, as registers. */
  readonly kept: readonly CodeRegister[];
  /** The register that takes the result, if that matters. */
  readonly into?: CodeRegister;
  /** The label where the code goes on; what was kept and the result are passed as `passed` says. */
  readonly resume?: string;
  /** For each of the six arguments, the variable's register that it is for. */
  readonly passed: readonly (CodeRegister | undefined)[];
}

/** A function as the machine runs it: pieces of code between calls of the kernel. */
export interface FunctionCode {
  readonly program: Program;
  /** By the number in r0 that a piece returns; r1 and r2 hold the call's arguments. */
  readonly exits: readonly CodeExit[];
  /** The register of each variable. */
  readonly registers: ReadonlyMap<string, CodeRegister>;
}

/** The label at the start of a function's code. */
export const FUNCTION_ENTRY = 'entry';

/** A builder that knows where the variables are and hands out labels. */
export class FunctionBuilder {
  readonly code: ProgramBuilder;
  readonly registers: ReadonlyMap<string, CodeRegister>;
  #labels = 0;

  constructor(name: string, registers: ReadonlyMap<string, CodeRegister>) {
    this.code = new ProgramBuilder(name);
    this.registers = registers;
  }

  /** A label that the program does not have yet. */
  newLabel(): string {
    return `label_${this.#labels++}`;
  }

  /** Sets a register to a whole word. */
  set(into: CodeRegister, word: number): void {
    if (word >= -(2 ** 17) && word < 2 ** 17) this.code.li(into, word);
    else this.code.li32(into, word | 0);
  }

  /** Remarks on what comes next. */
  note(statement: Extract<CStatement, { readonly text: string }>): void {
    this.code.note(statement.text);
  }
}
