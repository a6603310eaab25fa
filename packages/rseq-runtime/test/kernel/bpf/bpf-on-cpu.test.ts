import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Errno, Machine, RandomDirector } from '@rseqlab/sim-machine';
import { BpfCode } from '../../../src/kernel/bpf/bpf-abi.js';
import { Bpf, encodeBpf } from '../../../src/user/bpf-program.js';
import type { BpfInstruction } from '../../../src/user/bpf-program.js';
import { EbpfBuilder } from '../../../src/user/ebpf-program.js';
import { bpfOn, ebpfOn } from '../../../src/user/program-call.js';
import { BpfInterpreter } from '../../../src/kernel/bpf/bpf-interpreter.js';
import { verifyBpf } from '../../../src/kernel/bpf/bpf-verifier.js';
import { PlainWork } from './plain-work.js';
import { ProgramMachine } from './program-machine.js';
import type { ProgramCall } from './program-machine.js';

const { EFAULT, EINVAL, ENOSYS } = Errno;
const UNMAPPED = 0x30000000;
const { ALU, LD, ST, STX, LDX, JMP, RET, MEM, ABS, IND, H, B, K, X, A } = BpfCode;
const { ADD, SUB, MUL, DIV, OR, AND, LSH, RSH, NEG, MOD, XOR, JA, JEQ, JGT, JGE, JSET } = BpfCode;

const END = { bpf: encodeBpf([Bpf.end(0)]), ebpf: new EbpfBuilder().move(0, 0).exit().build() };

describe.each(['bpf', 'ebpf'] as const)('the arguments of %s_on_cpu', (kind) => {
  it.each<readonly [what: string, expected: number, call: ProgramCall]>([
    ['all right', 0, {}],
    ['a CPU elsewhere', 0, { cpu: 2 }],
    ['flag 1', -EINVAL, { flags: 1 }],
    ['a negative CPU', -EINVAL, { cpu: -1 }],
    ['a CPU that is not possible', -EINVAL, { cpu: 3 }],
    ['no instruction', -EINVAL, { count: 0 }],
    ['a negative count', -EINVAL, { count: -1 }],
    ['4097 instructions', -EINVAL, { count: 4097 }],
    ['the count before the program', -EINVAL, { count: 0, program: UNMAPPED }],
    ['a program that is not mapped', -EFAULT, { program: UNMAPPED }],
    ['a program of the kernel', -EFAULT, { program: 0x80000000 | 0 }],
  ])('%s', (_what, expected, call) => {
    expect(new ProgramMachine().call(kind, END[kind], call)).toBe(expected);
  });

  it('a program that the verifier refuses', () => {
    const machine = new ProgramMachine();
    expect(machine.call(kind, Int32Array.of(0xff, 0))).toBe(-EINVAL);
  });

  it('a result below every errno is -EINVAL', () => {
    for (const [value, expected] of [
      [-4095, -4095],
      [-4096, -EINVAL],
      [-0x40000000, -EINVAL],
      [0x7fffffff, 0x7fffffff],
    ] as const) {
      const program =
        kind === 'bpf'
          ? encodeBpf([Bpf.end(value)])
          : new EbpfBuilder().move(0, value).exit().build();
      expect(new ProgramMachine().call(kind, program)).toBe(expected);
    }
  });

  it('a kernel without it does not know the call', () => {
    const machine = new Machine({ cpus: 1 }, new RandomDirector({ seed: 1 }));
    const results: number[] = [];
    machine.createProcess('main').spawn(function* caller(t) {
      results.push(yield* (kind === 'bpf' ? bpfOn : ebpfOn)(t, 0, 1, 0));
    });
    machine.run();
    expect(results).toEqual([-ENOSYS]);
  });
});

/** Runs a program that the verifier takes on plain bytes. */
function run(program: Int32Array, work = new PlainWork()): number {
  expect(verifyBpf(program, program.length / 2)).toBeUndefined();
  return new BpfInterpreter(work).run(program);
}

/** Runs `program` with its A stored behind it. */
function resultOf(program: readonly BpfInstruction[]): number {
  const work = new PlainWork();
  expect(run(encodeBpf([...program, Bpf.store(64), Bpf.end(0)]), work)).toBe(0);
  return work.view.getInt32(64, true);
}

