import { describe, expect, it } from 'vitest';
import { compileLitmus } from '../../src/litmus/compile-litmus.js';
import type { LitmusErrorCode } from '../../src/litmus/litmus-error.js';
import { parseExpected } from '../../src/litmus/parse-expected.js';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';
import { tinyLitmus } from './tiny-litmus.js';

const BAD_INPUT: readonly (readonly [LitmusErrorCode, () => unknown])[] = [
  ['ERR_LITMUS_DIALECT', () => parseLitmus('AArch64 MP', 'f')],
  ['ERR_LITMUS_SYNTAX', () => parseLitmus('X86_64', 'f')],
  ['ERR_LITMUS_INSTRUCTION', () => parseLitmus(tinyLitmus({ rows: 'hlt ;' }), 'f')],
  ['ERR_LITMUS_REFERENCE', () => parseLitmus(tinyLitmus({ condition: 'exists (7:rax=1)' }), 'f')],
  ['ERR_LITMUS_EXPECTED', () => parseExpected('file\tsc\na.litmus\tPerhaps\n', 'f')],
  ['ERR_LITMUS_MACHINE', () => compileLitmus(parseLitmus(tinyLitmus({}), 'f'), new Map())],
];

describe('bad litmus input', () => {
  it.each(BAD_INPUT)('is refused with %s and its place', (code, read) => {
    expect(read).toThrow(expect.objectContaining({ name: 'LitmusError', code, file: 'f' }));
    expect(read).toThrow(/^f:\d+:\d+: expected .*, got /);
  });
});
