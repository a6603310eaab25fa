import type { LitmusSyntax } from './litmus-syntax.js';
import { tokenize } from './tokenize.js';
import { x86RegisterNamed } from './x86-register.js';

/** Registers, types and tokens of the X86_64 dialect. */
export const X86_SYNTAX: LitmusSyntax = {
  dialect: 'X86_64',
  typeWords: new Set([
    ...['int', 'long', 'short', 'char', 'signed', 'unsigned', 'void', 'volatile', 'const'],
    ...['int8_t', 'int16_t', 'int32_t', 'int64_t', 'intptr_t', 'size_t'],
    ...['uint8_t', 'uint16_t', 'uint32_t', 'uint64_t', 'uintptr_t'],
  ]),
  exampleType: 'uint64_t',
  registerPhrase: 'a general register',
  registerNamed: ({ kind, text }) =>
    kind === 'name' || kind === 'register'
      ? x86RegisterNamed(text.replace('%', ''))?.register
      : undefined,
  tokenize,
};
