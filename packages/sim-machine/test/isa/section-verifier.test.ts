import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/isa/assembler.js';
import { Program, type ProgramParts } from '../../src/isa/program.js';
import {
  verifySection,
  verifySections,
  type SectionRule,
  type Violation,
} from '../../src/isa/section-verifier.js';

/** A sound section around some instructions; the pieces may be replaced. */
function sectionText({
  before = 'nop',
  body = 'ld32 r1, [r2]\naddi r1, r1, 1\nst32 r1, [r2]',
  after = 'ret',
  signature = '.word 0x53053053',
  handler = 'jmp top',
  places = 'start, done, aborted',
} = {}): string {
  return `top: ${before}
start: ${body}
done: ${after}
${signature}
aborted: ${handler}
.descriptor cs, ${places}, 0x53053053`;
}

function violations(text: string): Violation[] {
  const program = assemble(text);
  return verifySection(program, program.sections[0]!);
}

/** A program with parts of it replaced behind the assembler's back. */
function tampered(change: (program: Program) => Partial<ProgramParts>): Violation[] {
  const program = assemble(sectionText());
  const { name, words, kinds, labels, sections, relocations, sources } = program;
  const parts = { name, words, kinds, labels, sections, relocations, sources };
  const broken = new Program({ ...parts, ...change(program) });
  return verifySection(broken, broken.sections[0]!);
}

describe('a sound section', () => {
  it.each([
    ['as short as can be', { body: 'st32 r1, [r2]' }],
    ['with a branch to post-commit', { body: 'beq r1, r2, done\nst32 r1, [r2]' }],
    [
      'with a branch to an exit behind it',
      { body: 'beq r1, r2, out\nst8 r1, [r2]\n', after: 'ret\nout: ret' },
    ],
    ['with stores before the commit', { body: 'st32 r1, [r2]\nst32 r1, [r2 + 4]' }],
    ['that commits by an atomic', { body: 'cas32 r1, [r2], r3' }],
    ['that is restarted at its start', { before: 'nop', handler: 'jmp start' }],
    ['with a literal', { body: 'li32 r1, 0\nst32 r1, [r2]' }],
  ])('%s has no violations', (_, parts) => {
    expect(violations(sectionText(parts))).toEqual([]);
  });
});

