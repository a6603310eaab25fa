/**
 * The number of every instruction, bits 0 to 5 of its word.
 *
 * 0, 19, 51 and 63 stay unassigned for good: they are what zeroed memory and the signature words of
 * x86 (0x53053053), riscv (0xf1401073), aarch64 (0xd428bc00) and s390 (0xb2ff0fff) decode to, so
 * that a thread which runs into a signature stops there.
 */
export const OPCODES = {
  ret: 1,
  nop: 2,
  li: 3,
  li32: 4,
  mov: 5,

  add: 6,
  sub: 7,
  and: 8,
  or: 9,
  xor: 10,
  shl: 11,
  shr: 12,
  sar: 13,
  mul: 14,
  slt: 15,
  sltu: 16,

  addi: 17,
  andi: 18,
  ori: 20,
  xori: 21,
  shli: 22,
  shri: 23,
  sari: 24,
  muli: 25,
  slti: 26,
  sltiu: 27,

  beq: 28,
  bne: 29,
  blt: 30,
  bge: 31,
  bltu: 32,
  bgeu: 33,
  jmp: 34,

  ld8u: 35,
  ld16u: 36,
  ld8s: 37,
  ld16s: 38,
  ld32: 39,
  ld64: 40,
  st8: 41,
  st16: 42,
  st32: 43,
  st64: 44,

  lda32: 45,
  stl32: 46,
  cas32: 47,
  xchg32: 48,
  xadd32: 49,
  xand32: 50,
  xorr32: 52,
  xxor32: 53,
  fence: 54,
  fencer: 55,
  fencew: 56,

  pause: 57,
  brk: 58,
  syscall: 59,
  rdclk: 60,
  rdpid: 61,
  await32: 62,
} as const;

/** The name of an instruction, as assembly spells it. */
export type Mnemonic = keyof typeof OPCODES;

/**
 * The number of one instruction as a literal type, so that a switch can dispatch on plain numbers
 * (which V8 turns into a jump table) and still be checked: `case 6 satisfies OpcodeOf<'add'>:`.
 */
export type OpcodeOf<Name extends Mnemonic> = (typeof OPCODES)[Name];
