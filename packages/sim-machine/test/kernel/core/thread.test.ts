import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/kernel/operation.js';
import type { Thread } from '../../../src/kernel/thread.js';
import { ProgramBuilder } from '../../../src/isa/program-builder.js';
import { Registers } from '../../../src/isa/register.js';
import { SyscallNumber } from '../../../src/kernel/syscalls/syscall-number.js';
import { ScriptedMachine, step } from './scripted-machine.js';

const { r0, r1, r2, r3, r4, r5 } = Registers;

/** Runs a thread alone and returns what its program returns. */
function run<Result>(
  body: (t: Thread, word: number) => Operation<Result>,
  initial = 0,
  budget = 1000,
): { readonly result: Result; readonly word: number; readonly next: number } {
  const scripted = new ScriptedMachine({ cpus: 1 });
  const word = scripted.process.allocate(8);
  scripted.process.write32(word, initial);
  const results: Result[] = [];
  scripted.process.spawn(function* only(t) {
    results.push(yield* body(t, word));
  });
  while (scripted.decide(step(0, budget)) !== 'finished');
  return {
    result: results[0]!,
    word: scripted.process.read32(word),
    next: scripted.process.read32(word + 4),
  };
}

type Case = readonly [
  name: string,
  body: (t: Thread, word: number) => Operation<unknown>,
  result: unknown,
  word: number,
];

const INITIAL = 0x80818283 | 0;

const OPERATIONS: readonly Case[] = [
  ['load gives a signed word', (t, w) => t.load(w), INITIAL, INITIAL],
  ['load8 gives an unsigned byte', (t, w) => t.load8(w + 3), 0x80, INITIAL],
  ['load16 gives unsigned 16 bits', (t, w) => t.load16(w + 2), 0x8081, INITIAL],
  ['loadAcquire gives a signed word', (t, w) => t.loadAcquire(w), INITIAL, INITIAL],
  ['store changes a word', (t, w) => t.store(w, -5), undefined, -5],
  ['store8 changes a byte', (t, w) => t.store8(w + 1, 0x1ff), undefined, 0x8081ff83 | 0],
  ['store16 changes 16 bits', (t, w) => t.store16(w, 0x12345), undefined, 0x80812345 | 0],
  ['storeRelease changes a word', (t, w) => t.storeRelease(w, 6), undefined, 6],
  [
    'compareExchange exchanges what it expects',
    (t, w) => t.compareExchange(w, INITIAL, 3),
    INITIAL,
    3,
  ],
  [
    'compareExchange leaves what it does not expect',
    (t, w) => t.compareExchange(w, 1, 3),
    INITIAL,
    INITIAL,
  ],
  ['exchange gives the old word', (t, w) => t.exchange(w, 4), INITIAL, 4],
  ['fetchAdd wraps', (t, w) => t.fetchAdd(w, INITIAL), INITIAL, (INITIAL + INITIAL) | 0],
  ['fetchAnd keeps common bits', (t, w) => t.fetchAnd(w, 0xf0), INITIAL, 0x80],
  ['fetchOr adds bits', (t, w) => t.fetchOr(w, 0xf), INITIAL, INITIAL | 0xf],
  ['fence changes nothing', (t) => t.fence(), undefined, INITIAL],
  [
    'waitUntilEqual goes on at once when it may',
    (t, w) => t.waitUntilEqual(w, INITIAL),
    undefined,
    INITIAL,
  ],
  ['waitUntilNotEqual gives what it found', (t, w) => t.waitUntilNotEqual(w, 0), INITIAL, INITIAL],
  ['an unknown system call is -ENOSYS', (t) => t.syscall(511), -38, INITIAL],
  ['a system call of no number is -ENOSYS', (t) => t.syscall(-1), -38, INITIAL],
];

