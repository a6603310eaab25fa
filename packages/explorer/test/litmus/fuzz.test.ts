import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LitmusError } from '../../src/litmus/litmus-error.js';
import { parseExpected } from '../../src/litmus/parse-expected.js';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';

const WELL_FORMED = `X86_64 fuzz
"what it is about"
Cycle=Fre PodWR
{ uint64_t x; x=1; 0:rax=x; (* comment *) }
 P0                  | P1                   ;
 movq $1,(x)         | L0: cmpq $1,%rax     ;
 lock xaddq %rax,(y) | je L0                ;
 mfence              | movl 8(%rbx),%ecx    ;
locations [x; 0:rax;]
~exists (0:rax=1 /\\ not (x=2 \\/ [y]=0x10) => true)`;

const TABLE = 'file\tsc\ttso\tstates_sc\na/b.litmus\tNever\t-\t0:rax=1; [x]=2; | 0:rax=1; [x]=3;\n';

/** What reading a text throws; undefined when nothing. */
function thrownBy(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    return error;
  }
  return undefined;
}

function isSane(text: string, error: unknown): void {
  if (error === undefined) return;
  expect(error).toBeInstanceOf(LitmusError);
  const { line, column, message } = error as LitmusError;
  const lines = text.split('\n');
  expect(line).toBeGreaterThanOrEqual(1);
  expect(line).toBeLessThanOrEqual(lines.length);
  expect(column).toBeGreaterThanOrEqual(1);
  expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
  expect(message.startsWith(`fuzz:${line}:${column}: expected `)).toBe(true);
}

/** A text with a piece cut out and another put in. */
function mutationOf(original: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: original.length });
  const piece = fc.oneof(
    fc.string({ maxLength: 6, unit: 'binary' }),
    place.map((at) => original.charAt(at)),
    fc.constantFrom(
      '(*',
      '*)',
      '//',
      '"',
      '{',
      '}',
      ';',
      '|',
      '\t',
      '\n',
      '%',
      '$',
      '~',
      '((((',
      '=',
    ),
  );
  return fc
    .tuple(place, fc.nat({ max: 12 }), piece)
    .map(
      ([start, removed, added]) =>
        original.slice(0, start) + added + original.slice(start + removed),
    );
}

describe('parseLitmus', () => {
  it('accepts the text that the mutations start from', () => {
    expect(thrownBy(() => parseLitmus(WELL_FORMED, 'fuzz'))).toBeUndefined();
  });

  it('throws nothing but LitmusError, at a place that exists, for a damaged test', () => {
    fc.assert(
      fc.property(mutationOf(WELL_FORMED), (text) =>
        isSane(
          text,
          thrownBy(() => parseLitmus(text, 'fuzz')),
        ),
      ),
      { numRuns: 3000 },
    );
  });

  it('throws nothing but LitmusError for a test that is cut off anywhere', () => {
    for (let length = 0; length < WELL_FORMED.length; length++) {
      const text = WELL_FORMED.slice(0, length);
      isSane(
        text,
        thrownBy(() => parseLitmus(text, 'fuzz')),
      );
    }
  });

  it('throws nothing but LitmusError for any tokens in any order', () => {
    const tokens = WELL_FORMED.split(/(?<=\W)|(?=\W)/);
    const shuffled = fc.array(fc.constantFrom(...tokens), { maxLength: 80 });
    fc.assert(
      fc.property(shuffled, (pieces) => {
        const text = `X86_64 fuzz\n{ x=1; }\nP0 ;\n${pieces.join('')}`;
        isSane(
          text,
          thrownBy(() => parseLitmus(text, 'fuzz')),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('throws nothing but LitmusError for any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (text) =>
        isSane(
          text,
          thrownBy(() => parseLitmus(text, 'fuzz')),
        ),
      ),
    );
  });

  it('reads a megabyte of white space, comments and digits without hanging', () => {
    const filler = `${' '.repeat(300_000)}${'(*'.repeat(100_000)}${'*)'.repeat(100_000)}`;
    const text = WELL_FORMED.replace('x=1;', `${filler}x=${'0'.repeat(300_000)}1;`);
    expect(parseLitmus(text, 'fuzz').initial).toHaveLength(3);
  });
});

describe('parseExpected', () => {
  it('throws nothing but LitmusError, at a place that exists, for a damaged table', () => {
    expect(thrownBy(() => parseExpected(TABLE, 'fuzz'))).toBeUndefined();
    fc.assert(
      fc.property(mutationOf(TABLE), (text) =>
        isSane(
          text,
          thrownBy(() => parseExpected(text, 'fuzz')),
        ),
      ),
      { numRuns: 2000 },
    );
  });
});
