import { describe, expect, it } from 'vitest';
import { initialValue } from '../../src/litmus/litmus-question.js';
import { observableKey } from '../../src/litmus/observable.js';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';
import { tinyLitmus } from './tiny-litmus.js';

const parse = (parts: Parameters<typeof tinyLitmus>[0]) => parseLitmus(tinyLitmus(parts), 't');

describe('the header', () => {
  it('gives the name, the description and the metadata', () => {
    const header = 'X86_64 SB+po+mfence\n"Fre PodWR"\nCycle=Fre PodWR\nRelax=\nAlign=';
    const test = parse({ header });
    expect(test.name).toBe('SB+po+mfence');
    expect(test.doc).toBe('Fre PodWR');
    expect([...test.metadata]).toEqual([
      ['Cycle', 'Fre PodWR'],
      ['Relax', ''],
      ['Align', ''],
    ]);
  });

  it('may have its description on the first line, and comments before it', () => {
    const test = parse({ header: '(* about (* this *) *)\n// and that\nX86_64 n6 "why"' });
    expect(test).toMatchObject({ name: 'n6', doc: 'why' });
  });

  it('keeps a brace that is part of a metadata value', () => {
    expect(parse({ header: 'X86_64 t\nKey={a}' }).metadata.get('Key')).toBe('{a}');
  });

  it('may end its lines as Windows does', () => {
    const text = tinyLitmus({ header: 'X86_64 t\n"d"\nKey=v' }).replaceAll('\n', '\r\n');
    const test = parseLitmus(text, 't');
    expect([test.name, test.doc, test.metadata.get('Key')]).toEqual(['t', 'd', 'v']);
  });
});

describe('the init block', () => {
  it('declares and initializes registers and locations', () => {
    const init =
      '{ uint64_t x; uint64_t y=2; [z]=0x10; 0:rax=-1; P0:%rbx=x; int *p = &y; unsigned int w }';
    const test = parse({ init });
    const values = test.initial.map((item) => [
      item.type,
      observableKey(item.observable),
      item.value,
    ]);
    expect(values).toEqual([
      ['uint64_t', '[x]', undefined],
      ['uint64_t', '[y]', 2],
      [undefined, '[z]', 16],
      [undefined, '0:rax', -1],
      [undefined, '0:rbx', 'x'],
      ['int *', '[p]', 'y'],
      ['unsigned int', '[w]', undefined],
    ]);
  });

  it('leaves what it does not name at 0', () => {
    const test = parse({ init: '{ }' });
    expect(initialValue(test, { kind: 'location', location: 'x' })).toBe(0);
    expect(initialValue(test, { kind: 'register', thread: 0, register: 'r8' })).toBe(0);
  });

  it('lets a declaration and a value of the same location stand apart', () => {
    const test = parse({ init: '{ uint64_t x; x=3; }' });
    expect(initialValue(test, { kind: 'location', location: 'x' })).toBe(3);
  });
});

describe('the program', () => {
  it('is read by columns, empty cells are nothing', () => {
    const rows = 'movq $1,(x) | ;\nmfence | movq (x),%rax ;\n | lfence ;';
    const test = parse({ columns: 'P0 | P1 ;', rows });
    const texts = test.threads.map(({ instructions }) => instructions.map(({ text }) => text));
    expect(texts).toEqual([
      ['movq $1,(x)', 'mfence'],
      ['movq (x),%rax', 'lfence'],
    ]);
  });

  it('knows where every instruction stands', () => {
    const rows = 'mfence | lfence ;';
    const test = parse({ columns: 'P0 | P1 ;', rows });
    const positions = test.threads.map(({ instructions }) => instructions[0]?.position);
    expect(positions).toEqual([
      { line: 4, column: 1 },
      { line: 4, column: 10 },
    ]);
  });

  it('has labels before instructions and at the end of a thread', () => {
    const rows = 'L0: cmpq $1,%rax ;\n je L1 ;\n jmp L0 ;\n L1: ;';
    const [thread] = parse({ rows }).threads;
    expect([...(thread?.labels ?? [])]).toEqual([
      ['L0', 0],
      ['L1', 3],
    ]);
  });

  it('names every location of a test, wherever it comes up', () => {
    const test = parse({
      init: '{ 0:rax=a; }',
      rows: 'movq $b,%rbx ;\n movq c(%rip),%rcx ;',
      condition: 'locations [d;] exists (e=0 /\\ 0:rbx=f)',
    });
    expect(test.locations).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });
});

describe('the observed', () => {
  it('are what the condition and locations name: registers by thread and number, then locations', () => {
    const test = parse({
      columns: 'P0 | P1 ;',
      rows: 'movq (y),%r8 | movq (x),%rax ;',
      condition: 'locations [1:rbx int; x; 0:r10 void*] exists (y=1 /\\ (1:rax=1 \\/ 0:r9=[z]))',
    });
    const keys = ['0:r9', '0:r10', '1:rax', '1:rbx', '[x]', '[y]', '[z]'];
    expect(test.observed.map(observableKey)).toEqual(keys);
  });

  it('are each named once, under the 64-bit name of a register', () => {
    const test = parse({ condition: 'exists (0:eax=1 \\/ 0:RAX=2 \\/ 0:al=3 \\/ [x]=1 \\/ x=2)' });
    expect(test.observed.map(observableKey)).toEqual(['0:rax', '[x]']);
  });
});
