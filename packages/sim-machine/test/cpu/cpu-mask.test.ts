import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MachineError } from '../../src/base/machine-error.js';
import { CpuMask } from '../../src/cpu/cpu-mask.js';

const cpus = fc.uniqueArray(
  fc.oneof(fc.nat(70), fc.integer({ min: 4000, max: 4095 }), fc.nat(4095)),
  { maxLength: 60 },
);
const ascending = (a: number, b: number): number => a - b;

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('CpuMask', () => {
  it('is a set of CPU numbers', () => {
    fc.assert(
      fc.property(cpus, cpus, (members, others) => {
        const mask = CpuMask.of(members);
        const other = CpuMask.of(others);
        const set = new Set(members);
        expect([...mask]).toEqual([...members].sort(ascending));
        expect(mask.count).toBe(set.size);
        expect(mask.isEmpty).toBe(set.size === 0);
        for (const cpu of others) expect(mask.has(cpu)).toBe(set.has(cpu));
        expect(mask.intersects(other)).toBe(others.some((cpu) => set.has(cpu)));
        expect(other.isSubsetOf(mask)).toBe(others.every((cpu) => set.has(cpu)));
        expect(mask.equals(other)).toBe(
          set.size === others.length && others.every((cpu) => set.has(cpu)),
        );
        const full = CpuMask.empty();
        full.copyFrom(mask);
        expect(full.equals(mask)).toBe(true);
        for (const cpu of others) full.add(cpu);
        for (const cpu of members) full.delete(cpu);
        expect([...full]).toEqual(others.filter((cpu) => !set.has(cpu)).sort(ascending));
        full.clear();
        expect(full.first()).toBe(-1);
      }),
    );
  });

  it('reads back the list that it prints', () => {
    fc.assert(
      fc.property(cpus, (members) => {
        const mask = CpuMask.of(members);
        expect(CpuMask.parse(mask.toString()).equals(mask)).toBe(true);
      }),
    );
  });

  it.each([
    ['0-3,8', [0, 1, 2, 3, 8], '0-3,8'],
    ['8,0-3', [0, 1, 2, 3, 8], '0-3,8'],
    ['0,1', [0, 1], '0-1'],
    ['0-2,1-4\n', [0, 1, 2, 3, 4], '0-4'],
    ['31-32', [31, 32], '31-32'],
    ['4095', [4095], '4095'],
    ['', [], ''],
  ])('reads %j as sysfs writes it', (list, members, printed) => {
    const mask = CpuMask.parse(list);
    expect([...mask]).toEqual(members);
    expect(mask.toString()).toBe(printed);
  });

  it.each([
    ['0-', 'expected a CPU list such as "0-3,8", got "0-" (at "0-")'],
    ['a', 'expected a CPU list such as "0-3,8", got "a" (at "a")'],
    ['0,,1', 'expected a CPU list such as "0-3,8", got "0,,1" (at "")'],
    ['-1', 'expected a CPU list such as "0-3,8", got "-1" (at "-1")'],
    ['3-1', 'expected an ascending range, got "3-1" in "3-1"'],
    ['0-4096', 'expected CPU numbers 0 to 4095, got 4096'],
  ])('refuses %j with ERR_CONFIG and says why', (list, message) => {
    const error = thrownBy(() => CpuMask.parse(list));
    expect(error).toBeInstanceOf(MachineError);
    expect(error).toMatchObject({ code: 'ERR_CONFIG', message });
  });

  it.each([
    [[1.5], 'expected CPU numbers 0 to 4095, got 1.5'],
    [[-1], 'expected CPU numbers 0 to 4095, got -1'],
    [[4096], 'expected CPU numbers 0 to 4095, got 4096'],
    [[3, 1, 3], 'expected each CPU once, got CPU 3 twice'],
  ])('refuses the numbers %j', (members, message) => {
    expect(thrownBy(() => CpuMask.of(members))).toMatchObject({ code: 'ERR_CONFIG', message });
  });

  it('refuses a count or a limit out of range', () => {
    expect(thrownBy(() => CpuMask.firstN(4097))).toMatchObject({
      code: 'ERR_CONFIG',
      message: 'expected 0 to 4096 CPUs, got 4097',
    });
    expect(thrownBy(() => CpuMask.empty(0))).toMatchObject({
      code: 'ERR_CONFIG',
      message: 'expected 1 to 4096 CPU numbers, got 0',
    });
  });

  it('works on words that belong to somebody else', () => {
    const words = new Int32Array(2);
    const mask = CpuMask.over(words);
    mask.add(33);
    expect([...words]).toEqual([0, 2]);
    words[0] = -1;
    expect(mask.count).toBe(33);
    expect(mask.limit).toBe(64);
    expect(mask.words).toBe(words);
  });

  it('has no member beyond its limit', () => {
    const mask = CpuMask.firstN(32);
    expect(mask.has(32)).toBe(false);
    expect(mask.next(31)).toBe(-1);
    expect(mask.next(4000)).toBe(-1);
    mask.delete(4000);
    expect(mask.count).toBe(32);
  });
});
