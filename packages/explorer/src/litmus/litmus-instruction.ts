import type { LitmusOperand, MemoryOperand, RegisterOperand } from './litmus-operand.js';
import type { OperandWidth } from './x86-register.js';

/** Two-operand arithmetic; `inc` and `dec` are an `add` and a `sub` of 1. */
export type ArithmeticOperation = 'add' | 'sub' | 'and' | 'or' | 'xor';

/**
 * When a conditional jump is taken, after `cmp right,left`: equal, signed less, unsigned below, and
 * so on; `sign` when the result of the last flag-setting instruction is negative.
 */
export type JumpCondition =
  | 'equal'
  | 'not-equal'
  | 'less'
  | 'less-equal'
  | 'greater'
  | 'greater-equal'
  | 'below'
  | 'below-equal'
  | 'above'
  | 'above-equal'
  | 'sign'
  | 'not-sign';

/** `mov`: one load, one store or neither. */
export interface MoveInstruction {
  readonly kind: 'move';
  readonly widthBytes: OperandWidth;
  readonly source: LitmusOperand;
  readonly destination: RegisterOperand | MemoryOperand;
}

/** `lea`: the address of a memory operand, which is not accessed. */
export interface LoadAddressInstruction {
  readonly kind: 'load-address';
  readonly widthBytes: OperandWidth;
  readonly source: MemoryOperand;
  readonly destination: RegisterOperand;
}

/** Arithmetic; on memory a load and then a store, which only `lock` makes one atomic step. */
export interface ArithmeticInstruction {
  readonly kind: 'arithmetic';
  readonly operation: ArithmeticOperation;
  readonly widthBytes: OperandWidth;
  readonly source: LitmusOperand;
  readonly destination: RegisterOperand | MemoryOperand;
  readonly locked: boolean;
}

/** `cmp` and `test`: set the flags, write nothing else. */
export interface CompareInstruction {
  readonly kind: 'compare';
  readonly operation: 'sub' | 'and';
  readonly widthBytes: OperandWidth;
  readonly source: LitmusOperand;
  readonly destination: RegisterOperand | MemoryOperand;
}

/** `xchg`: atomic and a full fence whenever it touches memory, with or without `lock`. */
export interface ExchangeInstruction {
  readonly kind: 'exchange';
  readonly widthBytes: OperandWidth;
  readonly source: RegisterOperand;
  readonly destination: RegisterOperand | MemoryOperand;
}

/** `xadd`: the sum goes to the destination, what was there to the source register. */
export interface ExchangeAddInstruction {
  readonly kind: 'exchange-add';
  readonly widthBytes: OperandWidth;
  readonly source: RegisterOperand;
  readonly destination: RegisterOperand | MemoryOperand;
  readonly locked: boolean;
}

/** `cmpxchg`: stores the source if the destination equals rax, else loads the destination into rax. */
export interface CompareExchangeInstruction {
  readonly kind: 'compare-exchange';
  readonly widthBytes: OperandWidth;
  readonly source: RegisterOperand;
  readonly destination: RegisterOperand | MemoryOperand;
  readonly locked: boolean;
}

/** `mfence`, `lfence` or `sfence`. */
export interface FenceInstruction {
  readonly kind: 'fence';
  readonly fence: 'mfence' | 'lfence' | 'sfence';
}

/** `jmp`, or a conditional jump. */
export interface JumpInstruction {
  readonly kind: 'jump';
  readonly condition: JumpCondition | 'always';
  readonly target: string;
}

/** `nop` and `pause`. */
export interface IdleInstruction {
  readonly kind: 'idle';
}

/** What an instruction does. */
export type LitmusInstruction =
  | MoveInstruction
  | LoadAddressInstruction
  | ArithmeticInstruction
  | CompareInstruction
  | ExchangeInstruction
  | ExchangeAddInstruction
  | CompareExchangeInstruction
  | FenceInstruction
  | JumpInstruction
  | IdleInstruction;
