import type { Instruction } from './instruction-word.js';

/** How generated code names a machine register. */
export type RegisterName = (register: number) => string;

/** Registers that are locals of the generated function, `r0` to `r15`. */
export const localRegister: RegisterName = (register) => `r${register}`;

/**
 * Puts an instruction's operands into an expression of the instruction set's table: registers by their
 * names, `immediate` as a number; other names stay.
 */
export function substituteOperands(
  expression: string,
  instruction: Instruction,
  name: RegisterName,
): string {
  const { a, b, c, immediate } = instruction;
  const operands: Readonly<Record<string, string>> = {
    a: name(a),
    b: name(b),
    c: name(c),
    immediate: immediate < 0 ? `(${immediate})` : String(immediate),
  };
  return expression.replace(/\b(?:a|b|c|immediate)\b/g, (operand) => operands[operand]!);
}
