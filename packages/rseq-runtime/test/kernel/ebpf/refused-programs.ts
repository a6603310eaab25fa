import { BPF_MAXINSNS } from '../../../src/kernel/bpf/program-copy.js';
import { EbpfCode, LD_IMM64 } from '../../../src/kernel/ebpf/ebpf-abi.js';
import type { EbpfRule } from '../../../src/kernel/ebpf/ebpf-rule.js';
import type { EbpfBuilder } from '../../../src/user/ebpf-program.js';

const { ADD, JEQ, JA, JMP, JMP32, ALU, ALU64, LSH, ARSH, K, STX, DW } = EbpfCode;

/** Writes a program. */
export type Write = (b: EbpfBuilder) => EbpfBuilder;
/** A program, the rule that it breaks, and at which instruction. */
export type Row = readonly [what: string, EbpfRule, at: number, Write];

/** Both registers of a helper that takes a block of the stack, at slot -8. */
export const block = (b: EbpfBuilder, register: number, slot = -8): EbpfBuilder =>
  b.moveRegister(register, 10).instruction(ALU64 | ADD | K, register, 0, 0, slot);
/** Ends with 0. */
export const end: Write = (b) => b.move(0, 0).exit();
/** As many instructions as asked for. */
export const many =
  (count: number): Write =>
  (b) => {
    for (let i = 0; i < count - 1; i++) b.move(0, 0);
    return b.exit();
  };

/** Instructions that are wrong by themselves. */
export const SHAPE: readonly Row[] = [
  ['without an instruction', 'length', 0, (b) => b],
  ['with 4097 instructions', 'length', 0, many(BPF_MAXINSNS + 1)],
  ['with division', 'opcode', 0, (b) => end(b.instruction(ALU64 | 0x30 | K, 0, 0, 0, 1))],
  ['with an atomic', 'opcode', 0, (b) => end(b.instruction(STX | DW | 0xc0))],
  ['with a load of a packet', 'opcode', 0, (b) => end(b.instruction(0x20))],
  ['with register 11', 'register', 0, (b) => end(b.move(11, 0))],
  ['with source register 15', 'register', 0, (b) => end(b.moveRegister(0, 15))],
  ['when a 64-bit constant has one slot', 'wide-immediate', 0, (b) => b.instruction(LD_IMM64)],
  [
    'when the second slot of a constant is an instruction',
    'wide-immediate',
    0,
    (b) => end(b.instruction(LD_IMM64)),
  ],
  [
    'when a constant names a map',
    'wide-immediate',
    0,
    (b) => end(b.instruction(LD_IMM64, 0, 1).instruction(0)),
  ],
  [
    'when it shifts 64 bits by 64',
    'shift-width',
    1,
    (b) => end(b.move(0, 1).instruction(ALU64 | LSH | K, 0, 0, 0, 64)),
  ],
  [
    'when it shifts 32 bits by 32',
    'shift-width',
    1,
    (b) => end(b.move(0, 1).instruction(ALU | ARSH | K, 0, 0, 0, 32)),
  ],
];

/** Jumps that are wrong. */
export const FLOW: readonly Row[] = [
  [
    'when it jumps backward',
    'loop',
    1,
    (b) => end(b.move(0, 1).instruction(JMP | JEQ | K, 0, 0, -2, 1)),
  ],
  ['when it jumps to itself', 'loop', 0, (b) => b.instruction(JMP | JA, 0, 0, -1).exit()],
  ['when a jump leaves it', 'jump-target', 0, (b) => end(b.instruction(JMP | JA, 0, 0, 2))],
  [
    'when a branch leaves it',
    'jump-target',
    1,
    (b) =>
      b
        .move(0, 0)
        .instruction(JMP | JEQ | K, 0, 0, 1)
        .exit(),
  ],
  [
    'when a jump enters a constant',
    'jump-target',
    1,
    (b) =>
      end(
        b
          .move(0, 0)
          .instruction(JMP32 | JEQ | K, 0, 0, 1)
          .moveWide(1, 0, 0),
      ),
  ],
  ['when it runs off its end', 'fall-through', 0, (b) => b.move(0, 0)],
  [
    'when a branch runs off its end',
    'fall-through',
    3,
    (b) => b.move(0, 0).jumpIf(JEQ, 0, 0, 'x').exit().label('x').move(0, 1),
  ],
  ['when nothing leads somewhere', 'unreachable', 2, (b) => end(b.move(0, 0).exit())],
  [
    'when a jump leaves instructions to nobody',
    'unreachable',
    1,
    (b) => end(b.instruction(JMP | JA, 0, 0, 1).move(3, 0)),
  ],
];
