import type { ProgramViolation } from '../bpf/bpf-verifier.js';
import { BPF_MAXINSNS } from '../bpf/program-copy.js';
import { AbstractState } from './abstract-state.js';
import { EbpfCode, LD_IMM64, offsetOf, opcodeOf } from './ebpf-abi.js';
import { stepRule } from './ebpf-dataflow.js';
import type { EbpfRule } from './ebpf-rule.js';
import { isJump, shapeRule, targetRule } from './ebpf-shape.js';

/**
 * Checks an eBPF program; undefined when the kernel may run it.
 *
 * | rule                   | a program is refused when                                          |
 * |------------------------|--------------------------------------------------------------------|
 * | length                 | it has no instruction, or more than 4096                           |
 * | opcode                 | an instruction is not of the set                                   |
 * | register               | a register is beyond r10                                           |
 * | wide-immediate         | a 64-bit constant has no second slot, or not a plain one           |
 * | shift-width            | a constant shift is by the width or more                           |
 * | loop                   | a jump goes backward                                               |
 * | jump-target            | a jump leaves the program, or enters a constant                    |
 * | fall-through           | the end is reached without `exit`                                  |
 * | unreachable            | no path leads to an instruction                                    |
 * | uninitialized-register | on some path a register is read that was not written               |
 * | frame-pointer          | r10 is written                                                     |
 * | pointer-arithmetic     | an address is changed but by adding a constant, or compared        |
 * | pointer-leak           | an address is stored, returned or given to user space              |
 * | pointer-access         | memory is accessed through what is no address of the stack         |
 * | stack-bounds           | an access leaves the 512 bytes of the stack                        |
 * | stack-alignment        | an access to the stack is not aligned to its size                  |
 * | uninitialized-stack    | on some path bytes of the stack are read that were not written     |
 * | helper                 | an unknown helper is called                                        |
 * | helper-argument        | a helper is called with what it does not take                      |
 *
 * Since no jump goes backward, one pass over the instructions in their order sees all paths, joined
 * where they meet, and every program ends after at most as many instructions as it has.
 *
 * @param words two an instruction: opcode, registers and offset in the first, imm in the second
 * @source Documentation/bpf/verifier.rst
 */
export function verifyEbpf(
  words: Int32Array,
  count: number,
): ProgramViolation<EbpfRule> | undefined {
  if (count < 1 || count > BPF_MAXINSNS) return { rule: 'length', instruction: 0 };
  const states: (AbstractState | undefined)[] = [new AbstractState()];
  for (let index = 0; index < count; index++) {
    const rule = ruleAt(words, index, count, states);
    if (rule !== undefined) return { rule, instruction: index };
    // What was passed on is not needed again.
    states[index] = undefined;
    if (opcodeOf(words[index * 2]!) === LD_IMM64) index += 1;
  }
  return undefined;
}

function ruleAt(
  words: Int32Array,
  index: number,
  count: number,
  states: (AbstractState | undefined)[],
): EbpfRule | undefined {
  const word = words[index * 2]!;
  const opcode = opcodeOf(word);
  const broken = shapeRule(words, index, count);
  if (broken !== undefined) return broken;
  const state = states[index];
  if (state === undefined) return 'unreachable';
  if (isJump(opcode)) {
    const rule = targetRule(words, index, count);
    if (rule !== undefined) return rule;
  }
  const rule = stepRule(words, index, state);
  if (rule !== undefined) return rule;
  if (isJump(opcode)) flow(states, index + 1 + offsetOf(word), state);
  const ends = opcode === (EbpfCode.JMP | EbpfCode.EXIT) || opcode === (EbpfCode.JMP | EbpfCode.JA);
  if (ends) return undefined;
  const next = index + (opcode === LD_IMM64 ? 2 : 1);
  if (next >= count) return 'fall-through';
  flow(states, next, state);
  return undefined;
}

function flow(states: (AbstractState | undefined)[], to: number, state: AbstractState): void {
  const known = states[to];
  if (known === undefined) states[to] = state.copy();
  else known.join(state);
}
