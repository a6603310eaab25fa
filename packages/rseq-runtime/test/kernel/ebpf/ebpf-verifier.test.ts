import { describe, expect, it } from 'vitest';
import { BPF_MAXINSNS } from '../../../src/kernel/bpf/program-copy.js';
import { EbpfCode, EbpfHelper } from '../../../src/kernel/ebpf/ebpf-abi.js';
import { verifyEbpf } from '../../../src/kernel/ebpf/ebpf-verifier.js';
import { EbpfBuilder } from '../../../src/user/ebpf-program.js';
import { FLOW, SHAPE, block, end, many } from './refused-programs.js';
import type { Row, Write } from './refused-programs.js';

const { ADD, SUB, MOV, MUL, JEQ, JNE, JMP, ALU, ALU64, LSH } = EbpfCode;
const { K, X, LDX, STX, MEM, W, H, B, DW, JGT } = EbpfCode;
const { probeReadUser, probeWriteUser, fullFence } = EbpfHelper;

function verdict(write: Write): ReturnType<typeof verifyEbpf> {
  const words = write(new EbpfBuilder()).build();
  return verifyEbpf(words, words.length / 2);
}

const REGISTERS: readonly Row[] = [
  ['when it returns nothing', 'uninitialized-register', 0, (b) => b.exit()],
  [
    'when it copies what was never written',
    'uninitialized-register',
    0,
    (b) => end(b.moveRegister(0, 1)),
  ],
  [
    'when it adds to what was never written',
    'uninitialized-register',
    0,
    (b) => end(b.instruction(ALU64 | ADD | K, 3)),
  ],
  [
    'when it adds what was never written',
    'uninitialized-register',
    1,
    (b) => end(b.move(0, 0).compute(ADD, 0, 1)),
  ],
  [
    'when it tests what was never written',
    'uninitialized-register',
    0,
    (b) => b.jumpIf(JEQ, 4, 0, 'x').label('x').move(0, 0).exit(),
  ],
  [
    'when it stores what was never written',
    'uninitialized-register',
    0,
    (b) => end(b.storeSlot(-8, 1, 8)),
  ],
  [
    'when it loads by what was never written',
    'uninitialized-register',
    0,
    (b) => end(b.instruction(LDX | MEM | W, 0, 1)),
  ],
  [
    'when a register is written on one path only',
    'uninitialized-register',
    3,
    (b) => b.move(0, 0).jumpIf(JEQ, 0, 1, 'x').move(6, 1).label('x').moveRegister(0, 6).exit(),
  ],
  [
    'when it relies on an argument after a call',
    'uninitialized-register',
    2,
    (b) => b.move(1, 5).call(fullFence).moveRegister(0, 1).exit(),
  ],
  [
    'when a register is an address or a number',
    'uninitialized-register',
    4,
    (b) =>
      b
        .move(0, 0)
        .moveRegister(6, 10)
        .jumpIf(JEQ, 0, 1, 'x')
        .move(6, 1)
        .label('x')
        .moveRegister(0, 6)
        .exit(),
  ],
  ['when it writes r10', 'frame-pointer', 0, (b) => end(b.move(10, 0))],
  [
    'when it moves r10',
    'frame-pointer',
    0,
    (b) => end(b.instruction(ALU64 | ADD | K, 10, 0, 0, -8)),
  ],
  ['when it loads into r10', 'frame-pointer', 1, (b) => end(b.setSlot(-4, 1).loadSlot(10, -4, 4))],
  [
    'when it multiplies an address',
    'pointer-arithmetic',
    1,
    (b) => end(b.moveRegister(1, 10).instruction(ALU64 | MUL | K, 1, 0, 0, 2)),
  ],
  [
    'when it computes with half an address',
    'pointer-arithmetic',
    1,
    (b) => end(b.moveRegister(1, 10).instruction(ALU | SUB | K, 1, 0, 0, 8)),
  ],
  [
    'when it copies half an address',
    'pointer-arithmetic',
    0,
    (b) => end(b.instruction(ALU | MOV | X, 1, 10)),
  ],
  [
    'when it adds an address',
    'pointer-arithmetic',
    1,
    (b) => end(b.move(1, 0).compute(ADD, 1, 10)),
  ],
  [
    'when it compares an address',
    'pointer-arithmetic',
    0,
    (b) => b.jumpIf(JNE, 10, 0, 'x').label('x').move(0, 0).exit(),
  ],
  [
    'when it compares with an address',
    'pointer-arithmetic',
    1,
    (b) =>
      b
        .move(0, 0)
        .instruction(JMP | JGT | X, 0, 10, 0)
        .exit(),
  ],
  [
    'when it moves an address by a number that it loaded',
    'pointer-arithmetic',
    3,
    (b) => end(b.setSlot(-4, 8).loadSlot(1, -4, 4).moveRegister(2, 10).compute(SUB, 2, 1)),
  ],
  ['when it returns an address', 'pointer-leak', 1, (b) => b.moveRegister(0, 10).exit()],
  ['when it stores an address', 'pointer-leak', 0, (b) => end(b.storeSlot(-8, 10, 8))],
];

