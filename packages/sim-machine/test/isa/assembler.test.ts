import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/isa/assembler.js';
import { disassemble } from '../../src/isa/disassembler.js';

describe('assemble', () => {
  it('reads labels, instructions, directives, comments and every way to write a number', () => {
    const program = assemble(
      [
        'first: second:  li r1,-0x10 # hash',
        '\tli r1, 0b101 // slashes',
        '  ld32 sp, [ r2+0x8 ]',
        'third : beq r1 , r2 , third',
        '  jmp .-8',
        '  jmp .+4;semicolon',
        '  li32 r1, -1',
        '  li32 r1, first',
        '  .word 1, 0xffffffff, third',
        '  .align 16',
        'last:',
        '; only a comment',
        '',
      ].join('\r\n'),
    );
    expect(disassemble(program)).toBe(
      [
        ...['first:', 'second:', '  li r1, -16 ; hash', '  li r1, 5 ; slashes'],
        ...['  ld32 r15, [r2 + 8]', 'third:', '  beq r1, r2, third', '  jmp .-8'],
        ...['  jmp .+4 ; semicolon', '  li32 r1, -1', '  li32 r1, first'],
        ...['  .word 1', '  .word -1', '  .word third', '  .word 0', '  .word 0', '  .word 0'],
        ...['last:', ''],
      ].join('\n'),
    );
    expect(program.offsetOf('last')).toBe(64);
  });

  it.each([
    ['  frob r1', '2:3: expected an instruction, got "frob"'],
    ['  add r1, r2', '2:13: expected ",", got the end of the line'],
    ['  add r1, r2 ; note', '2:14: expected ",", got the end of the line'],
    ['  add r1, r2, 5', '2:15: expected a register (r0 to r15, sp), got "5"'],
    ['  add r1, r16, r2', '2:11: expected a register (r0 to r15, sp), got "r16"'],
    ['  ret r1', '2:7: expected the end of the line, got "r1"'],
    ['  li r1, x', '2:10: expected a number, got "x"'],
    ['  li r1, 12z', '2:10: expected a number, got "12z"'],
    ['  li r1, 0x20000', '2:10: expected an immediate from -131072 to 131071, got 131072'],
    [
      '  li32 r1, 0x100000000',
      '2:12: expected a word from -2147483648 to 4294967295, got 4294967296',
    ],
    ['  shli r1, r2, -1', '2:16: expected a shift from 0 to 31, got -1'],
    ['  ld32 r1, r2', '2:12: expected "[", got "r2"'],
    ['  ld32 r1, [r2 8', '2:17: expected "]", got the end of the line'],
    ['  ld32 r1, [r2 x]', '2:16: expected "]", "+ offset" or "- offset", got "x"'],
    ['  cas32 r1, [r2 + 8192], r3', '2:17: expected an offset from -8192 to 8191, got 8192'],
    ['  ld64 r3, [r2]', '2:8: expected an even register from 0 to 14, got 3'],
    ['  jmp 5', '2:7: expected a label, ".+bytes" or ".-bytes", got "5"'],
    ['  jmp .+6', '2:8: expected a distance in bytes, a multiple of 4, from -524288 to 524284'],
    ['  jmp gone', '2:7: expected a label of the program, got "gone"'],
    ['  li32 r1, gone', '2:12: expected a label of the program, got "gone"'],
    ['  .word 1, gone', '2:12: expected a label of the program, got "gone"'],
    ['  .word', '2:8: expected a number or a label, got the end of the line'],
    ['  .align 3', '2:3: expected an alignment of 4, 8, 16 or 32, got 3'],
    ['  .frob', '2:3: expected ".word", ".align" or ".descriptor", got ".frob"'],
    ['  .descriptor cs, top, 7', '2:24: expected the label behind the commit, got "7"'],
    ['  .descriptor cs, top, top, top', '2:32: expected ",", got the end of the line'],
    ['  .descriptor cs, top, gone, top, 1', '2:3: expected a label of the program, got "gone"'],
    ['top: nop', '2:1: expected a new label, got "top" again'],
    ['r1: nop', '2:1: expected a label (letters, digits, "_", "$", "."), got "r1"'],
    ['  ]', '2:3: expected an instruction, a directive or a label, got "]"'],
  ])('refuses %j with line and column', (line, message) => {
    expect(() => assemble(`top: nop\n${line}`, 'text')).toThrow(
      expect.objectContaining({
        code: 'ERR_ASSEMBLY',
        message: expect.stringMatching(new RegExp(`^text:${escape(message)}`)) as string,
      }),
    );
  });
});

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
