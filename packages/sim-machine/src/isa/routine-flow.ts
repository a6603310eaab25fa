import { decodeInstruction, type Instruction } from './instruction-word.js';

/** One instruction of a routine that can be compiled. */
export interface RoutineInstruction {
  readonly instruction: Instruction;
  /** Byte offset in the program. */
  readonly offset: number;
  /** Index of the instruction that a branch goes to, when it is one. */
  readonly target?: number;
  /**
   * Whether the interpreter takes over in front of it: always, since it is one that is not compiled, or when
   * it is a branch that is taken, since it goes backward.
   */
  readonly leaves?: 'always' | 'when taken';
}

/** A routine as far as control moves forward and all can be compiled. */
export interface RoutineFlow {
  /** Everything reachable from the entry, by ascending offset; the first is the entry. */
  readonly instructions: readonly RoutineInstruction[];
  /** Instructions on the longest path from the entry to a `ret`, or to where the interpreter takes over. */
  readonly longestPath: number;
}

/** Routines above this length are left to the interpreter. */
const MAX_INSTRUCTIONS = 4096;

/**
 * Follows control from an entry to every `ret`, backward branch, system call, breakpoint and wait.
 *
 * @param words the program's words, relocated
 * @param entry byte offset of the first instruction
 * @returns undefined when the first instruction is left to the interpreter, or a word on the way is no
 *   instruction or behind the end of the program
 */
export function routineFlow(words: Int32Array, entry: number): RoutineFlow | undefined {
  const found = reachable(words, entry);
  if (found === undefined) return undefined;
  const offsets = [...found.keys()].sort((left, right) => left - right);
  const indexOf = new Map(offsets.map((offset, index) => [offset, index]));

  const instructions: RoutineInstruction[] = [];
  for (const [index, offset] of offsets.entries()) {
    const instruction = found.get(offset)!;
    const leaves = leavesAt(instruction, offset);
    if (leaves === 'always' && offset === entry) return undefined;
    // A branch into the literal of another instruction: two readings of one word.
    if (offset + instruction.lengthBytes > (offsets[index + 1] ?? Infinity)) return undefined;
    const target = branchTarget(instruction, offset);
    instructions.push({
      instruction,
      offset,
      ...(leaves !== undefined && { leaves }),
      ...(target !== undefined && leaves === undefined && { target: indexOf.get(target)! }),
    });
  }
  return { instructions, longestPath: longestPath(instructions) };
}

/** Whether compiled code can go on to the next instruction. */
export function goesOn({ instruction, leaves }: RoutineInstruction): boolean {
  return leaves !== 'always' && fallsThrough(instruction);
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
    if (instruction === undefined) return undefined;
    found.set(offset, instruction);
    if (found.size > MAX_INSTRUCTIONS) return undefined;

    const leaves = leavesAt(instruction, offset);
    if (leaves === 'always') continue;
    const target = branchTarget(instruction, offset);
    if (target !== undefined && leaves === undefined) pending.push(target);
    if (fallsThrough(instruction)) pending.push(offset + instruction.lengthBytes);
  }
  return found;
}

/** Where the interpreter takes over. */
function leavesAt(instruction: Instruction, offset: number): RoutineInstruction['leaves'] {
  const { effect, mnemonic } = instruction.definition;
  switch (effect.kind) {
    case 'exit':
      return effect.exit === 'return' ? undefined : 'always';
    case 'await':
      return 'always';
    case 'branch':
      if (branchTarget(instruction, offset)! > offset) return undefined;
      return mnemonic === 'jmp' ? 'always' : 'when taken';
    default:
      return undefined;
  }
}

function longestPath(instructions: readonly RoutineInstruction[]): number {
  const longest = new Array<number>(instructions.length + 1).fill(0);
  for (let index = instructions.length - 1; index >= 0; index--) {
    const step = instructions[index]!;
    const { target } = step;
    const next = goesOn(step) ? longest[index + 1]! : 0;
    longest[index] = 1 + Math.max(next, target === undefined ? 0 : longest[target]!);
  }
  return longest[0]!;
}
