import { accessCode } from './access-code.js';
import type { InstructionEffect } from './instruction-set.js';
import type { Instruction } from './instruction-word.js';
import { substituteOperands, type RegisterName } from './operand-code.js';

/** What an instruction does that always goes on to the next one, unless it faults. */
export type PlainEffect = Exclude<InstructionEffect, { kind: 'branch' | 'await' | 'exit' }>;

/** Whether nothing but a fault keeps control from going on to the next instruction. */
export function isPlain(effect: InstructionEffect): effect is PlainEffect {
  return effect.kind !== 'branch' && effect.kind !== 'await' && effect.kind !== 'exit';
}

/**
 * Writes what an instruction does, as JavaScript statements.
 *
 * @param leaveOnFault the code that ends the function in front of the instruction
 * @param ip address of the instruction
 * @param name what registers are called
 */
export function effectCode(
  instruction: Instruction,
  effect: PlainEffect,
  leaveOnFault: string,
  ip: number,
  name: RegisterName,
): string {
  switch (effect.kind) {
    case 'none':
      return '';
    case 'compute':
      return `${name(instruction.a)}=${substituteOperands(effect.value, instruction, name)};`;
    case 'fence':
      return `port.fence(${effect.fence});`;
    case 'query':
      return `${name(instruction.a)}=port.${effect.query}()|0;`;
    case 'load':
    case 'store':
    case 'atomic':
      return accessCode(instruction, effect, leaveOnFault, ip, name);
  }
}
