import { describe, expect, it } from 'vitest';
import { RuntimeError } from '../../src/runtime-error.js';
import { encodeBpf } from '../../src/user/bpf-program.js';
import { CpuOpVector } from '../../src/user/cpu-op-vector.js';
import { runCpuOpVector } from '../../src/user/cpu-opv.js';
import { EbpfBuilder } from '../../src/user/ebpf-program.js';
import { OpvMachine } from '../kernel/cpu-opv/opv-machine.js';

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return error instanceof RuntimeError ? error.code : undefined;
  }
  return undefined;
}

describe('CpuOpVector', () => {
  it('lays operations out as struct cpu_op, with the constants behind them', () => {
    const vector = new CpuOpVector([
      { op: 'COMPARE_NE', len: 8, a: 0x1000, b: { low: 5, high: 6 }, expectFaultB: true },
      { op: 'MEMCPY', len: 9, dst: 0x2000, src: 0x3000, expectFaultDst: true },
      { op: 'ADD', len: 4, p: 0x4000, count: -2, expectFaultP: true },
      { op: 'XOR', len: 4, p: 0x5000, mask: -1 },
      { op: 'RSHIFT', len: 2, p: 0x6000, bits: 7, expectFaultP: true },
      { op: 'MB' },
    ]);
    expect(vector.byteLength).toBe(6 * 32 + 8);
    expect([...vector.wordsAt(0x10000)]).toEqual([
      ...[1, 8, 0x1000, 0, 0x10000 + 192, 0, 0x100, 0],
      ...[2, 9, 0x2000, 0, 0x3000, 0, 1, 0],
      ...[3, 4, 0x4000, 0, -2, -1, 1, 0],
      ...[6, 4, 0x5000, 0, -1, 0, 0, 0],
      ...[8, 2, 0x6000, 0, 7, 1, 0, 0],
      ...[9, 0, 0, 0, 0, 0, 0, 0],
      ...[5, 6],
    ]);
  });

  it('throws ERR_CPU_OP for a constant of more than 8 bytes', () => {
    const make = (len: number) => () =>
      new CpuOpVector([{ op: 'MEMCPY', len, dst: 64, src: { low: 1 } }]);
    expect(codeOf(make(9))).toBe('ERR_CPU_OP');
    expect(codeOf(make(8))).toBeUndefined();
  });

  it('is stored and carried out by the thread itself', () => {
    const machine = new OpvMachine();
    const { data } = machine;
    const results: number[] = [];
    machine.process.spawn(function* caller(t) {
      for (const value of [3, 4]) {
        const vector = new CpuOpVector([
          { op: 'MEMCPY', len: 4, dst: data, src: { low: value } },
          { op: 'COMPARE_EQ', len: 4, a: data, b: { low: 3 } },
        ]);
        results.push(yield* runCpuOpVector(t, data + 256, vector, 1));
      }
    });
    expect(machine.finish()).toBe('finished');
    expect(results).toEqual([0, 2]);
    expect(machine.word(0)).toBe(4);
  });
});

describe('the encodings of programs', () => {
  it('lays classic instructions out as struct sock_filter', () => {
    const words = encodeBpf([{ code: 0x15, jt: 1, jf: 255, k: -1 }]);
    expect([...new Uint8Array(words.buffer)]).toEqual([0x15, 0, 1, 255, 255, 255, 255, 255]);
  });

  it('lays eBPF instructions out with registers in nibbles and a signed offset', () => {
    const words = new EbpfBuilder().storeSlot(-8, 6, 8).build();
    expect([...new Uint8Array(words.buffer)]).toEqual([0x7b, 0x6a, 0xf8, 0xff, 0, 0, 0, 0]);
  });

  it('throws ERR_LABEL for a jump to nowhere', () => {
    const builder = new EbpfBuilder().jumpIf(0x10, 0, 0, 'nowhere').exit();
    expect(codeOf(() => builder.build())).toBe('ERR_LABEL');
  });
});
