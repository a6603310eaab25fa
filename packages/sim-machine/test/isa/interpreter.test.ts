import { describe, expect, it, vi } from 'vitest';
import { assemble } from '../../src/isa/assembler.js';
import { ExitReason } from '../../src/isa/exit-reason.js';
import { TEXT_BASE, TestMachine } from './test-machine.js';

const PAGE = 0x20000;

/** Runs a text with r2 and r3 set, and returns r1. */
function resultOf(text: string, r2 = 0, r3 = 0): number {
  const machine = new TestMachine();
  machine.install(assemble(`${text}\nret`));
  machine.registers.set([0, 0, r2, r3]);
  expect(machine.run(100)).toBeGreaterThan(0);
  expect(machine.exit).toBe(ExitReason.Return);
  return machine.registers[1]!;
}

describe('register instructions', () => {
  it.each([
    ['li r1, -131072', 0, 0, -131072],
    ['li32 r1, 0xfedcba98', 0, 0, 0xfedcba98 | 0],
    ['mov r1, r3', 1, 2, 2],
    ['add r1, r2, r3', 0x7fffffff, 1, -0x80000000],
    ['sub r1, r2, r3', -0x80000000, 1, 0x7fffffff],
    ['and r1, r2, r3', 0b1100, 0b1010, 0b1000],
    ['or r1, r2, r3', 0b1100, 0b1010, 0b1110],
    ['xor r1, r2, r3', 0b1100, 0b1010, 0b0110],
    ['shl r1, r2, r3', 3, 33, 6],
    ['shr r1, r2, r3', -2, 33, 0x7fffffff],
    ['shr r1, r2, r3', -2, 32, -2],
    ['sar r1, r2, r3', -8, 33, -4],
    ['mul r1, r2, r3', 0x10001, 0x10001, 0x20001],
    ['slt r1, r2, r3', -1, 0, 1],
    ['slt r1, r2, r3', 4, 4, 0],
    ['sltu r1, r2, r3', -1, 0, 0],
    ['sltu r1, r2, r3', 0, -1, 1],
    ['addi r1, r2, -1', -0x80000000, 0, 0x7fffffff],
    ['andi r1, r2, -4', 7, 0, 4],
    ['ori r1, r2, 8', 7, 0, 15],
    ['xori r1, r2, -1', 7, 0, -8],
    ['shli r1, r2, 31', 3, 0, -0x80000000],
    ['shri r1, r2, 31', -1, 0, 1],
    ['sari r1, r2, 31', -5, 0, -1],
    ['muli r1, r2, -3', 7, 0, -21],
    ['slti r1, r2, -1', -2, 0, 1],
    ['sltiu r1, r2, -1', 5, 0, 1],
    ['sltiu r1, r2, 5', -1, 0, 0],
  ])('%s with %i and %i sets %i', (text, r2, r3, expected) => {
    expect(resultOf(text, r2, r3)).toBe(expected);
  });

  it('leave every other register alone', () => {
    const machine = new TestMachine();
    machine.environment.registers.fill(5);
    machine.install(assemble('add r1, r2, r3\nret'));
    machine.run(10);
    const changed = [...machine.environment.registers.keys()].filter(
      (index) => machine.environment.registers[index] !== 5,
    );
    expect(changed).toEqual([machine.base + 1, machine.base + 16, machine.base + 17]);
  });
});

describe('branches', () => {
  it.each([
    ['beq', 3, 3, true],
    ['beq', 3, 4, false],
    ['bne', 3, 4, true],
    ['bne', 3, 3, false],
    ['blt', -1, 0, true],
    ['blt', 0, 0, false],
    ['bge', 0, 0, true],
    ['bge', -1, 0, false],
    ['bltu', 0, -1, true],
    ['bltu', -1, 0, false],
    ['bgeu', -1, 0, true],
    ['bgeu', 0, -1, false],
  ])('%s with %i and %i: taken is %s', (mnemonic, r2, r3, taken) => {
    const text = `li r1, 1\n${mnemonic} r2, r3, over\nli r1, 2\nover:`;
    expect(resultOf(text, r2, r3)).toBe(taken ? 1 : 2);
  });

  it('go backward and forward, each an instruction', () => {
    const machine = new TestMachine();
    const text = 'jmp there\nback: li r1, 7\nret\nthere: jmp back';
    machine.install(assemble(text));
    expect(machine.run(100)).toBe(4);
    expect(machine.registers[1]).toBe(7);
    expect(machine.ip).toBe(TEXT_BASE + 8);
  });
});

