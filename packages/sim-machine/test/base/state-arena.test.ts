import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MachineError } from '../../src/base/machine-error.js';
import { StateArena } from '../../src/base/state-arena.js';

function fingerprintOf(arena: StateArena): string {
  const lanes = { low: 0, high: 0 };
  arena.fingerprint(lanes);
  return `${lanes.low},${lanes.high}`;
}

describe('StateArena', () => {
  it('gives a column that holds its initial value everywhere', () => {
    const arena = new StateArena();
    expect([...arena.column('a', 3, 'semantic', -1)]).toEqual([-1, -1, -1]);
    expect([...arena.column('b', 2, 'accounting')]).toEqual([0, 0]);
  });

  it('puts every column back at reset, semantic or not, in the array that was given out', () => {
    const arena = new StateArena();
    const semantic = arena.column('a', 4, 'semantic', 7);
    const accounting = arena.column('b', 4, 'accounting', 9);
    semantic.fill(1);
    accounting.fill(2);
    arena.reset();
    expect([...semantic, ...accounting]).toEqual([7, 7, 7, 7, 9, 9, 9, 9]);
  });

  it('leaves a column apart to its owner at reset, and copies and finds it with the others', () => {
    const arena = new StateArena();
    const before = arena.column('a', 2, 'accounting', 7);
    const apart = arena.columnApart('b', 3);
    const behind = arena.column('c', 2, 'accounting');
    expect([...apart]).toEqual([0, 0, 0]);
    expect(arena.find('b')).toBe(apart);
    for (const column of [before, apart, behind]) column.fill(5);
    const copy = arena.copy();
    arena.reset();
    expect([...before, ...apart, ...behind]).toEqual([7, 7, 5, 5, 5, 0, 0]);
    apart.fill(6);
    arena.restore(copy);
    expect([...before, ...apart, ...behind]).toEqual([5, 5, 5, 5, 5, 5, 5]);
  });

  it('puts seldom columns back at reset where their owner says that they were used, or a state was put back', () => {
    const arena = new StateArena();
    const use = { isUsed: false };
    const kept = arena.seldomColumn(use, 'a', 2, 'semantic', -1);
    const other = arena.seldomColumn({ isUsed: false }, 'b', 1, 'accounting', 3);
    const copy = arena.copy();
    kept.fill(5);
    arena.reset();
    expect([...kept]).toEqual([5, 5]);
    use.isUsed = true;
    arena.reset();
    expect([...kept, use.isUsed]).toEqual([-1, -1, false]);
    other.fill(6);
    arena.restore(copy.map((words) => words.fill(7)));
    expect([...kept, ...other]).toEqual([7, 7, 7]);
    arena.reset();
    expect([...kept, ...other]).toEqual([-1, -1, 3]);
    arena.restoreCommon(Int32Array.of(8, 8), new Int32Array(0));
    arena.reset();
    expect([...kept]).toEqual([-1, -1]);
  });

  it('refuses a name that is taken, with ERR_STATE', () => {
    const arena = new StateArena();
    arena.column('thread.state', 1, 'semantic');
    const again = (): unknown => arena.column('thread.state', 2, 'accounting');
    expect(again).toThrow(MachineError);
    expect(again).toThrow(
      expect.objectContaining({
        code: 'ERR_STATE',
        message: 'expected a new state column, got "thread.state" again',
      }),
    );
  });

  it('fingerprints semantic columns and no other', () => {
    const arena = new StateArena();
    const semantic = arena.column('a', 2, 'semantic');
    const accounting = arena.column('b', 2, 'accounting');
    const before = fingerprintOf(arena);
    accounting[1] = 5;
    expect(fingerprintOf(arena)).toBe(before);
    semantic[1] = 5;
    expect(fingerprintOf(arena)).not.toBe(before);
    semantic[1] = 0;
    expect(fingerprintOf(arena)).toBe(before);
  });

  it('tells apart states that differ in any word, also by a swap of two words', () => {
    const words = fc.array(fc.integer(), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(words, words, (left, right) => {
        const arena = new StateArena();
        const column = arena.column('a', 8, 'semantic');
        column.set(left);
        const first = fingerprintOf(arena);
        column.set(right);
        const isSame = left.every((word, index) => word === right[index]);
        expect(fingerprintOf(arena) === first).toBe(isSame);
        column.set([...left.slice(1), left[0]!]);
        const isRotationSame = left.every((word, index) => word === left[(index + 1) % 8]);
        expect(fingerprintOf(arena) === first).toBe(isRotationSame);
      }),
    );
  });

  it('gives no two of 200,000 small states the same fingerprint', () => {
    const arena = new StateArena();
    const column = arena.column('a', 6, 'semantic');
    const seen = new Set<string>();
    for (let state = 0; state < 200_000; state++) {
      for (let digit = 0, rest = state; digit < 6; digit++, rest = Math.floor(rest / 8))
        column[digit] = rest % 8;
      seen.add(fingerprintOf(arena));
    }
    expect(seen.size).toBe(200_000);
  });

  it('finds what is kept of a thread or of a CPU apart from the rest, and puts it back', () => {
    const arena = new StateArena();
    const common = arena.column('a', 2, 'semantic');
    const but = arena.column('b', 2, 'semantic');
    const pairs = arena.threadColumn('c', 3, 'semantic', 0, 2);
    const accounting = arena.threadColumn('d', 3, 'accounting');
    const ofCpus = arena.cpuColumn('e', 2, 'semantic');
    const out = new Int32Array(8);
    common.set([1, 2]);
    but.fill(3);
    pairs.set([10, 11, 12, 13, 14, 15]);
    accounting.set([20, 21, 22]);
    ofCpus.set([30, 31]);
    expect([...out.subarray(0, arena.commonWords(out, but))]).toEqual([1, 2]);
    expect([...out.subarray(0, arena.ownWords('thread', 1, out))]).toEqual([12, 13]);
    expect([...out.subarray(0, arena.ownWords('cpu', 1, out))]).toEqual([31]);
    const thread = arena.copyOwn('thread', 1);
    const cpu = arena.copyOwn('cpu', 0);
    arena.reset();
    arena.restoreOwn('thread', 1, thread);
    arena.restoreOwn('cpu', 0, cpu);
    arena.restoreCommon(Int32Array.of(4, 5), but);
    expect([...pairs, ...accounting, ...ofCpus]).toEqual([0, 0, 12, 13, 0, 0, 0, 21, 0, 30, 0]);
    expect([...common, ...but]).toEqual([4, 5, 0, 0]);
  });
});
