import { LOCKABLE_FORMS, SIZED_FORMS, type InstructionForm } from './instruction-forms.js';
import { InstructionReader } from './instruction-reader.js';
import { JUMP_CONDITIONS } from './jump-condition.js';
import type { LitmusInstruction } from './litmus-instruction.js';
import type { Token } from './token.js';
import type { TokenStream } from './token-stream.js';
import type { OperandWidth } from './x86-register.js';

const WIDTH_OF_SUFFIX: ReadonlyMap<string, OperandWidth> = new Map([
  ['b', 1],
  ['w', 2],
  ['l', 4],
  ['q', 8],
]);

const WITHOUT_OPERANDS: ReadonlyMap<string, LitmusInstruction> = new Map([
  ['mfence', { kind: 'fence', fence: 'mfence' }],
  ['lfence', { kind: 'fence', fence: 'lfence' }],
  ['sfence', { kind: 'fence', fence: 'sfence' }],
  ['nop', { kind: 'idle' }],
  ['pause', { kind: 'idle' }],
]);

/**
 * Parses one instruction in AT&T syntax; names are read in any case.
 *
 * @throws LitmusError `ERR_LITMUS_SYNTAX`, or `ERR_LITMUS_INSTRUCTION` for an instruction that is
 *   not known here or cannot have these operands.
 */
export function parseInstruction(stream: TokenStream): LitmusInstruction {
  const first = stream.expectKind('name', "an instruction, a label, '|' or ';'");
  if (first.text.toLowerCase() === 'lock') return parseLocked(stream);
  const mnemonic = first.text.toLowerCase();
  const whole = WITHOUT_OPERANDS.get(mnemonic);
  if (whole) return whole;
  const condition = JUMP_CONDITIONS.get(mnemonic);
  if (condition !== undefined) {
    const target = new InstructionReader(stream, first).label();
    return { kind: 'jump', condition, target };
  }
  return parseSized(stream, first, SIZED_FORMS, false);
}

/** The assembler reads `lock; incq (x)` as `lock incq (x)`, and so do litmus tests. */
function parseLocked(stream: TokenStream): LitmusInstruction {
  stream.accept(';');
  const mnemonic = stream.expectKind('name', "an instruction behind 'lock'");
  return parseSized(stream, mnemonic, LOCKABLE_FORMS, true);
}

function parseSized(
  stream: TokenStream,
  mnemonic: Token,
  forms: ReadonlyMap<string, InstructionForm>,
  locked: boolean,
): LitmusInstruction {
  const name = mnemonic.text.toLowerCase();
  const form = forms.get(name);
  if (form) return form(new InstructionReader(stream, mnemonic), locked);
  const widthBytes = WIDTH_OF_SUFFIX.get(name.slice(-1));
  const sized = widthBytes === undefined ? undefined : forms.get(name.slice(0, -1));
  if (sized) return sized(new InstructionReader(stream, mnemonic, widthBytes), locked);
  const known = [...forms.keys()].join(', ');
  const expected = locked ? `an instruction that may be locked (${known})` : KNOWN;
  return stream.fail(expected, mnemonic, 'ERR_LITMUS_INSTRUCTION');
}

const KNOWN = `an instruction (${[...SIZED_FORMS.keys(), ...WITHOUT_OPERANDS.keys()].join(', ')}, jmp, jcc)`;
