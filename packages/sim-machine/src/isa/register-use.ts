import type { Instruction } from './instruction-word.js';
import { fieldsOf } from './operand-format.js';

/** The general registers an instruction reads, as a bit mask. */
export function registersRead(instruction: Instruction): number {
  const { definition, a, b, c } = instruction;
  const { effect, format } = definition;
  const fields = fieldsOf(format);
  const others = (fields.b ? 1 << b : 0) | (fields.c ? 1 << c : 0);
  switch (effect.kind) {
    case 'branch':
    case 'atomic':
      return (fields.a ? 1 << a : 0) | others;
    case 'store':
      return valueRegisters(a, effect.size) | others;
    default:
      return others;
  }
}

/** The general registers an instruction sets, as a bit mask. */
export function registersWritten(instruction: Instruction): number {
  const { definition, a } = instruction;
  switch (definition.effect.kind) {
    case 'compute':
    case 'atomic':
    case 'query':
    case 'await':
      return 1 << a;
    case 'load':
      return valueRegisters(a, definition.effect.size);
    default:
      return 0;
  }
}

/** The numbers of the registers in a mask, ascending. */
export function registerNumbers(mask: number): number[] {
  return Array.from({ length: 16 }, (_, number) => number).filter((n) => (mask >>> n) & 1);
}

function valueRegisters(a: number, size: number): number {
  return size === 8 ? 3 << a : 1 << a;
}
