import { decodeInstruction } from './instruction-word.js';
import { WordKind, type Program } from './program.js';
import { branchTarget } from './routine-flow.js';

/**
 * Where control can go from an instruction, as byte offsets in the program: the next instruction
 * first, then the target of a branch.
 *
 * Nothing comes after `ret`, which goes back to the thread's program, nor after a word that is no
 * instruction. A system call and a breakpoint come back behind themselves.
 *
 * @param offset byte offset of the instruction
 */
export function successorsOf(program: Program, offset: number): readonly number[] {
  const index = offset >> 2;
  if (program.kinds[index] !== WordKind.Instruction) return [];
  const instruction = decodeInstruction(program.words[index]!, program.words[index + 1] ?? 0);
  if (instruction === undefined) return [];
  const { effect, mnemonic } = instruction.definition;
  if (effect.kind === 'exit' && effect.exit === 'return') return [];
  const target = branchTarget(instruction, offset);
  const next = mnemonic === 'jmp' ? [] : [offset + instruction.lengthBytes];
  return target === undefined || next.includes(target) ? next : [...next, target];
}
