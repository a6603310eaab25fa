import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/isa/assembler.js';
import { WordKind } from '../../src/isa/program.js';

const TEXT = `
here:
  li32 r1, cs        ; the descriptor
  st32 r1, [r2]
done:
  ret
  .word 7
aborted:
  .word done
  .descriptor cs, here, done, aborted, 7
`;

describe('a program', () => {
  it('knows what each of its words is', () => {
    const { Instruction, Literal, Data } = WordKind;
    const program = assemble(TEXT);
    expect([...program.kinds]).toEqual([
      ...[Instruction, Literal, Instruction, Instruction, Data, Data, Data, Data],
      ...new Array<number>(8).fill(Data),
    ]);
    expect(program.sizeBytes).toBe(64);
  });

  it('has the address of labels put in where it is installed', () => {
    const program = assemble(TEXT);
    const words = new Int32Array(16);
    program.install(words, 0x1020);
    expect([words[1], words[5]]).toEqual([0x1040, 0x102c]);
    // struct rseq_cs: version, flags, start_ip, post_commit_offset, abort_ip
    expect([...words.subarray(8)]).toEqual([0, 0, 0x1020, 0, 12, 0, 0x1034, 0]);
    expect([program.words[1], program.words[5]]).toEqual([32, 12]);
  });

  it('is written word by word where its place is not a view', () => {
    const program = assemble(TEXT);
    const written = new Map<number, number>();
    program.install((address, word) => written.set(address, word), 0x2000);
    expect([...written.keys()].slice(0, 3)).toEqual([0x2000, 0x2004, 0x2008]);
    expect([...written.values()]).toEqual([...program.relocated(0x2000)]);
  });

  it('refuses an address that does not keep descriptors aligned', () => {
    expect(() => assemble(TEXT).relocated(0x1010)).toThrow(
      expect.objectContaining({
        code: 'ERR_ADDRESS',
        message: 'expected program "program" at a multiple of 32, got 4112',
      }),
    );
  });

  it('refuses a view that is too short', () => {
    expect(() => assemble(TEXT).install(new Int32Array(15), 0x1000)).toThrow(
      expect.objectContaining({
        code: 'ERR_CAPACITY',
        message: 'expected room for 16 words of program "program", got 15',
      }),
    );
  });

  it('finds the offsets of its labels, and says which there are', () => {
    const program = assemble(TEXT, 'mine');
    expect(program.offsetOf('done')).toBe(12);
    expect(() => program.offsetOf('gone')).toThrow(
      expect.objectContaining({
        code: 'ERR_ASSEMBLY',
        message: 'expected a label of program "mine" (here, done, aborted, cs), got "gone"',
      }),
    );
  });

  it('remembers lines and notes', () => {
    const { sources } = assemble(TEXT);
    expect(sources.get(0)).toEqual({ line: 3, note: 'the descriptor' });
    expect(sources.get(2)).toEqual({ line: 4 });
  });
});
