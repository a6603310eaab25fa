import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/isa/assembler.js';
import { describeAt, disassemble } from '../../src/isa/disassembler.js';
import { Program, WordKind } from '../../src/isa/program.js';
import { ProgramBuilder } from '../../src/isa/program-builder.js';
import { Registers } from '../../src/isa/register.js';
import { buildAnything, buildSection, drafts } from './random-routine.js';

const { r1, r2 } = Registers;

describe('disassemble', () => {
  it('writes a text that assembles to the same program', () => {
    const programs = fc.oneof(
      drafts(40).map(buildAnything),
      fc.tuple(drafts(30), drafts(1)).map(([body, commit]) => buildSection(body, commit[0]!)),
    );
    fc.assert(
      fc.property(programs, (program) => {
        const again = assemble(disassemble(program), program.name);
        expect([...again.words]).toEqual([...program.words]);
        expect([...again.kinds]).toEqual([...program.kinds]);
        expect(again.sections).toEqual(program.sections);
        expect(again.labels).toEqual(program.labels);
        expect(again.relocations).toEqual(program.relocations);
      }),
      { numRuns: 300 },
    );
  });

  it('writes any words at all, so that they assemble to the same words', () => {
    const word = fc.oneof(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.nat(4096),
      fc.tuple(fc.nat(63), fc.nat(8)).map(([opcode, a]) => opcode | (a << 6)),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), (content) => {
        const program = new Program({
          name: 'any',
          words: Int32Array.from(content),
          kinds: new Uint8Array(content.length).fill(WordKind.Instruction),
          labels: new Map(),
          sections: [],
          relocations: [],
          sources: new Map(),
        });
        expect([...assemble(disassemble(program)).words]).toEqual(content);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps notes', () => {
    const program = new ProgramBuilder('noted').note('first;\n second').nop().ret().build();
    const text = disassemble(program);
    expect(text).toBe('  nop ; first; second\n  ret\n');
    expect(assemble(text).sources.get(0)).toEqual({ line: 1, note: 'first; second' });
  });
});

describe('describeAt', () => {
  it('says where, what and why', () => {
    const program = assemble('nop\nhere: nop\nadd r1, r2, r3 ; sum', 'mine');
    expect(describeAt(program, 0)).toBe('mine+0 (line 1): nop');
    expect(describeAt(program, 4)).toBe('here (line 2): nop');
    expect(describeAt(program, 8)).toBe('here+4 (line 3): add r1, r2, r3 ; sum');
  });

  it('names the label nearest in front', () => {
    const program = new ProgramBuilder('two')
      .label('a')
      .nop()
      .label('b')
      .nop()
      .st32(r1, r2)
      .build();
    expect(describeAt(program, 8)).toBe('b+4: st32 r1, [r2]');
  });
});
