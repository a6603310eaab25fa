import { describe, expect, it } from 'vitest';
import { Machine, ProgramBuilder, TimedDirector } from '@rseqlab/sim-machine';
import type { Program } from '@rseqlab/sim-machine';
import { RseqOffset } from '../../../src/kernel/rseq-abi.js';
import type { CpuOp } from '../../../src/user/cpu-op-vector.js';
import { deriveFallback } from '../../../src/user/fallback/derive-fallback.js';
import type { Derivation } from '../../../src/user/fallback/derive-fallback.js';
import { addv } from '../../../src/user/primitives/addv.js';
import {
  PRIMITIVE_ENTRY,
  PRIMITIVE_SECTION,
  primitiveProgram,
} from '../../../src/user/primitives/primitive-program.js';
import {
  COMPARE_AND_STORE,
  COUNTER_ADD,
  DONE,
  FAILED,
  LIST_PUSH,
  ownWord,
  r0,
  r1,
  r2,
  r3,
  r5,
  r6,
  r7,
  r8,
  r14,
  routine,
} from './routines.js';

const CPU = 2;
const DATA = 0x1000;
const OWN = DATA + CPU * 64;

function derive(
  program: Program,
  args: readonly number[] = [DATA, 7, 8],
  section = 'cs',
  observed: ReadonlyMap<number, number> = new Map<number, number>(),
): Derivation {
  const code = new Machine({ memoryBytes: 2 ** 22 }, new TimedDirector()).install(program);
  return deriveFallback({
    code,
    entry: 'entry',
    section,
    args,
    threadPointer: 0x70008000,
    cpu: CPU,
    observed,
  });
}

function opsOf(program: Program, args?: readonly number[]): readonly CpuOp[] {
  const derived = derive(program, args);
  if ('noFallback' in derived) throw new Error(JSON.stringify(derived.noFallback));
  return derived.fallback.vector.ops;
}

function ruleOf(program: Program): string {
  const derived = derive(program);
  return 'noFallback' in derived ? derived.noFallback.rule : 'none';
}

type Body = (builder: ProgramBuilder) => unknown;

describe('the vector of a section', () => {
  it('of a counter is one ADD on the CPU in question', () => {
    expect(opsOf(COUNTER_ADD)).toEqual([{ op: 'ADD', len: 4, p: OWN, count: 7 }]);
  });

  it('of compare and store is COMPARE_EQ and MEMCPY, and says what a failed comparison returns', () => {
    const derived = derive(COMPARE_AND_STORE);
    expect(derived).toMatchObject({
      fallback: {
        vector: {
          ops: [
            { op: 'COMPARE_EQ', len: 4, a: OWN, b: { low: 7 } },
            { op: 'MEMCPY', len: 4, dst: OWN, src: { low: 8 } },
          ],
        },
        outcomes: new Map([
          [1, FAILED],
          [0, DONE],
        ]),
      },
    });
  });

  it('of a push copies the old head into the node before it becomes the head', () => {
    expect(opsOf(LIST_PUSH, [DATA, 0x2000])).toEqual([
      { op: 'MEMCPY', len: 4, dst: 0x2000, src: OWN },
      { op: 'MEMCPY', len: 4, dst: OWN, src: { low: 0x2000 } },
    ]);
  });

  it.each<readonly [what: string, body: Body, ops: readonly CpuOp[]]>([
    [
      'leaves if equal by COMPARE_NE',
      (b) => b.ld32(r6, r1).beq(r6, r2, 'failed').st32(r3, r1),
      [
        { op: 'COMPARE_NE', len: 4, a: DATA, b: { low: 7 } },
        { op: 'MEMCPY', len: 4, dst: DATA, src: { low: 8 } },
      ],
    ],
    [
      'compares two words in memory',
      (b) => b.ld32(r6, r1).ld32(r8, r1, 8).bne(r6, r8, 'failed').st32(r3, r1),
      [
        { op: 'COMPARE_EQ', len: 4, a: DATA, b: DATA + 8 },
        { op: 'MEMCPY', len: 4, dst: DATA, src: { low: 8 } },
      ],
    ],
    [
      'puts MB before a release',
      (b) => b.st32(r2, r1, 8).stl32(r3, r1),
      [
        { op: 'MEMCPY', len: 4, dst: DATA + 8, src: { low: 7 } },
        { op: 'MB' },
        { op: 'MEMCPY', len: 4, dst: DATA, src: { low: 8 } },
      ],
    ],
    [
      'copies an unrolled memcpy as one',
      (b) => {
        for (let at = 0; at < 96; at += 4) b.ld32(r6, r1, 256 + at).st32(r6, r1, 512 + at);
        b.st32(r2, r1);
      },
      [
        { op: 'MEMCPY', len: 96, dst: DATA + 512, src: DATA + 256 },
        { op: 'MEMCPY', len: 4, dst: DATA, src: { low: 7 } },
      ],
    ],
    [
      'computes bytes in place',
      (b) => b.ld8u(r6, r1).ori(r6, r6, 3).st8(r6, r1),
      [{ op: 'OR', len: 1, p: DATA, mask: 3 }],
    ],
    [
      'shifts in place',
      (b) => b.ld32(r6, r1).shli(r6, r6, 2).shli(r6, r6, 1).st32(r6, r1),
      [{ op: 'LSHIFT', len: 4, p: DATA, bits: 3 }],
    ],
    [
      'stores pairs at once',
      (b) => b.st64(r2, r1),
      [{ op: 'MEMCPY', len: 8, dst: DATA, src: { low: 7, high: 8 } }],
    ],
    [
      'has no operation for a comparison that memory cannot change',
      (b) => b.ld8u(r6, r1).addi(r6, r6, 300).beq(r6, r2, 'failed').st32(r3, r1),
      [{ op: 'MEMCPY', len: 4, dst: DATA, src: { low: 8 } }],
    ],
    [
      'takes a branch that its arguments decide',
      (b) => b.blt(r2, r3, 'over').st32(r2, r1, 4).label('over').st32(r3, r1),
      [{ op: 'MEMCPY', len: 4, dst: DATA, src: { low: 8 } }],
    ],
  ])('%s', (_what, body, ops) => {
    expect(opsOf(routine(body))).toEqual(ops);
  });
});

