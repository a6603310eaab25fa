/**
 * Operation codes of classic BPF: the class, or'ed with size and mode, or operation and source.
 *
 * What Linux's filters read from a packet is here read from the thread's memory, at user addresses
 * and in the machine's byte order. Filters cannot write a packet: `ST` with a mode and a size is this
 * laboratory's own, without which a program could do nothing but look.
 *
 * @source include/uapi/linux/bpf_common.h, include/uapi/linux/filter.h
 */
export const BpfCode = {
  LD: 0x00,
  LDX: 0x01,
  ST: 0x02,
  STX: 0x03,
  ALU: 0x04,
  JMP: 0x05,
  RET: 0x06,
  MISC: 0x07,

  W: 0x00,
  H: 0x08,
  B: 0x10,

  IMM: 0x00,
  ABS: 0x20,
  IND: 0x40,
  MEM: 0x60,

  ADD: 0x00,
  SUB: 0x10,
  MUL: 0x20,
  DIV: 0x30,
  OR: 0x40,
  AND: 0x50,
  LSH: 0x60,
  RSH: 0x70,
  NEG: 0x80,
  MOD: 0x90,
  XOR: 0xa0,

  JA: 0x00,
  JEQ: 0x10,
  JGT: 0x20,
  JGE: 0x30,
  JSET: 0x40,

  K: 0x00,
  X: 0x08,
  A: 0x10,
  TAX: 0x00,
  TXA: 0x80,
} as const;

/** Words of a classic program's scratch memory. @source include/uapi/linux/filter.h */
export const BPF_MEMWORDS = 16;

/** The class of an operation code. */
export const bpfClass = (code: number): number => code & 0x07;

/** The bytes that the size of an operation code stands for. */
export function bpfBytes(code: number): number {
  const size = code & 0x18;
  return size === BpfCode.W ? 4 : size === BpfCode.H ? 2 : 1;
}
