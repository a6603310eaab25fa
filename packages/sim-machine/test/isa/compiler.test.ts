import { afterEach, describe, expect, it, vi } from 'vitest';
import { assemble } from '../../src/isa/assembler.js';
import { compileRoutine, type CompiledRoutine } from '../../src/isa/compiler.js';
import { ExitReason } from '../../src/isa/exit-reason.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers } from '../../src/isa/register.js';
import { TEXT_BASE, TestMachine } from './test-machine.js';

const PAGE = 0x20000;

function compile(text: string, machine = new TestMachine()): CompiledRoutine | undefined {
  const program = assemble(text);
  machine.install(program);
  return compileRoutine(program, 0, TEXT_BASE, machine.environment, 'test');
}

describe('compileRoutine', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    ['a branch to itself at once', 'top: jmp top'],
    ['a system call at once', 'syscall\nret'],
    ['a breakpoint at once', 'brk\nret'],
    ['an illegal word', 'nop\n.word 0'],
    ['an odd register pair', `nop\n.word ${(40 | (1 << 6)).toString()}\nret`],
    ['the end of the program', 'nop\nnop'],
    ['a branch out of the program', 'jmp .+64\nret'],
    ['a branch into a literal', 'beq r1, r2, .+8\nli32 r1, 7\nret'],
  ])('leaves a routine that reaches %s to the interpreter', (_, text) => {
    expect(compile(text)).toBeUndefined();
  });

  it.each([
    ['a backward branch that is taken', 'top: addi r3, r3, 1\nblt r3, r2, top\nst32 r3, [r4]\nret'],
    ['a backward branch that is not', 'top: addi r3, r3, 9\nblt r3, r2, top\nst32 r3, [r4]\nret'],
    ['a jump back', 'jmp on\nback: st32 r3, [r4]\nret\non: li r3, 5\nrdclk r5\njmp back'],
    ['a system call', 'li r0, 39\nsyscall\nret'],
    ['a breakpoint', 'rdpid r1\nbrk\nret'],
    ['a wait', 'li r1, 0\nawait32 r3, [r4], r1\nret'],
  ])('goes as far as %s, from where the interpreter goes on as if alone', (_, text) => {
    const [interpreted, compiled] = [new TestMachine(), new TestMachine()];
    const routine = compile(text, compiled)!;
    interpreted.install(assemble(text));
    for (const { registers } of [interpreted, compiled]) registers.set([1, 2, 4, 0, PAGE, 7]);
    let executed = routine.run(compiled.base, compiled.tlb);
    expect(executed).toBeLessThanOrEqual(routine.longestPath);
    if (compiled.exit === ExitReason.Budget) executed += compiled.run(100 - executed);
    expect(executed).toBe(interpreted.run(100));
    expect([...compiled.registers]).toEqual([...interpreted.registers]);
    expect(compiled.peek(PAGE)).toBe(interpreted.peek(PAGE));
    expect(compiled.port.calls).toEqual(interpreted.port.calls);
  });

  it('leaves a routine of more than 4096 instructions to the interpreter', () => {
    expect(compile(`${'nop\n'.repeat(4095)}ret`)).toBeDefined();
    expect(compile(`${'nop\n'.repeat(4096)}ret`)).toBeUndefined();
  });

  it('does not look at what only an abort leads to', () => {
    const { r1, r2 } = Registers;
    const program = new ProgramBuilder('retry')
      .label('top')
      .section('cs', { signature: 0x53053053, body: (b) => b.st32(r1, r2), abort: 'top' })
      .ret()
      .build();
    const machine = new TestMachine();
    expect(compileRoutine(program, 0, TEXT_BASE, machine.environment, 'test')).toBeDefined();
  });

  it('refuses code that follows nothing but a backward jump from elsewhere', () => {
    expect(compile('ret\nnop\njmp .-4')).toMatchObject({ longestPath: 1 });
  });

  it('returns undefined where the host forbids code from strings', () => {
    vi.stubGlobal('Function', function refuse() {
      throw new EvalError('refused');
    });
    expect(compile('ret')).toBeUndefined();
  });

  it('knows the longest of all paths', () => {
    expect(compile('ret')?.longestPath).toBe(1);
    expect(compile('jmp over\nnop\nover: ret')?.longestPath).toBe(2);
    const diamond = 'beq r1, r2, right\nnop\nnop\nnop\njmp end\nright: nop\nend: ret';
    expect(compile(diamond)?.longestPath).toBe(6);
  });

  it('counts the instructions of the path that was taken', () => {
    const machine = new TestMachine();
    const routine = compile('beq r1, r2, right\nnop\nnop\njmp end\nright: nop\nend: ret', machine)!;
    expect(routine.run(machine.base, machine.tlb)).toBe(3);
    machine.registers[1] = 1;
    expect(routine.run(machine.base, machine.tlb)).toBe(5);
  });

  it('writes back what the path changed, and touches no other register', () => {
    const machine = new TestMachine();
    const routine = compile('beq r1, r2, end\nli r3, 9\nend: mov r4, r3\nret', machine)!;
    machine.environment.registers.fill(6);
    routine.run(machine.base, machine.tlb);
    expect([...machine.registers.subarray(0, 18)]).toEqual(
      new Array(16).fill(6).concat(TEXT_BASE + 12, ExitReason.Return),
    );
    expect([...machine.registers.subarray(18)]).toEqual(new Array(14).fill(6));
    expect([...machine.environment.registers.subarray(0, 32)]).toEqual(new Array(32).fill(6));
  });

  it('writes back what either of two paths changed where they meet', () => {
    const machine = new TestMachine();
    const text = 'beq r1, r2, b\nli r5, 1\njmp end\nb: li r6, 1\nbeq r3, r4, end\nret\nend: ret';
    const routine = compile(text, machine)!;
    for (const [r1, expected] of [
      [9, [1, 8]],
      [0, [8, 1]],
    ] as const) {
      machine.registers.set([0, r1, 0, 0, 0, 8, 8]);
      routine.run(machine.base, machine.tlb);
      expect([...machine.registers.subarray(5, 7)]).toEqual(expected);
    }
  });

  it('stops in front of an access that faults, and can be run again from there', () => {
    const machine = new TestMachine();
    const routine = compile('li r1, 3\nst32 r1, [r2]\nli r1, 4\nret', machine)!;
    machine.registers[2] = PAGE;
    machine.port.injected.add(0);
    expect(routine.run(machine.base, machine.tlb)).toBe(1);
    expect([machine.exit, machine.ip, machine.registers[1]]).toEqual([
      ExitReason.Fault,
      TEXT_BASE + 4,
      3,
    ]);
    expect(machine.run(10)).toBe(3);
    expect([machine.exit, machine.peek(PAGE), machine.registers[1]]).toEqual([
      ExitReason.Return,
      3,
      4,
    ]);
  });

  it('starts at any label, at any address', () => {
    const program = assemble('nop\nhere: li32 r1, there\nthere: ret');
    const machine = new TestMachine();
    const routine = compileRoutine(program, 4, 0x7fff0020, machine.environment, 'far')!;
    expect(routine.run(machine.base, machine.tlb)).toBe(2);
    expect([machine.registers[1], machine.ip]).toEqual([0x7fff002c, 0x7fff002c]);
  });

  it('reads nothing through the port when everything is translated', () => {
    const machine = new TestMachine();
    const routine = compile('ld64 r4, [r2]\nst16 r4, [r2]\nxadd32 r4, [r2]\nret', machine)!;
    machine.registers[2] = PAGE;
    machine.translate(PAGE >>> 12, true);
    expect(routine.run(machine.base, machine.tlb)).toBe(4);
    expect(machine.port.calls).toEqual([]);
  });
});