describe('a vector that follows a pointer', () => {
  const POP: Body = (b) => b.ld32(r6, r1).beq(r6, r2, 'failed').ld32(r8, r6, 12).st32(r8, r1);

  it('is missing as long as the pointer is not known, and says which word it wants', () => {
    expect(derive(routine(POP))).toMatchObject({ noFallback: { rule: 'address', wants: DATA } });
  });

  it('compares what was observed, and expects that its memory may be gone', () => {
    const derived = derive(routine(POP), [DATA, 0], 'cs', new Map([[DATA, 0x2000]]));
    expect(derived).toMatchObject({
      fallback: {
        vector: {
          ops: [
            { op: 'COMPARE_EQ', len: 4, a: DATA, b: { low: 0x2000 } },
            { op: 'MEMCPY', dst: DATA, src: 0x200c, expectFaultDst: true, expectFaultSrc: true },
          ],
        },
        outcomes: new Map([[0, DONE]]),
        changed: new Set([1]),
      },
    });
  });

  it('leaves as the section does when what was observed leads there', () => {
    const derived = derive(routine(POP), [DATA, 0], 'cs', new Map([[DATA, 0]]));
    expect(derived).toMatchObject({
      fallback: {
        vector: { ops: [{ op: 'COMPARE_EQ', a: DATA, b: { low: 0 } }] },
        outcomes: new Map([[0, FAILED]]),
        changed: new Set([1]),
      },
    });
  });
});

describe('a vector by mm_cid', () => {
  const program = primitiveProgram(addv, 'relaxed', 'mm_cid');
  const call = {
    code: { program, address: 0 },
    entry: PRIMITIVE_ENTRY,
    section: PRIMITIVE_SECTION,
  };
  const derived = deriveFallback({
    ...call,
    args: [DATA, 3, 1],
    threadPointer: 0x70008000,
    cpu: CPU,
    index: 'mm_cid',
  });

  it('compares the CPU and the id of the area before anything else', () => {
    if ('noFallback' in derived) throw new Error(JSON.stringify(derived.noFallback));
    const { vector, moved } = derived.fallback;
    expect(vector.ops).toEqual([
      { op: 'COMPARE_EQ', len: 4, a: 0x70008000 + RseqOffset.cpuId, b: { low: CPU } },
      { op: 'COMPARE_EQ', len: 4, a: 0x70008000 + RseqOffset.mmCid, b: { low: 1 } },
      { op: 'ADD', len: 4, p: DATA, count: 3 },
    ]);
    expect(moved).toBe(1);
  });
});

