import { describe, expect, it } from 'vitest';
import { compileRoutine } from '../../src/isa/compiler.js';
import { disassemble } from '../../src/isa/disassembler.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers, type Register } from '../../src/isa/register.js';
import { verifySections } from '../../src/isa/section-verifier.js';
import { TEXT_BASE, TestMachine } from './test-machine.js';

const { r0, r1, r2, r3, r4, r5, r9 } = Registers;

/** The per-CPU add that the documentation shows. */
function perCpuAdd(): ProgramBuilder {
  return new ProgramBuilder('per-CPU add')
    .label('add')
    .li32(r5, 'cs')
    .st32(r5, r1, 8)
    .section('cs', {
      signature: 0x53053053,
      body: (b) =>
        b.ld32(r4, r1, 4).shli(r4, r4, 6).add(r4, r4, r2).ld32(r5, r4).add(r5, r5, r3).st32(r5, r4),
      abort: 'add',
    })
    .ret();
}

describe('ProgramBuilder', () => {
  it('has a method for every instruction, with operands in the order of assembly', () => {
    const b = new ProgramBuilder('all').label('l');
    b.ret().nop().pause().brk().syscall().rdclk(r1).rdpid(r2).li(r1, -3).li32(r1, 'l').mov(r1, r2);
    b.add(r1, r2, r3).sub(r1, r2, r3).and(r1, r2, r3).or(r1, r2, r3).xor(r1, r2, r3);
    b.shl(r1, r2, r3).shr(r1, r2, r3).sar(r1, r2, r3).mul(r1, r2, r3).slt(r1, r2, r3);
    b.sltu(r1, r2, r3).addi(r1, r2, 3).andi(r1, r2, 3).ori(r1, r2, 3).xori(r1, r2, 3);
    b.shli(r1, r2, 3).shri(r1, r2, 3).sari(r1, r2, 3).muli(r1, r2, 3).slti(r1, r2, 3);
    b.sltiu(r1, r2, 3).beq(r1, r2, 'l').bne(r1, r2, 'l').blt(r1, r2, 'l').bge(r1, r2, 'l');
    b.bltu(r1, r2, 'l').bgeu(r1, r2, 'l').jmp('l').ld8u(r1, r2, 1).ld16u(r1, r2, 2);
    b.ld8s(r1, r2, 1).ld16s(r1, r2, 2).ld32(r1, r2, 4).ld64(r4, r2, 8).st8(r1, r2, 1);
    b.st16(r1, r2, 2).st32(r1, r2, 4).st64(r4, r2, 8).lda32(r1, r2, 4).stl32(r1, r2, 4);
    b.cas32(r1, r2, r3, 4).xchg32(r1, r2).xadd32(r1, r2).xand32(r1, r2).xorr32(r1, r2);
    b.xxor32(r1, r2).await32(r1, r2, r3, 4).fence().fencer().fencew().li32(r9, 5);
    const lines = disassemble(b.build()).trimEnd().split('\n').slice(1);
    const three = 'r1, r2, 3';
    expect(lines.map((line) => line.trim())).toEqual([
      ...['ret', 'nop', 'pause', 'brk', 'syscall', 'rdclk r1', 'rdpid r2', 'li r1, -3'],
      ...['li32 r1, l', 'mov r1, r2'],
      ...['add', 'sub', 'and', 'or', 'xor', 'shl', 'shr', 'sar', 'mul', 'slt', 'sltu'].map(
        (name) => `${name} r1, r2, r3`,
      ),
      ...['addi', 'andi', 'ori', 'xori', 'shli', 'shri', 'sari', 'muli', 'slti', 'sltiu'].map(
        (name) => `${name} ${three}`,
      ),
      ...['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'].map((name) => `${name} r1, r2, l`),
      ...['jmp l', 'ld8u r1, [r2 + 1]', 'ld16u r1, [r2 + 2]', 'ld8s r1, [r2 + 1]'],
      ...['ld16s r1, [r2 + 2]', 'ld32 r1, [r2 + 4]', 'ld64 r4, [r2 + 8]', 'st8 r1, [r2 + 1]'],
      ...['st16 r1, [r2 + 2]', 'st32 r1, [r2 + 4]', 'st64 r4, [r2 + 8]', 'lda32 r1, [r2 + 4]'],
      ...['stl32 r1, [r2 + 4]', 'cas32 r1, [r2 + 4], r3', 'xchg32 r1, [r2]', 'xadd32 r1, [r2]'],
      ...[
        'xand32 r1, [r2]',
        'xorr32 r1, [r2]',
        'xxor32 r1, [r2]',
        'await32 r1, [r2 + 4], r3',
        'fence',
        'fencer',
        'fencew',
      ],
      'li32 r9, 5',
    ]);
  });

  it('writes a section with signature, abort handler and descriptor out of line', () => {
    const program = perCpuAdd().build();
    verifySections(program);
    expect(disassemble(program)).toBe(`add:
  li32 r5, cs
  st32 r5, [r1 + 8]
cs.start:
  ld32 r4, [r1 + 4]
  shli r4, r4, 6
  add r4, r4, r2
  ld32 r5, [r4]
  add r5, r5, r3
  st32 r5, [r4]
cs.postCommit:
  ret
  .word 0x53053053
cs.abort:
  jmp add
  .word 0
  .word 0
  .word 0
  .word 0
  .descriptor cs, cs.start, cs.postCommit, cs.abort, 0x53053053
`);
    expect(program.sections).toEqual([
      { name: 'cs', descriptor: 64, start: 12, postCommit: 36, abort: 44, signature: 0x53053053 },
    ]);
  });

  it('makes a section that adds to the counter of the CPU', () => {
    const program = perCpuAdd().build();
    for (const compiled of [false, true]) {
      const machine = new TestMachine();
      machine.install(program);
      machine.registers.set([0, 0x20020, 0x21000, 5]);
      machine.poke(0x20024, 2); // cpu_id
      machine.poke(0x21080, 100);
      const routine = compileRoutine(program, 0, TEXT_BASE, machine.environment, 'add')!;
      const { base, tlb } = machine;
      expect(compiled ? routine.run(base, tlb) : machine.run(100)).toBe(9);
      expect(machine.peek(0x21080)).toBe(105);
      expect(machine.peek(0x20028)).toBe(TEXT_BASE + 64);
    }
  });

  it('lets the abort handler be written, and several sections follow each other', () => {
    const program = new ProgramBuilder('two')
      .section('first', {
        signature: 1,
        body: (b) => b.st32(r1, r2),
        abort: (b) => b.li(r0, -1).ret(),
      })
      .section('second', { signature: 2, body: (b) => b.st32(r1, r2), abort: 'first.abort' })
      .ret()
      .build();
    expect(program.sections.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(program.words[program.offsetOf('second.abort') / 4 - 1]).toBe(2);
    expect(() => verifySections(program)).not.toThrow();
  });

  it('may be built again after more was written', () => {
    const builder = new ProgramBuilder('grows').jmp('end').label('end').ret();
    expect(builder.build().sizeBytes).toBe(8);
    expect(builder.word('end').build().words[2]).toBe(4);
    expect(builder.offset).toBe(12);
  });

  it.each<[string, (b: ProgramBuilder) => unknown, string]>([
    ['an immediate', (b) => b.addi(r1, r2, 131072), 'an immediate from -131072 to 131071'],
    ['a fraction', (b) => b.li(r1, 0.5), 'an immediate from -131072 to 131071, got 0.5'],
    ['a shift', (b) => b.shli(r1, r2, 32), 'a shift from 0 to 31, got 32'],
    ['an offset', (b) => b.ld32(r1, r2, -131073), 'an offset from -131072 to 131071'],
    ['a short offset', (b) => b.cas32(r1, r2, r3, 8192), 'an offset from -8192 to 8191'],
    ['a literal', (b) => b.li32(r1, 2 ** 32), 'a word from -2147483648 to 4294967295'],
    ['a pair', (b) => b.st64(r1, r2), 'an even register from 0 to 14, got 1'],
    ['a register', (b) => b.mov(16 as Register, r2), 'a register from 0 to 15, got 16'],
    ['a base', (b) => b.ld32(r1, -1 as Register), 'a register from 0 to 15, got -1'],
    ['data', (b) => b.word(NaN), 'a word from -2147483648 to 4294967295, got NaN'],
    ['an alignment', (b) => b.align(64), 'an alignment of 4, 8, 16 or 32, got 64'],
    ['a label that is taken', (b) => b.label('x').label('x'), 'a new label, got "x" again'],
    ['a label that is a register', (b) => b.label('r3'), 'a label .*, got "r3"'],
    ['a label with a space', (b) => b.label('a b'), 'a label .*, got "a b"'],
  ])('refuses %s that does not fit', (_, write, message) => {
    const builder = new ProgramBuilder('bad').nop();
    expect(() => write(builder)).toThrow(
      expect.objectContaining({
        code: 'ERR_ASSEMBLY',
        message: expect.stringMatching(
          new RegExp(`^program "bad" at 4: (\\w+: )?expected ${message}`),
        ) as string,
      }),
    );
  });

  it.each<[string, (b: ProgramBuilder) => unknown, string]>([
    ['jumps to a label that is missing', (b) => b.jmp('gone'), 'expected a label of the program'],
    ['takes the address of one', (b) => b.li32(r1, 'gone'), 'expected a label of the program'],
    [
      'describes a section with one',
      (b) => b.descriptor('cs', { start: 'gone', postCommit: 'gone', abort: 'gone', signature: 0 }),
      'expected a label of the program',
    ],
    ['jumps too far', (b) => tooFar(b), 'label "far": expected a distance in bytes'],
  ])('refuses to build what %s', (_, write, message) => {
    const builder = new ProgramBuilder('bad');
    write(builder);
    expect(() => builder.build()).toThrow(
      expect.objectContaining({
        code: 'ERR_ASSEMBLY',
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});

function tooFar(builder: ProgramBuilder): void {
  builder.jmp('far');
  for (let word = 0; word < 131071; word++) builder.word(0);
  builder.label('far');
}
