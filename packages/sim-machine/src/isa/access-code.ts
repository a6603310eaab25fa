import type { InstructionEffect } from './instruction-set.js';
import type { Instruction } from './instruction-word.js';
import { substituteOperands, type RegisterName } from './operand-code.js';
import { REG_IP } from './register-file.js';
import { registerSlot } from './register-slot.js';
import { TagMask } from './tag-mask.js';

type AccessEffect = Extract<InstructionEffect, { kind: 'load' | 'store' | 'atomic' }>;

const TAG_MASKS = { 1: TagMask.Byte, 2: TagMask.Half, 4: TagMask.Word, 8: TagMask.Pair } as const;

/** How each access size indexes physical memory, from the physical byte address `q`. */
const ELEMENTS = { 1: 'bytes[q]', 2: 'halves[q>>1]', 4: 'words[q>>2]', 8: 'words[q>>2]' } as const;

/**
 * Writes one memory access: the translation inline, the port behind it.
 *
 * @param leaveOnFault the code that ends the routine in front of the instruction
 * @param ip address of the instruction, which whoever listens to accesses may ask for
 * @param name what registers are called
 */
export function accessCode(
  instruction: Instruction,
  effect: AccessEffect,
  leaveOnFault: string,
  ip: number,
  name: RegisterName,
): string {
  const { b, immediate } = instruction;
  const size = effect.kind === 'atomic' ? 4 : effect.size;
  const tag = effect.kind === 'load' ? 'translations[e]' : 'translations[e+1]';
  const { hit, miss, finish } = paths(instruction, effect, name);
  return (
    `{const p=${name(b)}+${immediate}|0,e=tlb+(p>>>10&252)|0;` +
    `if((p&${TAG_MASKS[size]})===${tag}){const q=p+translations[e+2]|0;${hit}}` +
    `else{${registerSlot(REG_IP)}=${ip | 0};${miss};if(port.fault!==0){${leaveOnFault}}${finish}}}`
  );
}

interface Paths {
  /** Statements on a hit. */
  readonly hit: string;
  /** The call of the port on a miss. */
  readonly miss: string;
  /** Statements after a call that did not fault. */
  readonly finish: string;
}

function paths(instruction: Instruction, effect: AccessEffect, name: RegisterName): Paths {
  const value = name(instruction.a);
  const high = name(instruction.a + 1);
  switch (effect.kind) {
    case 'load': {
      const { size, order } = effect;
      const extend = effect.signed ? `<<${32 - size * 8}>>${32 - size * 8}` : '|0';
      const miss = `const v=port.load(p,${size},${order})${extend}`;
      if (size === 8)
        return {
          hit: `${value}=words[q>>2];${high}=words[(q>>2)+1];`,
          miss,
          finish: `${value}=v;${high}=port.high|0;`,
        };
      const element = effect.signed ? ELEMENTS[size] + extend : ELEMENTS[size];
      return { hit: `${value}=${element};`, miss, finish: `${value}=v;` };
    }
    case 'store': {
      const { size, order } = effect;
      const low = size === 1 ? `${value}&255` : size === 2 ? `${value}&65535` : value;
      const upper = size === 8 ? high : '0';
      return {
        hit: `${ELEMENTS[size]}=${low};${size === 8 ? `words[(q>>2)+1]=${high};` : ''}`,
        miss: `port.store(p,${size},${low},${upper},${order})`,
        finish: '',
      };
    }
    case 'atomic': {
      const desired = effect.operation === 'compareExchange' ? `,${name(instruction.c)}` : '';
      const combined = substituteOperands(effect.combined, instruction, name);
      return {
        hit: `const old=words[q>>2];words[q>>2]=${combined};${value}=old;`,
        miss: `const v=port.${effect.operation}(p,${value}${desired})|0`,
        finish: `${value}=v;`,
      };
    }
  }
}
