import { describe, expect, it } from 'vitest';
import { weakOutcomes } from './axiomatic-oracle.js';
import { machineOutcomes } from './machine-outcomes.js';
import { exchange, fence, fencer, fencew, load, outcomeText, store } from './weak-program.js';
import type { Instruction, WeakProgram } from './weak-program.js';

const [X, Y, Z] = [0, 1, 2] as const;
const A = { acquire: true };
const L = { release: true };
/** The address, or the data, comes from what was loaded into register 0. */
const addr = { address: 0 };
const data = { data: 0 };

const mp = (
  writer: readonly Instruction[],
  reader: readonly Instruction[],
  [flag, seen]: readonly [Partial<typeof L>, Partial<typeof A>] = [{}, {}],
  last: Partial<typeof addr> = {},
): WeakProgram => [
  [store(X, 1), ...writer, store(Y, 1, flag)],
  [load(Y, 0, seen), ...reader, load(X, 1, last)],
];
const sb = (between: readonly Instruction[]): WeakProgram => [
  [store(X, 1), ...between, load(Y, 0)],
  [store(Y, 1), ...between, load(X, 0)],
];
const twoPlusTwo = (between: readonly Instruction[], second = {}): WeakProgram => [
  [store(X, 1), ...between, store(Y, 2, second)],
  [store(Y, 1), ...between, store(X, 2, second)],
];
const s = (between: readonly Instruction[], second = {}): WeakProgram => [
  [store(X, 2), ...between, store(Y, 1, second)],
  [load(Y, 0), store(X, 1)],
];
const r = (between: readonly Instruction[]): WeakProgram => [
  [store(X, 1), ...between, store(Y, 1)],
  [store(Y, 2), ...between, load(X, 0)],
];
const wrc = (middle: object, last: object): WeakProgram => [
  [store(X, 1)],
  [load(X, 0), store(Y, 1, middle)],
  [load(Y, 0), load(X, 1, last)],
];
const isa2 = (first: object, middle: object, last: object): WeakProgram => [
  [store(X, 1), store(Y, 1, first)],
  [load(Y, 0), store(Z, 1, middle)],
  [load(Z, 0), load(X, 1, last)],
];
const iriw = (between: readonly Instruction[], seen = {}, last = {}): WeakProgram => [
  [store(X, 1)],
  [store(Y, 1)],
  [load(X, 0, seen), ...between, load(Y, 1, last)],
  [load(Y, 0, seen), ...between, load(X, 1, last)],
];

/** Registers of every thread and the final places, zeros left out at the end. */
const end = (threads: readonly (readonly number[])[], places: readonly number[]): string =>
  outcomeText(
    threads.map((registers) => [...registers, 0, 0, 0, 0].slice(0, 4)),
    [...places, 0, 0, 0].slice(0, 3),
  );
const MP = end([[], [1, 0]], [1, 1]);
const SB = end([[], []], [1, 1]);
const TWO = end([[], []], [1, 1]);
const S = end([[], [1]], [2, 1]);
const R = end([[], []], [1, 2]);
const WRC = end([[], [1], [1, 0]], [1, 1]);
const ISA2 = end([[], [1], [1, 0]], [1, 1, 1]);
const IRIW = end([[], [], [1, 0], [1, 0]], [1, 1]);

type Row = readonly [name: string, program: WeakProgram, outcome: string];