describe('a burst', () => {
  it.each([
    ['ret', ExitReason.Return, 1, 0],
    ['syscall', ExitReason.Syscall, 1, 4],
    ['brk', ExitReason.Breakpoint, 0, 0],
    ['.word 0', ExitReason.Illegal, 0, 0],
    ['.word 0x53053053', ExitReason.Illegal, 0, 0],
    [`.word ${(40 | (1 << 6)).toString()}`, ExitReason.Illegal, 0, 0],
    [`.word ${(44 | (3 << 6)).toString()}`, ExitReason.Illegal, 0, 0],
    ['ld32 r1, [r0]', ExitReason.Fault, 0, 0],
    ['await32 r1, [r0], r2', ExitReason.Fault, 0, 0],
    ['st8 r1, [r0]', ExitReason.Fault, 0, 0],
    ['xadd32 r1, [r0]', ExitReason.Fault, 0, 0],
  ])('ends at %s for reason %i after %i more, ip moved by %i', (text, exit, counted, moved) => {
    const machine = new TestMachine();
    machine.install(assemble(`li r5, 1\nnop\n${text}\nret`));
    expect(machine.run(50)).toBe(2 + counted);
    expect(machine.exit).toBe(exit);
    expect(machine.ip).toBe(TEXT_BASE + 8 + moved);
  });

  it('goes on behind a system call, and again at an access that faulted', () => {
    const machine = new TestMachine();
    machine.install(assemble('syscall\nst32 r1, [r2]\nret'));
    machine.registers.set([42, PAGE], 1);
    machine.port.injected.add(0);
    expect([machine.run(9), machine.exit]).toEqual([1, ExitReason.Syscall]);
    expect([machine.run(9), machine.exit]).toEqual([0, ExitReason.Fault]);
    expect(machine.peek(PAGE)).toBe(0);
    expect([machine.run(9), machine.exit]).toEqual([2, ExitReason.Return]);
    expect(machine.peek(PAGE)).toBe(42);
  });

  it('leaves registers as they were when an access faults', () => {
    for (const text of ['ld64 r4, [r0]', 'cas32 r4, [r0], r5', 'ld8s r4, [r0]', 'lda32 r4, [r0]']) {
      const machine = new TestMachine();
      machine.install(assemble(text));
      machine.registers.set([44, 55], 4);
      machine.run(1);
      expect(machine.exit).toBe(ExitReason.Fault);
      expect([...machine.registers.subarray(4, 6)]).toEqual([44, 55]);
    }
  });

  it.each([
    ['in front of', -4],
    ['behind', 0x4000],
    ['between instructions of', 2],
  ])('does not start %s the text', (_, distance) => {
    const machine = new TestMachine();
    machine.install(assemble('nop\nret'));
    machine.ip = TEXT_BASE + distance;
    expect(machine.run(5)).toBe(0);
    expect(machine.exit).toBe(ExitReason.Illegal);
    expect(machine.ip).toBe(TEXT_BASE + distance);
  });

  it('ends as illegal where control leaves physical memory', () => {
    const machine = new TestMachine();
    machine.install(assemble('jmp .+0x40000\nret'));
    expect(machine.run(5)).toBe(1);
    expect(machine.exit).toBe(ExitReason.Illegal);
    expect(machine.ip).toBe(TEXT_BASE + 0x40000);
  });
});

describe('an interpreter with code of its own', () => {
  const text = 'li r1, 5\nst32 r1, [r2]\nld16u r4, [r2]\nxadd32 r1, [r2]\nret';

  it('is made from the text of the shared code', () => {
    const Original = Function;
    const made: unknown[] = [];
    vi.stubGlobal('Function', function record(...parts: string[]) {
      const evaluated = new Original(...parts) as (...values: unknown[]) => unknown;
      return (...values: unknown[]) => made[made.push(evaluated(...values)) - 1];
    });
    try {
      const { interpret } = new TestMachine('tag');
      expect(made.length).toBe(1);
      expect(made[0]).toBe(interpret);
      new TestMachine();
      expect(made.length).toBe(1);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('does the same', () => {
    const [shared, own] = [new TestMachine(), new TestMachine('own \n\u2028 tag')];
    for (const machine of [shared, own]) {
      machine.install(assemble(text));
      machine.registers[2] = PAGE;
      expect(machine.run(10)).toBe(5);
    }
    expect(own.state()).toEqual(shared.state());
  });

  it.each([
    ['the host forbids code from strings', EvalError],
    ['its text does not stand on its own', ReferenceError],
  ])('falls back to the shared code where %s', (_, Reason) => {
    vi.stubGlobal('Function', function refuse() {
      throw new Reason('refused');
    });
    try {
      const machine = new TestMachine('tag');
      machine.install(assemble(text));
      machine.registers[2] = PAGE;
      expect(machine.run(10)).toBe(5);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