describe('a classic program', () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

  it('computes with 32-bit unsigned integers', () => {
    const references: Readonly<Record<number, (a: bigint, b: bigint) => bigint>> = {
      [ADD]: (a, b) => a + b,
      [SUB]: (a, b) => a - b,
      [MUL]: (a, b) => a * b,
      [DIV]: (a, b) => a / b,
      [MOD]: (a, b) => a % b,
      [OR]: (a, b) => a | b,
      [AND]: (a, b) => a & b,
      [XOR]: (a, b) => a ^ b,
      [LSH]: (a, b) => a << (b & 31n),
      [RSH]: (a, b) => a >> (b & 31n),
      [NEG]: (a) => -a,
    };
    const operation = fc.constantFrom(...Object.keys(references).map(Number));
    fc.assert(
      fc.property(operation, word, word, fc.boolean(), (code, a, b, byX) => {
        const isShift = code === LSH || code === RSH;
        const operand = isShift ? b & 31 : b === 0 ? 1 : b;
        const instruction =
          code === NEG
            ? { code: ALU | NEG }
            : byX
              ? Bpf.computeX(code)
              : Bpf.compute(code, operand);
        const found = resultOf([Bpf.constantX(operand), Bpf.constant(a), instruction]);
        const expected = references[code]!(BigInt(a >>> 0), BigInt(operand >>> 0));
        expect(found).toBe(Number(BigInt.asIntN(32, expected)));
      }),
      { numRuns: 200 },
    );
  });

  it('branches by unsigned comparison', () => {
    const references: Readonly<Record<number, (a: number, b: number) => boolean>> = {
      [JEQ]: (a, b) => a === b,
      [JGT]: (a, b) => a >>> 0 > b >>> 0,
      [JGE]: (a, b) => a >>> 0 >= b >>> 0,
      [JSET]: (a, b) => (a & b) !== 0,
    };
    const test = fc.constantFrom(...Object.keys(references).map(Number));
    const close = fc.oneof(word, fc.constantFrom(0, 1, -1, 2 ** 31 - 1));
    fc.assert(
      fc.property(test, close, close, fc.boolean(), (code, a, b, byX) => {
        const found = run(
          encodeBpf([
            Bpf.constantX(b),
            Bpf.constant(a),
            { code: JMP | code | (byX ? X : K), k: byX ? 77 : b, jt: 1, jf: 0 },
            Bpf.end(0),
            Bpf.end(1),
          ]),
        );
        expect(found).toBe(references[code]!(a, b) ? 1 : 0);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps words in scratch memory', () => {
    expect(
      resultOf([
        Bpf.constant(7),
        { code: ST, k: 15 },
        Bpf.constantX(8),
        { code: STX, k: 0 },
        { code: LDX | MEM, k: 15 },
        { code: LD | MEM, k: 0 },
        Bpf.computeX(LSH),
      ]),
    ).toBe(8 << 7);
    expect(resultOf([Bpf.constantX(5), Bpf.toA, Bpf.compute(ADD, 1), Bpf.toX, Bpf.toA])).toBe(6);
  });

  it('returns A or a constant, and leaves out what a jump leaves out', () => {
    expect(run(encodeBpf([Bpf.constant(9), { code: RET | A }]))).toBe(9);
    expect(run(encodeBpf([{ code: JMP | JA, k: 1 }, Bpf.end(1), Bpf.end(2)]))).toBe(2);
  });

  it('begins with registers of 0', () => {
    expect(resultOf([Bpf.computeX(ADD)])).toBe(0);
  });

  it('ends with 0 where it divides by an X of 0', () => {
    const machine = new ProgramMachine();
    const program = encodeBpf([{ code: ALU | DIV | X }, Bpf.end(5)]);
    expect(machine.call('bpf', program)).toBe(0);
  });

  it('reads and writes bytes, halves and words, at addresses and by X', () => {
    const machine = new ProgramMachine();
    const { data } = machine;
    machine.fill(0x44332211, 0, 0, -1);
    const program = encodeBpf([
      { code: LD | ABS | B, k: data + 1 },
      { code: ST | ABS | B, k: data + 12 },
      { code: LD | ABS | H, k: data + 1 },
      { code: ST | ABS | H, k: data + 4 },
      Bpf.constantX(data),
      { code: LD | IND | H, k: 2 },
      { code: ST | IND | B, k: 13 },
      Bpf.loadIndirect(0),
      Bpf.storeIndirect(8),
      Bpf.end(0),
    ]);
    expect(machine.call('bpf', program)).toBe(0);
    expect([1, 2, 3].map((i) => machine.word(i))).toEqual([0x3322, 0x44332211, 0xffff3322 | 0]);
  });

  it('ends with -EFAULT at an access that fails, with what it stored done', () => {
    const machine = new ProgramMachine();
    const { data } = machine;
    const program = encodeBpf([
      Bpf.constant(3),
      Bpf.store(data),
      Bpf.load(UNMAPPED),
      Bpf.store(data + 4),
      Bpf.end(0),
    ]);
    expect(machine.call('bpf', program)).toBe(-EFAULT);
    expect([machine.word(0), machine.word(1)]).toEqual([3, 0]);
    const second = new ProgramMachine();
    expect(second.call('bpf', encodeBpf([Bpf.store(0x400000), Bpf.end(0)]))).toBe(-EFAULT);
  });
});
