import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLitmus } from '../../src/litmus/compile-litmus.js';
import { formatFinalStates } from '../../src/litmus/final-state.js';
import { layoutLocations } from '../../src/litmus/litmus-layout.js';
import type { LitmusTest } from '../../src/litmus/litmus-test.js';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';
import { finalStatesOf } from './oracle.js';
import { randomRows } from './random-rows.js';
import { tinyLitmus, type TinyLitmus } from './tiny-litmus.js';
import { translatedStates } from './translated-states.js';

const SHARED = fileURLToPath(new URL('../../../../../shared/litmus/x86', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../../../examples/litmus', import.meta.url));
const FIRST_ADDRESS = 0x200000;

/** All states that the translated test reaches, and what the oracle says it should. */
function bothStates(test: LitmusTest, model: 'sc' | 'tso'): readonly (readonly string[])[] {
  const layout = layoutLocations(test, FIRST_ADDRESS);
  return [translatedStates(test, layout, model), finalStatesOf(test, model)].map((states) =>
    formatFinalStates(test, states),
  );
}

function expectSame(test: LitmusTest): void {
  for (const model of ['sc', 'tso'] as const) {
    const [found, expected] = bothStates(test, model);
    expect(found, `${test.file} ${model}`).toEqual(expected);
  }
}

const parse = (parts: TinyLitmus): LitmusTest => parseLitmus(tinyLitmus(parts), 't');

describe('a translated test', () => {
  it('reaches the states of the oracle, all classic tests', () => {
    const files = readdirSync(EXAMPLES).filter((file) => file.endsWith('.litmus'));
    expect(files.length).toBeGreaterThan(30);
    for (const file of files)
      expectSame(parseLitmus(readFileSync(`${EXAMPLES}/${file}`, 'utf8'), file));
  });

  it.skipIf(!existsSync(SHARED))(
    'reaches the states of the oracle, most x86 tests of two threads (skipped where they are absent)',
    () => {
      for (const folder of ['BASIC_2_THREAD', 'RELAX_2_THREAD', 'CO'])
        for (const file of readdirSync(`${SHARED}/${folder}`))
          expectSame(parseLitmus(readFileSync(`${SHARED}/${folder}/${file}`, 'utf8'), file));
    },
  );

  it('reaches the states of the oracle, random threads of all instructions and widths', () => {
    fc.assert(
      fc.property(randomRows(2), (rows) => {
        const observed = ['rax', 'rbx', 'rcx'].flatMap((name) => [`0:${name}`, `1:${name}`]);
        const condition = `locations [x; y; p; ${observed.join('; ')};]`;
        const init = '{ 0:rax=1; 1:rbx=-1; y=258; p=x; 0:rdx=x; 1:rdx=y; }';
        expectSame(parse({ columns: 'P0 | P1 ;', init, rows, condition }));
      }),
      { numRuns: 200 },
    );
  });

  it('waits in loops', () => {
    const rows = 'movq $5,(x) | L: cmpq $1,(y) ;\nmovq $1,(y) | jne L ;\n | movq (x),%rax ;';
    expectSame(parse({ columns: 'P0 | P1 ;', rows, condition: 'exists (1:rax=0)' }));
  });

  it('computes addresses from base, index, scale and displacement', () => {
    const init = '{ x=1; y=2; 0:rax=x; 0:rbx=8; }';
    const rows = `movq (%rax,%rbx,8),%rcx ;
      movq 64(%rax),%rsi ;
      movq x(%rip),%rdi ;
      leaq -64(%rax,%rbx,8),%rbp ;`;
    const condition = 'exists (0:rcx=1 /\\ 0:rsi=1 /\\ 0:rdi=1 /\\ 0:rbp=1)';
    const test = parse({ init, rows, condition });
    expectSame(test);
    const [found] = bothStates(test, 'sc');
    expect(found).toEqual(['0:rcx=2; 0:rsi=2; 0:rdi=1; 0:rbp=x;']);
  });
});

describe('compileLitmus', () => {
  it('remarks on every instruction with its text', () => {
    const test = parse({ rows: 'movq $1,(x) ;\nmfence ;' });
    const [thread] = compileLitmus(test, layoutLocations(test, FIRST_ADDRESS)).threads;
    const notes = [...(thread?.program.sources.values() ?? [])].map(({ note }) => note);
    expect(notes).toEqual(['movq $1,(x)', 'mfence']);
  });

  it('gives the initial word of every location, addresses included', () => {
    const test = parse({ init: '{ x=-1; p=x; }', condition: 'locations [x; p; q;]' });
    expect(compileLitmus(test, layoutLocations(test, FIRST_ADDRESS)).memory).toEqual([
      { location: 'p', address: FIRST_ADDRESS, word: FIRST_ADDRESS + 128 },
      { location: 'q', address: FIRST_ADDRESS + 64, word: 0 },
      { location: 'x', address: FIRST_ADDRESS + 128, word: -1 },
    ]);
  });

  it('refuses a location without an address', () => {
    const test = parse({});
    expect(() => compileLitmus(test, new Map())).toThrow(
      't:1:1: expected an address for every location, got none for x',
    );
  });

  it('refuses a thread of more registers than the machine can stand in for', () => {
    const registers = ['rax', 'rbx', 'rcx', 'rdx', 'rsi', 'rdi', 'rbp', 'rsp', 'r8'];
    const rows = registers.map((register) => `movq $1,%${register} ;`);
    const fits = parse({ rows: rows.slice(0, 8).join('\n') });
    const test = parse({ rows: rows.join('\n') });
    expect(compileLitmus(fits, layoutLocations(fits, FIRST_ADDRESS)).threads).toHaveLength(1);
    expect(() => compileLitmus(test, layoutLocations(test, FIRST_ADDRESS))).toThrow(
      't:4:1: expected at most 8 registers in P0, got more',
    );
  });
});
