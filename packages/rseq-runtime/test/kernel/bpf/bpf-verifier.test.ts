import { describe, expect, it } from 'vitest';
import { BpfCode } from '../../../src/kernel/bpf/bpf-abi.js';
import { verifyBpf } from '../../../src/kernel/bpf/bpf-verifier.js';
import type { BpfRule } from '../../../src/kernel/bpf/bpf-verifier.js';
import { BPF_MAXINSNS } from '../../../src/kernel/bpf/program-copy.js';
import { Bpf, encodeBpf } from '../../../src/user/bpf-program.js';
import type { BpfInstruction } from '../../../src/user/bpf-program.js';

const { LD, LDX, ST, STX, ALU, JMP, RET, MEM, DIV, MOD, LSH, RSH, ADD, JA, JEQ, X, K } = BpfCode;
const END = Bpf.end(0);

function verdict(program: readonly BpfInstruction[]): ReturnType<typeof verifyBpf> {
  return verifyBpf(encodeBpf(program), program.length);
}

describe('a classic program is refused', () => {
  it.each<readonly [what: string, BpfRule, at: number, readonly BpfInstruction[]]>([
    ['without an instruction', 'length', 0, []],
    ['with 4097 instructions', 'length', 0, Array.from({ length: BPF_MAXINSNS + 1 }, () => END)],
    ['with an unknown class of load', 'opcode', 0, [{ code: LD | 0x80 }, END]],
    ['with a code of more than 8 bits', 'opcode', 1, [Bpf.toX, { code: 0x100 }, END]],
    ['with a 64-bit load', 'opcode', 0, [{ code: LD | 0x18 | 0x20 }, END]],
    ['with an eBPF call', 'opcode', 0, [{ code: 0x85 }, END]],
    ['when a jump leaves it', 'jump-target', 0, [{ code: JMP | JA, k: 1 }, END]],
    ['when a jump goes backward', 'jump-target', 1, [Bpf.toX, { code: JMP | JA, k: -1 }, END]],
    ['when a true branch leaves it', 'jump-target', 0, [Bpf.ifEqual(1, 1, 0), END]],
    ['when a false branch leaves it', 'jump-target', 0, [Bpf.ifEqual(1, 0, 1), END]],
    ['when a branch by X leaves it', 'jump-target', 0, [{ code: JMP | JEQ | X, jt: 255 }, END]],
    ['when it divides by a constant 0', 'division-by-zero', 0, [{ code: ALU | DIV | K }, END]],
    ['when it takes a modulo by 0', 'division-by-zero', 0, [{ code: ALU | MOD | K }, END]],
    ['when it shifts by 32', 'shift-width', 0, [{ code: ALU | LSH | K, k: 32 }, END]],
    ['when it shifts by -1', 'shift-width', 0, [{ code: ALU | RSH | K, k: -1 }, END]],
    ['when it stores to scratch 16', 'scratch-index', 0, [{ code: ST, k: 16 }, END]],
    ['when it stores X to scratch -1', 'scratch-index', 0, [{ code: STX, k: -1 }, END]],
    ['when it loads scratch 16', 'scratch-index', 0, [{ code: LDX | MEM, k: 16 }, END]],
    ['when it loads scratch never written', 'scratch-uninitialized', 0, [{ code: LD | MEM }, END]],
    [
      'when it loads scratch written on one path only',
      'scratch-uninitialized',
      2,
      [Bpf.ifEqual(0, 0, 1), { code: ST, k: 3 }, { code: LDX | MEM, k: 3 }, END],
    ],
    ['when its last instruction is no return', 'no-return', 1, [END, Bpf.toX]],
  ])('%s', (_what, rule, instruction, program) => {
    expect(verdict(program)).toEqual({ rule, instruction });
  });
});

describe('a classic program is taken', () => {
  it.each<readonly [what: string, readonly BpfInstruction[]]>([
    ['with 4096 instructions', Array.from({ length: BPF_MAXINSNS }, () => END)],
    ['when it returns A', [{ code: RET | BpfCode.A }]],
    ['when it shifts by 31', [{ code: ALU | LSH | K, k: 31 }, END]],
    ['when it divides by X', [{ code: ALU | DIV | X }, END]],
    ['when both branches stay inside', [Bpf.ifEqual(1, 1, 0), END, END]],
    [
      'when it loads scratch that is written on both paths',
      [
        Bpf.ifEqual(0, 0, 2),
        { code: ST, k: 3 },
        { code: JMP | JA, k: 1 },
        { code: STX, k: 3 },
        { code: LD | MEM, k: 3 },
        END,
      ],
    ],
    ['when it loads scratch where no path leads', [END, { code: LD | MEM, k: 3 }, END]],
    ['with the highest constant', [{ code: ALU | ADD | K, k: -1 }, END]],
  ])('%s', (_what, program) => {
    expect(verdict(program)).toBeUndefined();
  });
});
