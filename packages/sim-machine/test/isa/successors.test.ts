import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers } from '../../src/isa/register.js';
import { successorsOf } from '../../src/isa/successors.js';

const { r0, r1 } = Registers;

const program = new ProgramBuilder('paths')
  .label('entry')
  .li32(r0, 'data')
  .label('branch')
  .beq(r0, r1, 'end')
  .label('jump')
  .jmp('entry')
  .label('call')
  .syscall()
  .label('trap')
  .brk()
  .label('end')
  .ret()
  .label('data')
  .word(0)
  .build();

const after = (label: string): readonly number[] => successorsOf(program, program.offsetOf(label));
const at = (...labels: readonly string[]): number[] => labels.map((l) => program.offsetOf(l));

describe('successorsOf', () => {
  it('steps over the literal of an instruction', () =>
    expect(after('entry')).toEqual(at('branch')));

  it('gives both ways of a branch', () => expect(after('branch')).toEqual(at('jump', 'end')));

  it('gives the one way of a jump', () => expect(after('jump')).toEqual(at('entry')));

  it('comes back behind a system call and a breakpoint', () => {
    expect(after('call')).toEqual(at('trap'));
    expect(after('trap')).toEqual(at('end'));
  });

  it('gives nothing after ret, in a literal and in data', () => {
    expect(after('end')).toEqual([]);
    expect(successorsOf(program, program.offsetOf('entry') + 4)).toEqual([]);
    expect(after('data')).toEqual([]);
    expect(successorsOf(program, program.sizeBytes)).toEqual([]);
  });
});
