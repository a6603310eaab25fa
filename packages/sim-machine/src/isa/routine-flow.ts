import { decodeInstruction, type Instruction } from './instruction-word.js';

/** One instruction of a routine that can be compiled. */
export interface RoutineInstruction {
  readonly instruction: Instruction;
  /** Byte offset in the program. */
  readonly offset: number;
  /** Index of the instruction that a branch goes to, when it is one. */
  readonly target?: number;
}

/** A routine whose control only ever moves forward. */
export interface RoutineFlow {
  /** Everything reachable from the entry, by ascending offset; the first is the entry. */
  readonly instructions: readonly RoutineInstruction[];
  /** Instructions on the longest path from the entry to a `ret`. */
  readonly longestPath: number;
}

/** Routines above this length are left to the interpreter. */
const MAX_INSTRUCTIONS = 4096;

/**
 * Follows control from an entry to every `ret`.
 *
 * @param words the program's words, relocated
 * @param entry byte offset of the first instruction
 * @returns undefined when something on the way cannot be compiled: a backward branch, a system
 *   call, a breakpoint, a clock read, a wait, a word that is no instruction, or the end of the program
 */
export function routineFlow(words: Int32Array, entry: number): RoutineFlow | undefined {
  const found = reachable(words, entry);
  if (found === undefined) return undefined;
  const offsets = [...found.keys()].sort((left, right) => left - right);
  const indexOf = new Map(offsets.map((offset, index) => [offset, index]));

  const instructions: RoutineInstruction[] = [];
  for (const [index, offset] of offsets.entries()) {
    const instruction = found.get(offset)!;
    // A branch into the literal of another instruction: two readings of one word.
    if (offset + instruction.lengthBytes > (offsets[index + 1] ?? Infinity)) return undefined;
    const target = branchTarget(instruction, offset);
    instructions.push({
      instruction,
      offset,
      ...(target === undefined ? {} : { target: indexOf.get(target)! }),
    });
  }
  return { instructions, longestPath: longestPath(instructions) };
}

/** Whether control can go on to the next instruction. */
export function fallsThrough({ definition }: Instruction): boolean {
  return definition.effect.kind !== 'exit' && definition.mnemonic !== 'jmp';
}

/** Byte offset that a branch at `offset` goes to; undefined for other instructions. */
export function branchTarget(instruction: Instruction, offset: number): number | undefined {
  return instruction.definition.effect.kind === 'branch'
    ? offset + instruction.immediate * 4
    : undefined;
}

function reachable(words: Int32Array, entry: number): Map<number, Instruction> | undefined {
  const found = new Map<number, Instruction>();
  const pending = [entry];
  for (let offset = pending.pop(); offset !== undefined; offset = pending.pop()) {
    if (found.has(offset)) continue;
    const index = offset >> 2;
    if ((offset & 3) !== 0 || index < 0 || index >= words.length) return undefined;
    const instruction = decodeInstruction(words[index]!, words[index + 1] ?? 0);
    if (instruction === undefined || !isCompilable(instruction)) return undefined;
    found.set(offset, instruction);
    if (found.size > MAX_INSTRUCTIONS) return undefined;

    const target = branchTarget(instruction, offset);
    if (target !== undefined) {
      if (target <= offset) return undefined;
      pending.push(target);
    }
    if (fallsThrough(instruction)) pending.push(offset + instruction.lengthBytes);
  }
  return found;
}

function isCompilable({ definition: { effect } }: Instruction): boolean {
  switch (effect.kind) {
    case 'exit':
      return effect.exit === 'return';
    case 'query':
      return effect.query !== 'clock';
    case 'await':
      return false;
    default:
      return true;
  }
}

function longestPath(instructions: readonly RoutineInstruction[]): number {
  const longest = new Array<number>(instructions.length + 1).fill(0);
  for (let index = instructions.length - 1; index >= 0; index--) {
    const { instruction, target } = instructions[index]!;
    const next = fallsThrough(instruction) ? longest[index + 1]! : 0;
    longest[index] = 1 + Math.max(next, target === undefined ? 0 : longest[target]!);
  }
  return longest[0]!;
}
