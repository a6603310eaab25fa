import { describe, expect, it } from 'vitest';
import { Errno, Machine, RandomDirector, munmap, setAffinity } from '@rseqlab/sim-machine';
import type { CpuOp } from '../../../src/user/cpu-op-vector.js';
import { sysCpuOpv } from '../../../src/user/cpu-opv.js';
import { KERNEL, OpvMachine, PAGE, TEXT, UNMAPPED } from './opv-machine.js';
import type { Call } from './opv-machine.js';

const { EAGAIN, EFAULT, EINVAL, ENOSYS } = Errno;
const MB: CpuOp = { op: 'MB' };

type Row = readonly [
  what: string,
  ops: (data: number) => readonly CpuOp[],
  expected: number,
  call?: Call,
];

/** Rows with a call each, since a table of tests wants rows of one length. */
function whole(rows: readonly Row[]): [...Required<Row>][] {
  return rows.map(([what, ops, expected, call = {}]) => [what, ops, expected, call]);
}

const copy = (len: number, dst: number, src: number): CpuOp => ({ op: 'MEMCPY', len, dst, src });
const compare = (len: number, a: number, b: number): CpuOp => ({ op: 'COMPARE_EQ', len, a, b });
const add = (len: number, p: number): CpuOp => ({ op: 'ADD', len, p, count: 1 });
const many = (count: number, op: CpuOp): CpuOp[] => Array.from({ length: count }, () => op);

describe('cpu_opv refuses arguments', () => {
  it.each(
    whole([
      ['flag 1', () => [MB], -EINVAL, { flags: 1 }],
      ['the highest flag', () => [MB], -EINVAL, { flags: 0x80000000 | 0 }],
      ['a negative CPU', () => [MB], -EINVAL, { cpu: -1 }],
      ['a CPU that is not possible', () => [MB], -EINVAL, { cpu: 3 }],
      ['a CPU beyond all tables', () => [MB], -EINVAL, { cpu: 0x7fffffff }],
      ['a negative count', () => [MB], -EINVAL, { count: -1 }],
      ['17 operations', () => many(17, MB), -EINVAL],
      ['a vector that is not mapped', () => [MB], -EFAULT, { ops: UNMAPPED }],
      ['a vector of the kernel', () => [MB], -EFAULT, { ops: KERNEL }],
      ['a null vector', () => [MB], -EFAULT, { ops: 0 }],
      ['16 operations are taken', () => many(16, MB), 0],
      ['no operation is taken', () => [], 0],
      ['no operation, and so no vector', () => [], 0, { ops: UNMAPPED }],
      ['the CPU before the vector', () => [MB], -EINVAL, { cpu: 3, ops: UNMAPPED }],
      ['the count before the vector', () => [MB], -EINVAL, { count: 17, ops: UNMAPPED }],
      ['the flags before the vector', () => [MB], -EINVAL, { flags: 1, ops: UNMAPPED }],
    ]),
  )('%s', (_what, ops, expected, call) => {
    const machine = new OpvMachine();
    expect(machine.call(ops(machine.data), call)).toBe(expected);
  });
});