const MEMORY: readonly Row[] = [
  [
    'when it loads from a number',
    'pointer-access',
    1,
    (b) => end(b.move(1, 64).instruction(LDX | MEM | W, 0, 1)),
  ],
  [
    'when it stores to a number',
    'pointer-access',
    1,
    (b) => end(b.move(1, 64).instruction(STX | MEM | W, 1, 1)),
  ],
  ['when it stores above the stack', 'stack-bounds', 0, (b) => end(b.setSlot(0, 1))],
  ['when it stores below the stack', 'stack-bounds', 0, (b) => end(b.setSlot(-516, 1))],
  [
    'when it stores across the end',
    'stack-bounds',
    1,
    (b) => end(b.move(1, 0).storeSlot(-4, 1, 8)),
  ],
  [
    'when an address is far off',
    'stack-bounds',
    1,
    (b) => end(b.moveRegister(1, 10).instruction(ALU64 | ADD | K, 1, 0, 0, -(2 ** 31))),
  ],
  ['when it stores unaligned', 'stack-alignment', 0, (b) => end(b.setSlot(-6, 1))],
  [
    'when it loads unaligned',
    'stack-alignment',
    1,
    (b) => end(b.setSlot(-8, 1).loadSlot(0, -6, 4)),
  ],
  [
    'when it loads what was never stored',
    'uninitialized-stack',
    0,
    (b) => end(b.loadSlot(0, -8, 4)),
  ],
  [
    'when half of it was never stored',
    'uninitialized-stack',
    1,
    (b) => end(b.setSlot(-8, 1).loadSlot(0, -8, 8)),
  ],
  [
    'when it was stored on one path only',
    'uninitialized-stack',
    3,
    (b) => b.move(0, 0).jumpIf(JEQ, 0, 1, 'x').setSlot(-8, 1).label('x').loadSlot(0, -8, 4).exit(),
  ],
];

const HELPERS: readonly Row[] = [
  ['when it calls helper 1', 'helper', 0, (b) => b.instruction(0x85, 0, 0, 0, 1).exit()],
  [
    'when a helper lacks an argument',
    'uninitialized-register',
    3,
    (b) => block(b, 1).move(2, 8).call(probeReadUser).exit(),
  ],
  [
    'when a length is 0',
    'helper-argument',
    4,
    (b) => block(b, 1).move(2, 0).move(3, 64).call(probeReadUser).exit(),
  ],
  [
    'when a length is negative',
    'helper-argument',
    4,
    (b) => block(b, 1).move(2, -8).move(3, 64).call(probeReadUser).exit(),
  ],
  [
    'when a length is not a constant',
    'helper-argument',
    5,
    (b) =>
      block(b.setSlot(-8, 4).loadSlot(2, -8, 4), 1)
        .move(3, 64)
        .call(probeReadUser)
        .exit(),
  ],
  [
    'when a block is no address',
    'helper-argument',
    3,
    (b) => b.move(1, 8).move(2, 8).move(3, 64).call(probeReadUser).exit(),
  ],
  [
    'when a block leaves the stack',
    'stack-bounds',
    4,
    (b) => block(b, 1).move(2, 9).move(3, 64).call(probeReadUser).exit(),
  ],
  [
    'when it writes from a stack that was never written',
    'uninitialized-stack',
    4,
    (b) => block(b, 2).move(1, 64).move(3, 8).call(probeWriteUser).exit(),
  ],
  [
    'when user space would be an address of the stack',
    'pointer-leak',
    5,
    (b) => block(block(b, 1), 3).move(2, 8).call(probeReadUser).exit(),
  ],
];

describe('an eBPF program is refused', () => {
  it.each<Row>([...SHAPE, ...FLOW, ...REGISTERS, ...MEMORY, ...HELPERS])(
    '%s',
    (_what, rule, instruction, write) => {
      expect(verdict(write)).toEqual({ rule, instruction });
    },
  );

  it('by every rule there is', () => {
    const rules = [...SHAPE, ...FLOW, ...REGISTERS, ...MEMORY, ...HELPERS].map(([, rule]) => rule);
    expect(new Set(rules).size).toBe(19);
  });
});

describe('an eBPF program is taken', () => {
  it.each<readonly [what: string, Write]>([
    ['with 4096 instructions', many(BPF_MAXINSNS)],
    [
      'when it shifts by 63',
      (b) =>
        b
          .move(0, 1)
          .instruction(ALU64 | LSH | K, 0, 0, 0, 63)
          .exit(),
    ],
    ['when it uses all of its stack', (b) => end(b.setSlot(-512, 1).setSlot(-4, 1))],
    [
      'when it loads a part of what it stored',
      (b) =>
        b
          .setSlot(-8, 1)
          .instruction(LDX | MEM | H, 0, 10, -6)
          .exit(),
    ],
    [
      'when it stores bytes one by one',
      (b) => end(b.move(1, 0).instruction(STX | MEM | B, 10, 1, -1)),
    ],
    [
      'when an address moves by a constant in a register',
      (b) =>
        block(b, 2, -16)
          .move(3, 8)
          .compute(ADD, 2, 3)
          .move(1, 0)
          .instruction(STX | MEM | DW, 2, 1)
          .move(0, 0)
          .exit(),
    ],
    [
      'when both paths write a register',
      (b) => b.move(0, 0).jumpIf(JEQ, 0, 1, 'x').move(0, 1).label('x').exit(),
    ],
    [
      'when it jumps over a constant',
      (b) => b.move(0, 0).jumpIf(JEQ, 0, 1, 'x').moveWide(0, 1, 2).label('x').exit(),
    ],
    [
      'when it loads what a helper wrote',
      (b) => b.readUser(-8, 4, 64, 'x').loadSlot(0, -8, 4).label('x').exit(),
    ],
    [
      'when constants follow each other and one is the target',
      (b) =>
        b.move(0, 0).jumpIf(JEQ, 0, 1, 'x').moveWide(0, 1, 2).label('x').moveWide(1, 24, 24).exit(),
    ],
  ])('%s', (_what, write) => {
    expect(verdict(write)).toBeUndefined();
  });
});