describe('there is no vector for a section', () => {
  const outside = new ProgramBuilder('outside')
    .label('entry')
    .section('cs', { signature: 1, body: (b) => b.st32(r2, r1), abort: 'entry' })
    .st32(r2, r1, 4)
    .ret()
    .build();
  const result = new ProgramBuilder('result')
    .label('entry')
    .section('cs', { signature: 1, body: (b) => b.ld32(r0, r1).st32(r2, r1), abort: 'entry' })
    .ret()
    .build();

  it.each<readonly [rule: string, what: string, program: Body | Program]>([
    ['address', 'follows a pointer', (b) => b.ld32(r6, r1).ld32(r8, r6).st32(r8, r1)],
    ['value', 'multiplies what it loads', (b) => b.ld32(r6, r1).mul(r6, r6, r2).st32(r6, r1)],
    [
      'value',
      'computes from one word to another',
      (b) => b.ld32(r6, r1).add(r6, r6, r2).st32(r6, r1, 4),
    ],
    ['value', 'widens what it loads', (b) => b.ld8u(r6, r1).st32(r6, r1, 4)],
    ['compare', 'asks which is less', (b) => b.ld32(r6, r1).blt(r6, r2, 'failed').st32(r3, r1)],
    [
      'both-ways',
      'stores one of two things',
      (b) => b.ld32(r6, r1).beq(r6, r2, 'x').st32(r2, r1, 4).label('x').st32(r3, r1),
    ],
    ['result', 'returns what it loaded', result],
    [
      'overwritten',
      'exchanges two words',
      (b) => b.ld32(r6, r1).ld32(r8, r1, 4).st32(r8, r1).st32(r6, r1, 4),
    ],
    [
      'overwritten',
      'loads a part of what it stored',
      (b) => b.st32(r2, r1).ld8u(r6, r1).st8(r6, r1, 9),
    ],
    ['atomic', 'adds atomically', (b) => b.xadd32(r2, r1)],
    ['order', 'acquires', (b) => b.lda32(r6, r1).bne(r6, r2, 'failed').st32(r3, r1)],
    [
      'index',
      'uses mm_cid',
      (b) => b.ld32(r6, r14, 24).shli(r6, r6, 6).add(r6, r6, r1).st32(r2, r6),
    ],
    ['instruction', 'reads a clock', (b) => b.rdclk(r6).st32(r2, r1)],
    ['outside', 'is one of two parts', outside],
    [
      'too-long',
      'stores 17 words',
      (b) => {
        for (let at = 0; at < 17; at++) b.st32(r2, r1, at * 8);
      },
    ],
  ])('%s: that %s', (rule, _what, program) => {
    expect(ruleOf(typeof program === 'function' ? routine(program) : program)).toBe(rule);
  });

  it('and the reason names the instruction', () => {
    const derived = derive(routine((b) => b.ld32(r6, r1).ld32(r8, r6, 12).st32(r8, r1)));
    expect(derived).toMatchObject({
      noFallback: {
        rule: 'address',
        offset: 16,
        instruction: 'ld32 r8, [r6 + 12]',
        message: expect.stringContaining('expected an address that is known') as string,
      },
    });
  });

  it('that does not exist or breaks a rule: that is a mistake of the caller', () => {
    expect(() => derive(COUNTER_ADD, [], 'other')).toThrow(
      expect.objectContaining({ code: 'ERR_FALLBACK' }) as Error,
    );
    const unsound = routine((b) => b.st32(r2, r1).ld32(r5, r1));
    expect(() => derive(unsound)).toThrow(
      expect.objectContaining({
        code: 'ERR_FALLBACK',
        message: expect.stringContaining('commit') as string,
      }) as Error,
    );
  });

  it('of another CPU: each vector is for one', () => {
    expect(opsOf(routine((b) => ownWord(b).rdpid(r7).st32(r7, r5)))).toEqual([
      { op: 'MEMCPY', len: 4, dst: OWN, src: { low: CPU } },
    ]);
    expect(RseqOffset.cpuId).toBe(4);
  });
});
