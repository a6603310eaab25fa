import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Errno } from '@rseqlab/sim-machine';
import { EbpfCode, EbpfHelper } from '../../../src/kernel/ebpf/ebpf-abi.js';
import { EbpfBuilder } from '../../../src/user/ebpf-program.js';
import { EbpfInterpreter } from '../../../src/kernel/ebpf/ebpf-interpreter.js';
import { verifyEbpf } from '../../../src/kernel/ebpf/ebpf-verifier.js';
import { PlainWork } from '../bpf/plain-work.js';
import { ProgramMachine } from '../bpf/program-machine.js';

const { EFAULT } = Errno;
const UNMAPPED = 0x30000000;
const { ALU, ALU64, JMP, JMP32, K, X, STX, ST, LDX, MEM, B, H, DW } = EbpfCode;
const { ADD, SUB, MUL, OR, AND, XOR, MOV, LSH, RSH, ARSH, NEG } = EbpfCode;
const { JEQ, JNE, JGT, JGE, JLT, JLE, JSET, JSGT, JSGE, JSLT, JSLE } = EbpfCode;

const low = (x: bigint): number => Number(BigInt.asIntN(32, x));
const high = (x: bigint): number => Number(BigInt.asIntN(32, x >> 32n));
const wide = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 63n, 2n ** 64n - 1n),
);
const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

/** Where {@link r6Of} has r6 stored. */
const DATA = 64;

/** Runs a program that the verifier takes on plain bytes. */
function run(program: Int32Array, work = new PlainWork()): number {
  expect(verifyEbpf(program, program.length / 2)).toBeUndefined();
  return new EbpfInterpreter(work, () => 0).run(program);
}

/** Runs a program, and then stores r6 as 64 bits. */
function r6Of(write: (b: EbpfBuilder) => EbpfBuilder): bigint {
  const work = new PlainWork();
  const program = write(new EbpfBuilder()).storeSlot(-8, 6, 8).writeUser(DATA, -8, 8);
  expect(run(program.exit().build(), work)).toBe(0);
  return work.view.getBigUint64(DATA, true);
}

const ARITHMETIC: Readonly<Record<number, (a: bigint, b: bigint, bits: 32 | 64) => bigint>> = {
  [ADD]: (a, b) => a + b,
  [SUB]: (a, b) => a - b,
  [MUL]: (a, b) => a * b,
  [OR]: (a, b) => a | b,
  [AND]: (a, b) => a & b,
  [XOR]: (a, b) => a ^ b,
  [MOV]: (_a, b) => b,
  [LSH]: (a, b, bits) => a << (b & BigInt(bits - 1)),
  [RSH]: (a, b, bits) => a >> (b & BigInt(bits - 1)),
  [ARSH]: (a, b, bits) => BigInt.asIntN(bits, a) >> (b & BigInt(bits - 1)),
  [NEG]: (a) => -a,
};
const SHIFTS: readonly number[] = [LSH, RSH, ARSH];

const TESTS: Readonly<Record<number, (a: bigint, b: bigint, bits: 32 | 64) => boolean>> = {
  [JEQ]: (a, b) => a === b,
  [JNE]: (a, b) => a !== b,
  [JGT]: (a, b) => a > b,
  [JGE]: (a, b) => a >= b,
  [JLT]: (a, b) => a < b,
  [JLE]: (a, b) => a <= b,
  [JSET]: (a, b) => (a & b) !== 0n,
  [JSGT]: (a, b, bits) => BigInt.asIntN(bits, a) > BigInt.asIntN(bits, b),
  [JSGE]: (a, b, bits) => BigInt.asIntN(bits, a) >= BigInt.asIntN(bits, b),
  [JSLT]: (a, b, bits) => BigInt.asIntN(bits, a) < BigInt.asIntN(bits, b),
  [JSLE]: (a, b, bits) => BigInt.asIntN(bits, a) <= BigInt.asIntN(bits, b),
};

