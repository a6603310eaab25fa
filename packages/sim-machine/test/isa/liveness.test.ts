import { describe, expect, it } from 'vitest';
import { liveRegisters } from '../../src/isa/liveness.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { registerNumbers } from '../../src/isa/register-use.js';
import { Registers } from '../../src/isa/register.js';

const { r0, r1, r2, r3, r4, r5, r6, r7 } = Registers;

const start = (): ProgramBuilder => new ProgramBuilder('example').label('entry');

/** The registers that matter before the instruction at a label; r14 and r15 always do. */
function liveAt(builder: ProgramBuilder, label = 'entry'): number[] {
  const program = builder.build();
  const mask = liveRegisters(program)[program.offsetOf(label) / 4]!;
  const numbers = registerNumbers(mask);
  expect(numbers.slice(-2)).toEqual([14, 15]);
  return numbers.slice(0, -2);
}

describe('liveRegisters', () => {
  it('takes a register for dead that is written before it is read', () => {
    expect(liveAt(start().li(r1, 5).add(r0, r1, r2).ret())).toEqual([2]);
  });

  it('takes a register for live that is read before it is written, also by the same instruction', () => {
    expect(liveAt(start().addi(r1, r1, 1).mov(r0, r1).ret())).toEqual([1]);
  });

  it('takes all but the result for dead at ret', () => {
    expect(liveAt(start().ret())).toEqual([0]);
  });

  it('takes every register for live at ret that the program returns', () => {
    const program = start().returns(r5, r7).ld32(r5, r1).label('second').ld32(r6, r2).ret();
    expect(liveAt(program, 'second')).toEqual([0, 2, 5, 7]);
  });

  it('takes number and arguments for live at a system call, and its result for written there', () => {
    expect(liveAt(start().syscall().ret())).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(liveAt(start().li(r0, 39).syscall().mov(r0, r7).ret())).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('takes every register for live at a breakpoint, where a debugger may look', () => {
    expect(liveAt(start().brk().ret())).toHaveLength(14);
  });

  it('takes every register for live at words that are no instructions', () => {
    expect(liveAt(start().jmp('data').label('data').word(0))).toHaveLength(0);
    const program = start().li(r1, 1).label('illegal').build();
    expect(liveRegisters(program)[0]).toBe(0xffff & ~(1 << r1));
  });

  it('joins both ways of a branch', () => {
    const program = start().beq(r1, r2, 'other').mov(r0, r3).ret().label('other').mov(r0, r4).ret();
    expect(liveAt(program)).toEqual([1, 2, 3, 4]);
  });

  it('follows a jump, and not what stands behind it', () => {
    const program = start().jmp('end').label('unreached').mov(r0, r5).label('end').ret();
    expect(liveAt(program)).toEqual([0]);
  });

  it('goes round a loop until nothing changes', () => {
    const program = start()
      .label('again')
      .add(r0, r0, r3)
      .addi(r1, r1, -1)
      .mov(r3, r4)
      .mov(r4, r5)
      .bne(r1, r2, 'again')
      .ret();
    expect(liveAt(program)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('reads both registers of a 64-bit store, and writes both of a 64-bit load', () => {
    expect(liveAt(start().st64(r2, r1).ret())).toEqual([0, 1, 2, 3]);
    expect(liveAt(start().ld64(r2, r1).st64(r2, r1).ret())).toEqual([0, 1]);
  });

  it('reads and writes the register of an atomic', () => {
    expect(liveAt(start().xadd32(r0, r1).ret())).toEqual([0, 1]);
    expect(liveAt(start().cas32(r0, r1, r3).ret())).toEqual([0, 1, 3]);
  });

  it('lets the abort handler matter everywhere in a section, and nowhere else', () => {
    const program = start()
      .li32(r7, 'cs')
      .label('arm')
      .st32(r7, r1)
      .section('cs', {
        signature: 0x53053053,
        body: (body) => body.ld32(r5, r2).label('commit').st32(r5, r2),
        abort: (handler) => handler.mov(r0, r6).ret(),
      })
      .label('done')
      .ret();
    expect(liveAt(program, 'commit')).toEqual([0, 2, 5, 6]);
    expect(liveAt(program, 'arm')).toEqual([0, 1, 2, 6, 7]);
    expect(liveAt(program, 'done')).toEqual([0]);
  });
});