const REACHED: readonly Row[] = [
  ['MP', mp([], []), MP],
  ['MP+fencew+po', mp([fencew], []), MP],
  ['MP+rel+po', mp([], [], [L, {}]), MP],
  ['MP+po+fencer', mp([], [fencer]), MP],
  ['MP+po+acq', mp([], [], [{}, A]), MP],
  ['MP+po+addr', mp([], [], [{}, {}], addr), MP],
  ['MP+fencer+fencew', mp([fencer], [fencew]), MP],
  ['SB', sb([]), SB],
  ['SB+fencews', sb([fencew]), SB],
  ['SB+fencers', sb([fencer]), SB],
  [
    'SB+rel-acqs',
    [
      [store(X, 1, L), load(Y, 0, A)],
      [store(Y, 1, L), load(X, 0, A)],
    ],
    SB,
  ],
  ['2+2W', twoPlusTwo([]), TWO],
  ['2+2W+fencers', twoPlusTwo([fencer]), TWO],
  ['S', s([]), S],
  ['R', r([]), R],
  ['R+fencews', r([fencew]), R],
  ['WRC', wrc({}, {}), WRC],
  ['WRC+addr+po', wrc(addr, {}), WRC],
  ['ISA2', isa2({}, {}, {}), ISA2],
  ['ISA2+po+data+addr', isa2({}, data, addr), ISA2],
  ['IRIW', iriw([]), IRIW],
  ['IRIW+fencews', iriw([fencew]), IRIW],
];

const FORBIDDEN: readonly Row[] = [
  ['MP+fences', mp([fence], [fence]), MP],
  ['MP+fencew+fencer', mp([fencew], [fencer]), MP],
  ['MP+fencew+acq', mp([fencew], [], [{}, A]), MP],
  ['MP+fencew+addr', mp([fencew], [], [{}, {}], addr), MP],
  ['MP+rel+acq', mp([], [], [L, A]), MP],
  ['MP+rel+addr', mp([], [], [L, {}], addr), MP],
  ['SB+fences', sb([fence]), SB],
  [
    'SB+xchgs',
    sb([exchange(Z, 1, 3)]),
    end(
      [
        [0, 0, 0, 0],
        [0, 0, 0, 1],
      ],
      [1, 1, 1],
    ),
  ],
  ['2+2W+fencews', twoPlusTwo([fencew]), TWO],
  ['2+2W+rels', twoPlusTwo([], L), TWO],
  ['S+fencew', s([fencew]), S],
  ['S+rel', s([], L), S],
  ['R+fences', r([fence]), R],
  ['WRC+addrs', wrc(addr, addr), WRC],
  ['WRC+data+addr', wrc(data, addr), WRC],
  ['WRC+rel+addr', wrc(L, addr), WRC],
  ['ISA2+rel+data+addr', isa2(L, data, addr), ISA2],
  ['IRIW+fences', iriw([fence]), IRIW],
  ['IRIW+fencers', iriw([fencer]), IRIW],
  ['IRIW+addrs', iriw([], {}, addr), IRIW],
  ['IRIW+acqs', iriw([], A), IRIW],
  ['CoRR', [[store(X, 1)], [load(X, 0), load(X, 1)]], end([[], [1, 0]], [1])],
  ['CoWR', [[store(X, 1), load(X, 0)], [store(X, 2)]], end([[2], []], [1])],
  ['CoRW1', [[load(X, 0), store(X, 1)]], end([[1]], [1])],
  ['CoRW2', [[load(X, 0), store(X, 1)], [store(X, 2)]], end([[2], []], [2])],
  ['CoWW', [[store(X, 1), store(X, 2)]], end([[]], [1])],
];

describe('the machine under weak', () => {
  it.each(REACHED)('reaches the relaxed outcome of %s', (_name, program, outcome) => {
    expect(machineOutcomes(program, 'weak')).toContain(outcome);
  });

  it.each(FORBIDDEN)('does not reach the relaxed outcome of %s', (_name, program, outcome) => {
    expect(machineOutcomes(program, 'weak')).not.toContain(outcome);
  });

  it.fails(
    'lets a store come before a load that precedes it (load buffering), as ARMv8 does',
    () => {
      const program = [
        [load(X, 0), store(Y, 1)],
        [load(Y, 0), store(X, 1)],
      ];
      expect(machineOutcomes(program, 'weak')).toContain(end([[1], [1]], [1, 1]));
    },
  );
});

describe('the axioms', () => {
  it.each(REACHED)('allow the relaxed outcome of %s', (_name, program, outcome) => {
    expect(weakOutcomes(program)).toContain(outcome);
  });

  it.each(FORBIDDEN)('forbid the relaxed outcome of %s', (_name, program, outcome) => {
    expect(weakOutcomes(program)).not.toContain(outcome);
  });
});