describe('a broken section', () => {
  it.each<[SectionRule, Parameters<typeof sectionText>[0], string, string]>([
    ['empty', { places: 'start, start, aborted' }, 'ld32 r1, [r2]', 'expected post-commit behind'],
    ['empty', { places: 'done, start, aborted' }, 'ret', 'expected post-commit behind'],
    ['commit', { body: 'st32 r1, [r2]\naddi r1, r1, 1' }, 'addi r1, r1, 1', 'committing store'],
    ['commit', { body: 'ld32 r1, [r2]' }, 'ld32 r1, [r2]', 'committing store'],
    [
      'branch-into',
      { before: 'jmp middle', body: 'nop\nmiddle: st32 r1, [r2]' },
      'jmp middle',
      'to the start of the section only',
    ],
    [
      'branch-into',
      { handler: 'beq r1, r2, middle', body: 'nop\nmiddle: st32 r1, [r2]' },
      'beq r1, r2, middle',
      'to the start of the section only',
    ],
    [
      'backward-branch',
      { body: 'bne r1, r2, start\nst32 r1, [r2]' },
      'bne r1, r2, start',
      'expected forward branches only',
    ],
    [
      'backward-branch',
      { body: 'bne r1, r2, top\nst32 r1, [r2]' },
      'bne r1, r2, top',
      'expected forward branches only',
    ],
    ['branch-target', { body: 'jmp .+12\nst32 r1, [r2]' }, 'jmp .+12', 'to an instruction'],
    ['branch-target', { body: 'jmp .+4096\nst32 r1, [r2]' }, 'jmp .+4096', 'to an instruction'],
    [
      'branch-target',
      { body: 'beq r1, r2, .+8\nli32 r1, 7\nst32 r1, [r2]' },
      'beq r1, r2, .+8',
      'to an instruction',
    ],
    ['syscall', { body: 'syscall\nst32 r1, [r2]' }, 'syscall', 'expected no system call'],
    ['breakpoint', { body: 'brk\nst32 r1, [r2]' }, 'brk', 'expected no breakpoint'],
    [
      'await',
      { body: 'await32 r1, [r2], r3\nst32 r1, [r2]' },
      'await32 r1, [r2], r3',
      'expected no wait',
    ],
    ['return', { body: 'ret\nst32 r1, [r2]' }, 'ret', 'expected no return before post-commit'],
    ['illegal', { body: 'nop\n.word 19\nst32 r1, [r2]' }, '.word 19', 'expected an instruction'],
    [
      'stack-pointer',
      { body: 'addi sp, sp, -16\nst32 r1, [r2]' },
      'addi r15, r15, -16',
      'expected the stack pointer (r15) unchanged',
    ],
    [
      'stack-pointer',
      { body: 'ld64 r14, [r2]\nst32 r1, [r2]' },
      'ld64 r14, [r2]',
      'expected the stack pointer (r15) unchanged',
    ],
    [
      'signature',
      { signature: '.word 0x53053054' },
      '.word 0x53053054',
      'expected signature 0x53053053 in front of the abort handler, got 0x53053054',
    ],
    ['signature', { signature: '' }, 'ret', 'expected signature 0x53053053'],
    [
      'place',
      { signature: '.word 0x53053053, 0', handler: '.word 0' },
      '.word 0',
      'expected abort at an instruction',
    ],
  ])('breaks rule %s with %j at %j', (rule, parts, instruction, message) => {
    const found = violations(sectionText(parts));
    expect(found.map((violation) => violation.rule)).toEqual([rule]);
    expect(found[0]).toMatchObject({ section: 'cs', instruction });
    expect(found[0]!.message).toContain(message);
  });

  it('breaks rule abort-inside with its abort handler between start and post-commit', () => {
    const text = sectionText({
      body: 'nop\njmp out\n.word 0x53053053\nhandler: nop\nout: st32 r1, [r2]',
      places: 'start, done, handler',
    });
    expect(violations(text).map(({ rule }) => rule)).toEqual(['illegal', 'abort-inside']);
  });

  it('breaks rule signature with its abort handler at the start of the program', () => {
    const text = sectionText({ places: 'start, done, top' });
    expect(violations(text)).toMatchObject([
      { rule: 'signature', offset: 0, message: expect.stringContaining('got nothing') as string },
    ]);
  });

  it('breaks rule overlap with another section in it, and so does the other', () => {
    const text = `${sectionText()}\n.descriptor other, inner, done, aborted, 0x53053053`;
    const program = assemble(text.replace('addi', '\ninner: addi'));
    const found = program.sections.flatMap((section) => verifySection(program, section));
    expect(found.map(({ rule, section, instruction }) => [rule, section, instruction])).toEqual([
      ['overlap', 'cs', 'addi r1, r1, 1'],
      ['overlap', 'other', 'addi r1, r1, 1'],
    ]);
  });

  it('breaks rule place with start, post-commit or descriptor where they cannot be', () => {
    const moved = (places: object) =>
      tampered(({ sections }) => ({ sections: [{ ...sections[0]!, ...places }] }));
    expect(moved({ start: 6 }).map(({ rule }) => rule)).toEqual(['place']);
    expect(moved({ start: -4 }).map(({ rule }) => rule)).toEqual(['place']);
    expect(moved({ postCommit: 400 }).map(({ rule }) => rule)).toEqual(['place']);
    expect(moved({ descriptor: 4 }).map(({ rule }) => rule)).toEqual(['place']);
    expect(moved({ descriptor: 64 }).map(({ rule }) => rule)).toEqual(['place']);
  });

  it('breaks rule descriptor with another length, flag or address in its words', () => {
    const changes: [byte: number, value: number][] = [
      [0, 1],
      [4, 4],
      [8, 8],
      [16, 16],
      [24, 28],
      [28, 1],
    ];
    for (const [byte, value] of changes) {
      const found = tampered(({ words, sections }) => {
        const changed = words.slice();
        changed[(sections[0]!.descriptor + byte) / 4] = value;
        return { words: changed };
      });
      expect(found).toMatchObject([{ rule: 'descriptor', offset: 32 + byte }]);
      expect(found[0]!.message).toContain(`at byte ${byte} of the descriptor, got`);
    }
  });

  it('breaks rule descriptor where an address is not adjusted at installation', () => {
    expect(tampered(() => ({ relocations: [] })).map(({ message }) => message)).toEqual([
      'expected address 4 at byte 8 of the descriptor, got value 4',
      'expected address 24 at byte 24 of the descriptor, got value 24',
    ]);
  });
});

describe('verifySections', () => {
  it('accepts sound sections', () => {
    expect(() => verifySections(assemble(sectionText()))).not.toThrow();
    expect(() => verifySections(assemble('ret'))).not.toThrow();
  });

  it('names every violation of every section, with its instruction', () => {
    const text = sectionText({ body: 'syscall ; oops\nst32 r1, [r2]\nnop', signature: '.word 1' });
    expect(() => verifySections(assemble(text, 'bad'))).toThrow(
      expect.objectContaining({
        code: 'ERR_SECTION',
        message: [
          'expected sound sections in program "bad", got:',
          '  section "cs", commit: expected the committing store as last instruction, at start+8 (line 4): nop',
          '  section "cs", syscall: expected no system call, at start (line 2): syscall ; oops',
          '  section "cs", signature: expected signature 0x53053053 in front of the abort handler, got 0x00000001, at done+4 (line 6): .word 1',
        ].join('\n'),
      }),
    );
  });
});