describe('an eBPF program', () => {
  it('computes with registers of 64 and of 32 bits', () => {
    const operation = fc.constantFrom(...Object.keys(ARITHMETIC).map(Number));
    fc.assert(
      fc.property(operation, wide, wide, fc.constantFrom<32 | 64>(32, 64), (code, a, b, bits) => {
        const found = r6Of((builder) =>
          builder
            .moveWide(6, low(a), high(a))
            .moveWide(7, low(b), high(b))
            .instruction(
              (bits === 64 ? ALU64 : ALU) | code | (code === NEG ? K : X),
              6,
              code === NEG ? 0 : 7,
            ),
        );
        const cut = (x: bigint): bigint => BigInt.asUintN(bits, x);
        expect(found).toBe(cut(ARITHMETIC[code]!(cut(a), cut(b), bits)));
      }),
      { numRuns: 300 },
    );
  });

  it('computes with constants, their sign extended', () => {
    const operation = fc.constantFrom(ADD, SUB, MUL, OR, AND, XOR, MOV, ...SHIFTS);
    fc.assert(
      fc.property(operation, wide, word, fc.constantFrom<32 | 64>(32, 64), (code, a, imm, bits) => {
        const operand = SHIFTS.includes(code) ? imm & (bits - 1) : imm;
        const found = r6Of((builder) =>
          builder
            .moveWide(6, low(a), high(a))
            .instruction((bits === 64 ? ALU64 : ALU) | code | K, 6, 0, 0, operand),
        );
        const cut = (x: bigint): bigint => BigInt.asUintN(bits, x);
        expect(found).toBe(cut(ARITHMETIC[code]!(cut(a), cut(BigInt(operand)), bits)));
      }),
      { numRuns: 200 },
    );
  });

  it('branches by signed and unsigned comparison of 64 and of 32 bits', () => {
    const test = fc.constantFrom(...Object.keys(TESTS).map(Number));
    fc.assert(
      fc.property(
        test,
        wide,
        wide,
        word,
        fc.boolean(),
        fc.constantFrom<32 | 64>(32, 64),
        (code, a, b, imm, byX, bits) => {
          const program = new EbpfBuilder()
            .moveWide(1, low(a), high(a))
            .moveWide(2, low(b), high(b))
            .move(0, 1)
            .instruction(
              (bits === 64 ? JMP : JMP32) | code | (byX ? X : K),
              1,
              byX ? 2 : 0,
              1,
              byX ? 0 : imm,
            )
            .move(0, 0)
            .exit()
            .build();
          const cut = (x: bigint): bigint => BigInt.asUintN(bits, x);
          const expected = TESTS[code]!(cut(a), cut(byX ? b : BigInt(imm)), bits);
          expect(run(program)).toBe(expected ? 1 : 0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps 1, 2, 4 and 8 bytes on its stack, zero-extended when loaded', () => {
    const found = r6Of((b) =>
      b
        .moveWide(6, 0x55667788, 0x11223344)
        .storeSlot(-16, 6, 8)
        .move(1, -1)
        .instruction(STX | MEM | B, 10, 1, -16)
        .instruction(ST | MEM | H, 10, 0, -14, -2)
        .instruction(LDX | MEM | DW, 6, 10, -16)
        .instruction(LDX | MEM | H, 7, 10, -14)
        .instruction(LDX | MEM | B, 8, 10, -16)
        .compute(ADD, 6, 7)
        .compute(ADD, 6, 8),
    );
    expect(found).toBe(0x11223344fffe77ffn + 0xfffen + 0xffn);
  });

  it('stores a negative constant of 8 bytes with its sign', () => {
    const found = r6Of((b) => b.instruction(ST | MEM | DW, 10, 0, -16, -2).loadSlot(6, -16, 8));
    expect(found).toBe(2n ** 64n - 2n);
  });
});

describe('the helpers of eBPF', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 9, 15, 64, 504])('copy %i bytes, unaligned', (length) => {
    const machine = new ProgramMachine();
    for (let i = 0; i < 160; i++)
      machine.process.write32(machine.data + i * 4, 0x01010101 * (i & 127));
    const from = machine.data + 6;
    const to = machine.data + 4091;
    const byteAt = (address: number): number =>
      (machine.process.read32(address & -4) >>> ((address & 3) * 8)) & 0xff;
    const before = byteAt(to + length);
    const program = new EbpfBuilder()
      .readUser(-512, length, from, 'end')
      .writeUser(to, -512, length)
      .label('end')
      .exit()
      .build();
    const source = Array.from({ length }, (_, i) => byteAt(from + i));
    expect(machine.call('ebpf', program)).toBe(0);
    expect(Array.from({ length }, (_, i) => byteAt(to + i))).toEqual(source);
    expect(byteAt(to + length)).toBe(before);
  });

  it('say which CPU was asked for', () => {
    const program = new EbpfBuilder().call(EbpfHelper.getSmpProcessorId).exit().build();
    for (const cpu of [0, 1, 2])
      expect(new ProgramMachine().call('ebpf', program, { cpu })).toBe(cpu);
  });

  it('give a full fence', () => {
    const machine = new ProgramMachine({ memory: 'tso' });
    const program = new EbpfBuilder()
      .setSlot(-8, 1)
      .writeUser(machine.data, -8, 4)
      .call(EbpfHelper.fullFence)
      .exit();
    expect(machine.call('ebpf', program.build())).toBe(0);
    expect(machine.word(0)).toBe(1);
  });

  it.each([UNMAPPED, 0x80000000 | 0, 0])('read with -EFAULT and zeros from %i', (address) => {
    const machine = new ProgramMachine();
    const program = new EbpfBuilder()
      .setSlot(-8, 7)
      .readUser(-8, 4, address, 'failed')
      .move(0, 99)
      .exit()
      .label('failed')
      .moveRegister(6, 0)
      .writeUser(machine.data, -8, 4)
      .moveRegister(0, 6)
      .exit()
      .build();
    machine.fill(5);
    expect(machine.call('ebpf', program)).toBe(-EFAULT);
    expect(machine.word(0)).toBe(0);
  });

  it('write nothing with -EFAULT where the second page cannot be written', () => {
    const machine = new ProgramMachine();
    const last = 0x10000000 + 0x08000000 - 2;
    const program = new EbpfBuilder().setSlot(-8, -1).writeUser(last, -8, 4).exit().build();
    expect(machine.call('ebpf', program)).toBe(-EFAULT);
    expect(machine.process.read32(last - 2) >>> 16).toBe(0);
  });

  it('refuse a user address of more than 32 bits', () => {
    const machine = new ProgramMachine();
    const program = new EbpfBuilder()
      .moveWide(6, machine.data, 1)
      .readUser(-8, 4, { register: 6 }, 'end')
      .label('end')
      .exit()
      .build();
    expect(machine.call('ebpf', program)).toBe(-EFAULT);
  });
});
