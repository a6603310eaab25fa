import type { LitmusSyntax } from '../litmus/litmus-syntax.js';
import { tokenizeC } from './tokenize-c.js';

/** Variables, types and tokens of the C dialect. */
export const C_SYNTAX: LitmusSyntax = {
  dialect: 'C',
  typeWords: new Set([
    ...['int', 'long', 'short', 'char', 'signed', 'unsigned', 'void', 'volatile', 'const'],
    ...['int8_t', 'int16_t', 'int32_t', 'int64_t', 'intptr_t', 'size_t', 'bool', '_Bool'],
    ...['uint8_t', 'uint16_t', 'uint32_t', 'uint64_t', 'uintptr_t'],
    ...['u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64'],
    ...['struct', 'spinlock_t', 'atomic_t', 'atomic64_t', 'atomic_long_t'],
  ]),
  exampleType: 'int',
  registerPhrase: 'a variable',
  registerNamed: ({ kind, text }) => (kind === 'name' ? text : undefined),
  tokenize: tokenizeC,
};