describe('cpu_opv refuses operations', () => {
  const arithmetic = [0, 3, 5, 6, 7, 9, 16].map<Row>((len) => [
    `ADD on ${len} bytes`,
    (data) => [add(len, data)],
    -EINVAL,
  ]);
  const bitwise = (['OR', 'AND', 'XOR'] as const).map<Row>((op) => [
    `${op} on 3 bytes`,
    (data) => [{ op, len: 3, p: data, mask: 1 }],
    -EINVAL,
  ]);
  const shifts = (['LSHIFT', 'RSHIFT'] as const).flatMap((op) =>
    [1, 2, 4, 8].flatMap<Row>((len) => [
      [`${op} of ${len} bytes by ${len * 8}`, (p) => [{ op, len, p, bits: len * 8 }], -EINVAL],
      [`${op} of ${len} bytes by -1`, (p) => [{ op, len, p, bits: -1 }], -EINVAL],
      [
        `${op} of ${len} bytes by ${len * 8 - 1} is taken`,
        (p) => [{ op, len, p, bits: len * 8 - 1 }],
        0,
      ],
    ]),
  );
  it.each(
    whole([
      ['operation 10', () => [MB], -EINVAL, { patch: [[0, 10]] }],
      ['operation -1', () => [MB], -EINVAL, { patch: [[0, -1]] }],
      ...arithmetic,
      ...bitwise,
      ...shifts,
      ['LSHIFT on 3 bytes', (p) => [{ op: 'LSHIFT', len: 3, p, bits: 1 }], -EINVAL],
      ['COMPARE_EQ on 4097 bytes', (p) => [compare(4097, p, p)], -EINVAL],
      ['COMPARE_NE on 4097 bytes', (p) => [{ op: 'COMPARE_NE', len: 4097, a: p, b: p }], -EINVAL],
      ['MEMCPY on 4097 bytes', (p) => [copy(4097, p, p + PAGE)], -EINVAL],
      ['a length of 2 to the 32nd less 1', (p) => [copy(-1, p, p)], -EINVAL],
      ['MEMCPY on 4096 bytes is taken', (p) => [copy(4096, p, p + PAGE)], 0],
      [
        'one byte over 4216 together',
        (p) => [copy(4096, p, p + PAGE), ...many(14, add(8, p)), compare(9, p, p)],
        -EINVAL,
      ],
      [
        '4216 bytes together are taken',
        (p) => [copy(4096, p, p + PAGE), ...many(15, add(8, p))],
        0,
      ],
      [
        'MB has no length, whatever it says',
        (p) => [copy(4096, p, p + PAGE), ...many(14, add(8, p)), MB],
        0,
        { patch: [[15 * 8 + 1, 4096]] },
      ],
      ['an operation before an address', () => [add(3, UNMAPPED)], -EINVAL],
      [
        'a bad second operation before a bad first address',
        (p) => [add(4, UNMAPPED), add(3, p)],
        -EINVAL,
      ],
      ['an operation before the affinity', (p) => [add(3, p)], -EINVAL, { cpu: 1 }],
    ]),
  )('%s', (_what, ops, expected, call) => {
    const machine = new OpvMachine();
    expect(machine.call(ops(machine.data), call)).toBe(expected);
  });
});

