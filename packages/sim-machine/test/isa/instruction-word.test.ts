import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definitionOf, INSTRUCTION_SET } from '../../src/isa/instruction-set.js';
import {
  decodeInstruction,
  encodeInstruction,
  isCanonical,
} from '../../src/isa/instruction-word.js';
import { OPERAND_FORMATS } from '../../src/isa/operand-format.js';

const words = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe('an instruction word', () => {
  it('has its fields where the ISA says', () => {
    const fields = { a: 0xa, b: 0xb, c: 0xc };
    const add = encodeInstruction({ definition: definitionOf('add'), ...fields, immediate: 0 });
    expect(add).toBe(6 | (0xa << 6) | (0xb << 10) | (0xc << 14));
    const load = encodeInstruction({ definition: definitionOf('ld32'), ...fields, immediate: -4 });
    expect(load).toBe(39 | (0xa << 6) | (0xb << 10) | (-4 << 14));
    const cas = encodeInstruction({ definition: definitionOf('cas32'), ...fields, immediate: -4 });
    expect(cas).toBe(47 | (0xa << 6) | (0xb << 10) | (0xc << 14) | (-4 << 18));
  });

  it('decodes to what encodes to it, apart from bits that nothing uses', () => {
    fc.assert(
      fc.property(words, words, (word, literal) => {
        const instruction = decodeInstruction(word, literal);
        if (instruction === undefined) return;
        const again = encodeInstruction(instruction);
        expect(decodeInstruction(again, literal)).toEqual(instruction);
        expect(isCanonical(again, instruction)).toBe(
          instruction.definition.format !== 'abShift' || word >>> 14 < 32,
        );
        expect(isCanonical(word, instruction)).toBe(
          word === again && isCanonical(again, instruction),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('is not canonical with a shift above 31', () => {
    const shift = { definition: definitionOf('shri'), a: 1, b: 2, c: 0 };
    for (const [immediate, canonical] of [
      [31, true],
      [32, false],
      [-1, false],
    ] as const) {
      const word = encodeInstruction({ ...shift, immediate });
      expect(isCanonical(word, decodeInstruction(word, 0)!)).toBe(canonical);
    }
  });

  it('is followed by a literal for li32 alone', () => {
    for (const definition of INSTRUCTION_SET) {
      const word = encodeInstruction({ definition, a: 2, b: 3, c: 4, immediate: 8 });
      const { lengthBytes, immediate } = decodeInstruction(word, 1234)!;
      const isLiteral = definition.mnemonic === 'li32';
      expect(lengthBytes).toBe(isLiteral ? 8 : 4);
      if (isLiteral) expect(immediate).toBe(1234);
      else if (OPERAND_FORMATS[definition.format].length < 2 && definition.mnemonic !== 'jmp')
        expect(immediate).toBe(0);
    }
  });

  it('is no instruction when a pair starts at an odd register', () => {
    for (const mnemonic of ['ld64', 'st64'] as const) {
      const definition = definitionOf(mnemonic);
      const fields = { definition, b: 1, c: 0, immediate: 8 };
      expect(decodeInstruction(encodeInstruction({ ...fields, a: 6 }), 0)).toBeDefined();
      expect(decodeInstruction(encodeInstruction({ ...fields, a: 7 }), 0)).toBeUndefined();
    }
  });
});
