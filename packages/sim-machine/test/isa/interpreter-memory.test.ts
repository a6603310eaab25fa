import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/isa/assembler.js';
import { ExitReason } from '../../src/isa/exit-reason.js';
import { FenceKind, MemoryOrder } from '../../src/memory/memory-port.js';
import { FakeFault } from './fake-memory-port.js';
import { TestMachine } from './test-machine.js';

const PAGE = 0x20000;

/** A machine in front of one instruction, with r2 at a data page that is translated or not. */
function before(text: string, translated: boolean): TestMachine {
  const machine = new TestMachine();
  machine.install(assemble(text));
  machine.registers[2] = PAGE;
  if (translated) machine.translate(PAGE >>> 12, true);
  return machine;
}

describe.each([
  ['through the translation', true],
  ['through the port', false],
])('memory instructions %s', (_, translated) => {
  it.each([
    ['ld8u r1, [r2 + 3]', 0x81],
    ['ld8s r1, [r2 + 3]', 0xffffff81 | 0],
    ['ld16u r1, [r2 + 2]', 0x8182],
    ['ld16s r1, [r2 + 2]', 0xffff8182 | 0],
    ['ld32 r1, [r2]', 0x81828384 | 0],
    ['lda32 r1, [r2]', 0x81828384 | 0],
  ])('%s loads %i', (text, expected) => {
    const machine = before(text, translated);
    machine.poke(PAGE, 0x81828384);
    expect(machine.run(1)).toBe(1);
    expect(machine.registers[1]).toBe(expected);
  });

  it('ld64 loads a pair, low word first', () => {
    const machine = before('ld64 r2, [r2 + 8]', translated);
    machine.poke(PAGE + 8, 11);
    machine.poke(PAGE + 12, -22);
    machine.run(1);
    expect([...machine.registers.subarray(2, 4)]).toEqual([11, -22]);
  });

  it.each([
    ['st8 r4, [r2 + 1]', 0x11113411, 0x22222222],
    ['st16 r4, [r2 + 2]', 0x12341111, 0x22222222],
    ['st32 r4, [r2]', 0xabcd1234 | 0, 0x22222222],
    ['stl32 r4, [r2]', 0xabcd1234 | 0, 0x22222222],
    ['st64 r4, [r2]', 0xabcd1234 | 0, 5],
  ])('%s leaves %i and %i', (text, low, high) => {
    const machine = before(text, translated);
    machine.registers.set([0xabcd1234, 5], 4);
    machine.poke(PAGE, 0x11111111);
    machine.poke(PAGE + 4, 0x22222222);
    expect(machine.run(1)).toBe(1);
    expect([machine.peek(PAGE), machine.peek(PAGE + 4)]).toEqual([low, high]);
  });

  it.each([
    ['xchg32 r4, [r2 + 4]', 0b0110],
    ['xadd32 r4, [r2 + 4]', 0b10010],
    ['xand32 r4, [r2 + 4]', 0b0100],
    ['xorr32 r4, [r2 + 4]', 0b1110],
    ['xxor32 r4, [r2 + 4]', 0b1010],
  ])('%s leaves %i and hands out the old word', (text, expected) => {
    const machine = before(text, translated);
    machine.registers[4] = 0b0110;
    machine.poke(PAGE + 4, 0b1100);
    machine.run(1);
    expect(machine.peek(PAGE + 4)).toBe(expected);
    expect(machine.registers[4]).toBe(0b1100);
  });

  it('cas32 stores on equality only, and hands out the old word either way', () => {
    for (const [old, expected] of [
      [7, 9],
      [8, 8],
    ] as const) {
      const machine = before('cas32 r4, [r2 - 4], r5', translated);
      machine.registers.set([PAGE + 8, 0, 7, 9], 2);
      machine.poke(PAGE + 4, old);
      machine.run(1);
      expect(machine.peek(PAGE + 4)).toBe(expected);
      expect(machine.registers[4]).toBe(old);
    }
  });

  it('await32 stops in front of itself while the word is what it must differ from', () => {
    const machine = before('await32 r4, [r2 + 4], r5\nret', translated);
    machine.registers.set([1, 7], 4);
    machine.poke(PAGE + 4, 7);
    expect(machine.run(10)).toBe(0);
    expect(machine.exit).toBe(ExitReason.Waiting);
    expect(machine.registers[4]).toBe(1);
    machine.poke(PAGE + 4, 8);
    expect(machine.run(10)).toBe(2);
    expect(machine.exit).toBe(ExitReason.Return);
    expect(machine.registers[4]).toBe(8);
  });

  it('call the port on a miss only', () => {
    const machine = before('ld32 r1, [r2]\nst8 r1, [r2]\nxadd32 r1, [r2]\nret', translated);
    machine.run(10);
    expect(machine.port.calls.length).toBe(translated ? 0 : 3);
  });
});

describe('the port', () => {
  it('is told the order of an access and the kind of a fence', () => {
    const machine = before('lda32 r1, [r2]\nstl32 r1, [r2]\nfence\nfencer\nfencew\nret', false);
    machine.run(10);
    expect(machine.port.calls).toEqual([
      `load ${PAGE} 4 ${MemoryOrder.Acquire}`,
      `store ${PAGE} 4 0 0 ${MemoryOrder.Release}`,
      `fence ${FenceKind.Full}`,
      `fence ${FenceKind.Read}`,
      `fence ${FenceKind.Write}`,
    ]);
  });

  it('is asked for stores to a page that is translated for reading only', () => {
    const machine = before('ld32 r1, [r2]\nst32 r1, [r2]\nxadd32 r1, [r2]\nret', false);
    machine.translate(PAGE >>> 12, false);
    machine.run(10);
    expect(machine.port.calls).toEqual([`store ${PAGE} 4 0 0 0`, `add 0 at ${PAGE}`]);
  });

  it('is asked for misaligned accesses, whatever is translated', () => {
    for (const text of ['ld16u r1, [r2 + 1]', 'st32 r1, [r2 + 2]', 'ld64 r4, [r2 + 4]']) {
      const machine = before(text, true);
      expect(machine.run(5)).toBe(0);
      expect(machine.exit).toBe(ExitReason.Fault);
      expect(machine.port.fault).toBe(FakeFault.Misaligned);
    }
  });

  it('answers rdclk and rdpid', () => {
    const machine = before('rdclk r1\nrdpid r4\nret', true);
    machine.run(10);
    expect([machine.registers[1], machine.registers[4]]).toEqual([77, 3]);
  });
});