describe('cpu_opv and pages that cannot be accessed', () => {
  const bad: readonly (readonly [string, (data: number, address: number) => CpuOp])[] = [
    ['a of COMPARE_EQ', (p, a) => ({ op: 'COMPARE_EQ', len: 4, a, b: p })],
    ['b of COMPARE_EQ', (p, b) => ({ op: 'COMPARE_EQ', len: 4, a: p, b })],
    ['a of COMPARE_NE', (p, a) => ({ op: 'COMPARE_NE', len: 4, a, b: p })],
    ['b of COMPARE_NE', (p, b) => ({ op: 'COMPARE_NE', len: 4, a: p, b })],
    ['dst of MEMCPY', (p, dst) => ({ op: 'MEMCPY', len: 4, dst, src: p })],
    ['src of MEMCPY', (p, src) => ({ op: 'MEMCPY', len: 4, dst: p, src })],
    ['p of ADD', (_, p) => ({ op: 'ADD', len: 4, p, count: 1 })],
    ['p of OR', (_, p) => ({ op: 'OR', len: 4, p, mask: 1 })],
    ['p of AND', (_, p) => ({ op: 'AND', len: 4, p, mask: 1 })],
    ['p of XOR', (_, p) => ({ op: 'XOR', len: 4, p, mask: 1 })],
    ['p of LSHIFT', (_, p) => ({ op: 'LSHIFT', len: 4, p, bits: 1 })],
    ['p of RSHIFT', (_, p) => ({ op: 'RSHIFT', len: 4, p, bits: 1 })],
  ];
  const expecting = (op: CpuOp, which: string): CpuOp => ({
    ...op,
    [`expectFault${which.charAt(0).toUpperCase()}${which.slice(1)}`]: true,
  });

  it.each(bad)('%s: -EFAULT, and -EAGAIN where a fault is expected there', (what, make) => {
    const operand = what.split(' ')[0]!;
    for (const address of [UNMAPPED, KERNEL, 0]) {
      const one = new OpvMachine();
      expect(one.call([make(one.data, address)])).toBe(-EFAULT);
      const other = new OpvMachine();
      expect(other.call([expecting(make(other.data, address), operand)])).toBe(-EAGAIN);
    }
  });

  it('does not take the flag of the other operand', () => {
    const machine = new OpvMachine();
    const { data } = machine;
    const op: CpuOp = { op: 'MEMCPY', len: 4, dst: data, src: UNMAPPED, expectFaultDst: true };
    expect(machine.call([op])).toBe(-EFAULT);
    const second = new OpvMachine();
    expect(
      second.call([{ op: 'COMPARE_EQ', len: 4, a: UNMAPPED, b: data, expectFaultB: true }]),
    ).toBe(-EFAULT);
  });

  it('reports the first operand that cannot be accessed', () => {
    const machine = new OpvMachine();
    const ops: CpuOp[] = [
      { op: 'ADD', len: 4, p: UNMAPPED, count: 1, expectFaultP: true },
      { op: 'ADD', len: 4, p: UNMAPPED, count: 1 },
    ];
    expect(machine.call(ops)).toBe(-EAGAIN);
    expect(new OpvMachine().call([...ops].reverse())).toBe(-EFAULT);
  });

  it('looks at the second page of an operand too', () => {
    const machine = new OpvMachine();
    const end = machine.data + 3 * PAGE;
    const cut = {
      before: (t: Parameters<typeof munmap>[0]) => munmap(t, end - PAGE, PAGE),
    };
    expect(machine.call([add(4, end - PAGE - 2)], cut)).toBe(-EFAULT);
    expect(new OpvMachine().call([add(4, machine.data + PAGE - 2)])).toBe(0);
  });

  it('needs write permission where an operation writes, and only there', () => {
    expect(new OpvMachine().call([add(4, TEXT)])).toBe(-EFAULT);
    expect(new OpvMachine().call([{ op: 'MEMCPY', len: 4, dst: TEXT, src: TEXT }])).toBe(-EFAULT);
    expect(new OpvMachine().call([compare(4, TEXT, TEXT)])).toBe(0);
    const machine = new OpvMachine();
    expect(machine.call([copy(4, machine.data, TEXT)])).toBe(0);
  });

  it('refuses an address of more than 32 bits', () => {
    const machine = new OpvMachine();
    expect(machine.call([add(4, machine.data)], { patch: [[3, 1]] })).toBe(-EFAULT);
  });

  it('pins nothing for a length of 0', () => {
    expect(new OpvMachine().call([copy(0, UNMAPPED, KERNEL)])).toBe(0);
    expect(new OpvMachine().call([compare(0, UNMAPPED, KERNEL)])).toBe(0);
    const machine = new OpvMachine();
    expect(machine.call([{ op: 'COMPARE_NE', len: 0, a: UNMAPPED, b: 0 }])).toBe(1);
  });

  it('does no operation when a later one cannot be pinned', () => {
    const machine = new OpvMachine();
    expect(machine.call([add(4, machine.data), add(4, UNMAPPED)])).toBe(-EFAULT);
    expect(machine.word(0)).toBe(0);
  });

  it('brings a page in that was never touched', () => {
    const machine = new OpvMachine();
    const faults = machine.heard('fault');
    const stack = 0x60020000;
    expect(machine.call([add(4, stack)])).toBe(0);
    expect(machine.process.read32(stack)).toBe(1);
    expect(faults.map(({ kind }) => kind)).toContain('minor');
  });
});

describe('cpu_opv and the affinity mask', () => {
  const confine = (...cpus: number[]): Call => ({ before: (t) => setAffinity(t, cpus) });

  it('is -EINVAL for a CPU outside of it, after the pages were found right', () => {
    const machine = new OpvMachine();
    expect(machine.call([add(4, machine.data)], { cpu: 1, ...confine(0, 2) })).toBe(-EINVAL);
    expect(machine.word(0)).toBe(0);
    expect(new OpvMachine().call([add(4, UNMAPPED)], { cpu: 1, ...confine(0) })).toBe(-EFAULT);
  });

  it('is -EINVAL for an offline CPU outside of it too', () => {
    const machine = new OpvMachine({ cpus: { cpus: 3, online: [0, 1] } });
    expect(machine.call([add(4, machine.data)], { cpu: 2, ...confine(0) })).toBe(-EINVAL);
  });
});

describe('a kernel without cpu_opv', () => {
  it('does not know the system call', () => {
    const machine = new Machine({ cpus: 1 }, new RandomDirector({ seed: 1 }));
    const results: number[] = [];
    machine.createProcess('main').spawn(function* caller(t) {
      results.push(yield* sysCpuOpv(t, 0, 0, 0));
    });
    machine.run();
    expect(results).toEqual([-ENOSYS]);
  });
});
