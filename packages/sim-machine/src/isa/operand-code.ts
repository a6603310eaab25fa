import type { Instruction } from './instruction-word.js';

/**
 * Puts an instruction's operands into an expression of the instruction set's table: registers as
 * the locals `r0` to `r15`, `immediate` as a number; other names stay.
 */
export function substituteOperands(expression: string, instruction: Instruction): string {
  const { a, b, c, immediate } = instruction;
  const operands: Readonly<Record<string, string>> = {
    a: `r${a}`,
    b: `r${b}`,
    c: `r${c}`,
    immediate: immediate < 0 ? `(${immediate})` : String(immediate),
  };
  return expression.replace(/\b(?:a|b|c|immediate)\b/g, (name) => operands[name]!);
}
