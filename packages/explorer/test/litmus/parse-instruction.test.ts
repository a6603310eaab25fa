import { describe, expect, it } from 'vitest';
import type { LitmusInstruction } from '../../src/litmus/litmus-instruction.js';
import { parseInstruction } from '../../src/litmus/parse-instruction.js';
import { SourceText } from '../../src/litmus/source-text.js';
import { TokenStream } from '../../src/litmus/token-stream.js';
import { X86_SYNTAX } from '../../src/litmus/x86-syntax.js';

function parse(text: string): LitmusInstruction {
  return parseInstruction(new TokenStream(new SourceText('t', text), 0, X86_SYNTAX));
}

const rax = { kind: 'register', register: 'rax' };
const rbx = { kind: 'register', register: 'rbx' };
const one = { kind: 'immediate', value: 1 };
const x = { kind: 'memory', location: 'x', displacementBytes: 0, scale: 1 };

describe('mov', () => {
  it.each([
    ['movq $1,(x)', 8, one, x],
    ['movl $1,[x]', 4, one, x],
    ['movb $0x1,x(%rip)', 1, one, x],
    ['movw $1,x', 2, one, x],
    ['mov (x),%eax', 4, x, rax],
    ['MOVQ (x),%RAX', 8, x, rax],
    ['mov %ax,%bx', 2, rax, rbx],
    ['mov $1,(x)', 8, one, x],
    ['movq $-1,%rax', 8, { kind: 'immediate', value: -1 }, rax],
    ['movl $0xffffffff,%eax', 4, { kind: 'immediate', value: -1 }, rax],
    ['movq $x,%rax', 8, { kind: 'immediate', value: 'x' }, rax],
  ])('%s', (text, widthBytes, source, destination) => {
    expect(parse(text)).toEqual({ kind: 'move', widthBytes, source, destination });
  });
});

describe('a memory operand', () => {
  it.each([
    ['(%rbx)', { displacementBytes: 0, base: 'rbx', scale: 1 }],
    ['[%rbx]', { displacementBytes: 0, base: 'rbx', scale: 1 }],
    ['-8(%rbx)', { displacementBytes: -8, base: 'rbx', scale: 1 }],
    ['(%rbx,%rcx)', { displacementBytes: 0, base: 'rbx', index: 'rcx', scale: 1 }],
    ['4(%rbx,%rcx,8)', { displacementBytes: 4, base: 'rbx', index: 'rcx', scale: 8 }],
    ['x(%rbx)', { location: 'x', displacementBytes: 0, base: 'rbx', scale: 1 }],
    ['x(%rip)', { location: 'x', displacementBytes: 0, scale: 1 }],
  ])('%s', (text, parts) => {
    expect(parse(`movq ${text},%rax`)).toMatchObject({ source: { kind: 'memory', ...parts } });
  });
});

describe('other instructions', () => {
  it.each([
    ['mfence', { kind: 'fence', fence: 'mfence' }],
    ['LFENCE', { kind: 'fence', fence: 'lfence' }],
    ['sfence', { kind: 'fence', fence: 'sfence' }],
    ['pause', { kind: 'idle' }],
    ['nop', { kind: 'idle' }],
    ['jmp .L1', { kind: 'jump', condition: 'always', target: '.L1' }],
    ['jnz L1', { kind: 'jump', condition: 'not-equal', target: 'L1' }],
    ['jbe L1', { kind: 'jump', condition: 'below-equal', target: 'L1' }],
    ['incq (x)', { kind: 'arithmetic', operation: 'add', source: one, locked: false }],
    ['dec %ebx', { kind: 'arithmetic', operation: 'sub', widthBytes: 4, destination: rbx }],
    ['lock decq (x)', { kind: 'arithmetic', operation: 'sub', source: one, locked: true }],
    ['lock; addl %ebx,(x)', { kind: 'arithmetic', widthBytes: 4, source: rbx, locked: true }],
    ['xorq %rax,%rax', { kind: 'arithmetic', operation: 'xor', source: rax, destination: rax }],
    ['cmpq $1,(x)', { kind: 'compare', operation: 'sub', source: one, destination: x }],
    ['test %rax,%rax', { kind: 'compare', operation: 'and', source: rax, destination: rax }],
    ['xchgq %rax,(x)', { kind: 'exchange', source: rax, destination: x }],
    ['xchgq (x),%rax', { kind: 'exchange', source: rax, destination: x }],
    ['lock xchg %eax,(x)', { kind: 'exchange', widthBytes: 4, destination: x }],
    ['xchg %rax,%rbx', { kind: 'exchange', source: rax, destination: rbx }],
    ['lock xadd %rax,(x)', { kind: 'exchange-add', source: rax, locked: true }],
    ['cmpxchgq %rbx,(x)', { kind: 'compare-exchange', source: rbx, locked: false }],
    ['lock cmpxchgq %rbx,(x)', { kind: 'compare-exchange', source: rbx, locked: true }],
    ['leaq x(%rip),%rax', { kind: 'load-address', source: x, destination: rax }],
  ])('%s', (text, expected) => {
    expect(parse(text)).toMatchObject(expected);
  });
});