describe('an operation of a thread', () => {
  it.each(OPERATIONS)('%s', (_name, body, result, word) => {
    for (const budget of [1, 1000])
      expect(run(body, INITIAL, budget)).toEqual({ result, word, next: 0 });
  });

  it('calls a routine with r1 to r4 and gives its r0', () => {
    const sum = new ProgramBuilder('sum')
      .label('sum')
      .add(r0, r1, r2)
      .add(r0, r0, r3)
      .shli(r4, r4, 8)
      .add(r0, r0, r4)
      .ret()
      .build();
    const scripted = new ScriptedMachine({ cpus: 1 });
    const routine = scripted.machine.install(sum).routine('sum');
    const results: number[] = [];
    scripted.process.spawn(function* calling(t) {
      results.push(yield* t.call(routine, 1, 2, 3, 4), yield* t.call(routine, 5));
    });
    scripted.finish();
    expect(results).toEqual([0x406, 5]);
  });

  it('gives other registers to a program that asks for them', () => {
    const pair = new ProgramBuilder('pair').label('pair').returns(r5).li(r0, 1).li(r5, -2).ret();
    const scripted = new ScriptedMachine({ cpus: 1, fingerprint: true });
    const routine = scripted.machine.install(pair.build()).routine('pair');
    const results: number[] = [];
    scripted.process.spawn(function* calling(t) {
      if (!t.exec(routine)) yield;
      results.push(t.result, t.register(0), t.register(5));
    });
    scripted.finish();
    expect(results).toEqual([1, 1, -2]);
  });

  it('passes six arguments to a system call', () => {
    const scripted = new ScriptedMachine({ cpus: 1 });
    const calls = scripted.heard('syscall');
    scripted.process.spawn(function* calling(t) {
      yield* t.syscall(500, 1, 2, 3, 4, 5, -6);
    });
    scripted.finish();
    expect(calls[0]).toEqual({ thread: 0, cpu: 0, number: 500, args: [1, 2, 3, 4, 5, -6] });
  });

  it('reads a clock that goes forward by the instructions of its CPU', () => {
    const { result } = run(function* clocks(t, word) {
      const first = yield* t.readClock();
      yield* t.load(word);
      return (yield* t.readClock()) - first;
    });
    expect(result).toBeGreaterThan(0);
  });

  it('waits for another thread and goes no further, however often its CPU steps', () => {
    const scripted = new ScriptedMachine({ cpus: 2 });
    const word = scripted.word();
    const seen: number[] = [];
    scripted.process.spawn(function* waiting(t) {
      seen.push(yield* t.waitUntilNotEqual(word, 0));
      yield* t.waitUntilEqual(word, 2);
      seen.push(2);
    });
    scripted.process.spawn(function* giving(t) {
      yield* t.store(word, 1);
      yield* t.store(word, 2);
    });
    scripted.decide(step(0), step(0, 100));
    expect(seen).toEqual([]);
    scripted.decide(step(1), step(0), step(0), step(0, 100));
    expect(seen).toEqual([1]);
    scripted.decide(step(1), step(0), step(0));
    expect(seen).toEqual([1, 2]);
  });
});

describe('the history of a thread', () => {
  const scripted = new ScriptedMachine({ cpus: 1 });
  const silent = scripted.process.spawn(function* silent() {});

  function historyAfter(values: readonly number[]): string {
    const { history } = scripted.machine.threads;
    history.fill(0);
    for (const value of values) silent.receive(value);
    return [...history.subarray(0, 2)].join(',');
  }

  it('tells apart any two sequences of received values, also in length and in order', () => {
    const small = fc.array(fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer()), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(small, small, (left, right) => {
        const isSame = JSON.stringify(left) === JSON.stringify(right);
        expect(historyAfter(left) === historyAfter(right)).toBe(isSame);
      }),
      { numRuns: 2000 },
    );
    expect(historyAfter([])).not.toBe(historyAfter([0]));
    expect(historyAfter([0])).not.toBe(historyAfter([0, 0]));
    expect(historyAfter([1, 2])).not.toBe(historyAfter([2, 1]));
  });

  it('grows with every result that reaches the program, and with nothing else', () => {
    const other = new ScriptedMachine({ cpus: 1 });
    const word = other.word(5);
    const histories: string[] = [];
    const { history } = other.machine.threads;
    const note = (): void => void histories.push([...history.subarray(0, 2)].join(','));
    other.process.spawn(function* receiving(t) {
      note();
      yield* t.store(word, 6);
      note();
      yield* t.load(word);
      note();
      yield* t.syscall(SyscallNumber.getpid);
      note();
      yield* t.fence();
      note();
    });
    other.finish();
    expect(histories[0]).toBe(histories[1]);
    expect(histories[2]).not.toBe(histories[1]);
    expect(histories[3]).not.toBe(histories[2]);
    expect(histories[4]).toBe(histories[3]);
  });
});
