/**
 * Operation codes of eBPF: the class, or'ed with size and mode, or operation and source.
 *
 * Division, modulo, byte swaps and atomics are not in this laboratory's set: no per-CPU operation
 * needs them, and on a CPU with preemption off nothing is gained by an atomic.
 *
 * @source Documentation/bpf/standardization/instruction-set.rst
 */
export const EbpfCode = {
  LD: 0x00,
  LDX: 0x01,
  ST: 0x02,
  STX: 0x03,
  ALU: 0x04,
  JMP: 0x05,
  JMP32: 0x06,
  ALU64: 0x07,

  W: 0x00,
  H: 0x08,
  B: 0x10,
  DW: 0x18,
  MEM: 0x60,

  K: 0x00,
  X: 0x08,

  ADD: 0x00,
  SUB: 0x10,
  MUL: 0x20,
  OR: 0x40,
  AND: 0x50,
  LSH: 0x60,
  RSH: 0x70,
  NEG: 0x80,
  XOR: 0xa0,
  MOV: 0xb0,
  ARSH: 0xc0,

  JA: 0x00,
  JEQ: 0x10,
  JGT: 0x20,
  JGE: 0x30,
  JSET: 0x40,
  JNE: 0x50,
  JSGT: 0x60,
  JSGE: 0x70,
  CALL: 0x80,
  EXIT: 0x90,
  JLT: 0xa0,
  JLE: 0xb0,
  JSLT: 0xc0,
  JSLE: 0xd0,
} as const;

/** The one instruction of two slots: a 64-bit constant. */
export const LD_IMM64 = 0x18;

/** The frame pointer: the end of the stack, read-only. */
export const FRAME_POINTER = 10;

/** Registers r0 to r10. */
export const EBPF_REGISTERS = 11;

/** Bytes of a program's stack. @source include/linux/filter.h (MAX_BPF_STACK) */
export const EBPF_STACK_BYTES = 512;

/**
 * What a program may call. Arguments are r1 to r5; the result is r0; r1 to r5 are lost.
 *
 * | helper               | arguments                              | result             |
 * |----------------------|----------------------------------------|--------------------|
 * | getSmpProcessorId    |                                        | the CPU asked for  |
 * | probeWriteUser       | r1 user address, r2 stack, r3 length   | 0 or -EFAULT       |
 * | probeReadUser        | r1 stack, r2 length, r3 user address   | 0 or -EFAULT       |
 * | fullFence            |                                        | 0                  |
 *
 * Lengths are constants from 1 to 512. Lengths of 1, 2, 4 and 8 are one access each. A read that
 * fails leaves zeros on the stack, a write that fails leaves memory as it was. `fullFence` is this
 * laboratory's own: BPF has fences in its atomics only.
 *
 * @source include/uapi/linux/bpf.h (bpf_get_smp_processor_id, bpf_probe_write_user,
 *   bpf_probe_read_user)
 */
export const EbpfHelper = {
  getSmpProcessorId: 8,
  probeWriteUser: 36,
  probeReadUser: 112,
  fullFence: 1000,
} as const;

/** One of {@link EbpfHelper}. */
export type EbpfHelper = (typeof EbpfHelper)[keyof typeof EbpfHelper];

/** The class of an operation code. */
export const ebpfClass = (opcode: number): number => opcode & 0x07;

/** The bytes that the size of an operation code stands for. */
export function ebpfBytes(opcode: number): number {
  const size = opcode & 0x18;
  if (size === EbpfCode.DW) return 8;
  return size === EbpfCode.W ? 4 : size === EbpfCode.H ? 2 : 1;
}

/** The first word of an instruction holds opcode, both registers and the offset. */
export const opcodeOf = (word: number): number => word & 0xff;

/** Number of the destination register, 0 to 15. */
export const destinationOf = (word: number): number => (word >>> 8) & 0xf;

/** Number of the source register, 0 to 15. */
export const sourceOf = (word: number): number => (word >>> 12) & 0xf;

/** The signed offset: of a jump in instructions, of a memory access in bytes. */
export const offsetOf = (word: number): number => word >> 16;
