import { decodeInstruction } from './instruction-word.js';
import { WordKind } from './program.js';
import type { Program } from './program.js';
import { registersRead, registersWritten } from './register-use.js';
import { branchTarget, fallsThrough } from './routine-flow.js';

/** What the kernel may look at: the result and the arguments of a call, r14 and r15. */
const RESULT = 1;
const SYSCALL_ARGUMENTS = 0b1111111;
const ALWAYS = 0b1100_0000_0000_0000;
const ALL = 0xffff;

/**
 * Which registers can still matter before each word of a program; as bit masks, by word index.
 *
 * A register that is overwritten on every way on before it is read is dead: states that differ in it
 * alone have the same future. Inside a section every way on includes its abort handler; behind `ret`
 * the program's results are read.
 */
export function liveRegisters(program: Program): Int32Array {
  const { words, kinds, sections, results } = program;
  const live = new Int32Array(words.length).fill(ALWAYS);
  for (let changed = true; changed;) {
    changed = false;
    for (let index = words.length - 1; index >= 0; index--) {
      if (kinds[index] !== WordKind.Instruction) continue;
      const mask = liveBefore(index);
      if (mask === live[index]) continue;
      live[index] = mask;
      changed = true;
    }
  }
  return live;

  function liveBefore(index: number): number {
    const offset = index * 4;
    const instruction = decodeInstruction(words[index]!, words[index + 1] ?? 0);
    if (instruction === undefined) return ALL;
    const { mnemonic } = instruction.definition;
    let after = fallsThrough(instruction) ? at(offset + instruction.lengthBytes) : ALWAYS;
    const target = branchTarget(instruction, offset);
    if (target !== undefined) after |= at(target);
    if (mnemonic === 'syscall') after = (at(offset + 4) & ~RESULT) | SYSCALL_ARGUMENTS;
    if (mnemonic === 'ret') after |= results;
    if (mnemonic === 'brk') after = ALL;
    let mask = (after & ~registersWritten(instruction)) | registersRead(instruction);
    for (const { start, postCommit, abort } of sections)
      if (offset >= start && offset < postCommit) mask |= at(abort);
    return mask | ALWAYS;
  }

  function at(offset: number): number {
    return live[offset >> 2] ?? ALL;
  }
}
