import { describe, expect, it } from 'vitest';
import { formatFinalStates } from '../../src/litmus/final-state.js';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';
import { finalStatesOf } from './oracle.js';
import { tinyLitmus, type TinyLitmus } from './tiny-litmus.js';

function statesOf(parts: TinyLitmus, model: 'sc' | 'tso' = 'tso'): readonly string[] {
  const test = parseLitmus(tinyLitmus(parts), 't');
  return formatFinalStates(test, finalStatesOf(test, model));
}

describe('the oracle', () => {
  it('waits in a loop for a flag and then sees the data', () => {
    const rows = 'movq $5,(x) | L: cmpq $1,(y) ;\nmovq $1,(y) | jne L ;\n | movq (x),%rax ;';
    const parts = { columns: 'P0 | P1 ;', rows, condition: 'exists (1:rax=0)' };
    expect(statesOf(parts)).toEqual(['1:rax=5;']);
  });

  it('does not forward a store that covers only a part of a load', () => {
    const rows = 'movl $0x01020304,(x) ;\nmovb $7,(x) ;\nmovl (x),%eax ;\nmovb (x),%bl ;';
    const parts = { rows, condition: 'exists (0:rax=0 /\\ 0:rbx=0)' };
    expect(statesOf(parts)).toEqual(['0:rax=16909063; 0:rbx=7;']);
  });

  it('lets a narrow load see the part of a wide store that it covers', () => {
    const rows = 'movl $0x01020384,(x) ;\nmovb (x),%al ;\nmovw (x),%bx ;';
    const parts = { rows, condition: 'exists (0:rax=0 /\\ 0:rbx=0)' };
    expect(statesOf(parts)).toEqual(['0:rax=132; 0:rbx=900;']);
  });

  it('follows addresses', () => {
    const init = '{ 0:rax=x; y=3; }';
    const rows = 'movq $1,(%rax) ;\nleaq y(%rip),%rax ;\nmovq (%rax),%rbx ;\nmovq %rax,(z) ;';
    const parts = { init, rows, condition: 'exists (0:rax=y /\\ 0:rbx=3 /\\ x=1 /\\ z=y)' };
    expect(statesOf(parts)).toEqual(['0:rax=y; 0:rbx=3; [x]=1; [z]=y;']);
  });

  it.each([
    ['je', 1, 1, true],
    ['jne', 1, 1, false],
    ['jl', -1, 1, true],
    ['jb', -1, 1, false],
    ['jae', -1, 1, true],
    ['jg', 2, 1, true],
    ['ja', 1, 1, false],
    ['jle', 1, 1, true],
    ['js', 1, 2, true],
    ['jl', -2147483648, 1, true],
    ['jns', -2147483648, 1, true],
  ])('%s after comparing %i with %i: %s', (jump, left, right, taken) => {
    const rows = `movl $${left},%eax ;\ncmpl $${right},%eax ;\n${jump} L ;\nmovl $9,%ebx ;\nL: ;`;
    const parts = { rows, condition: 'exists (0:rbx=0)' };
    expect(statesOf(parts)).toEqual([`0:rbx=${taken ? 0 : 9};`]);
  });
});
