import { describe, expect, it } from 'vitest';
import { LitmusError } from '../../src/litmus/litmus-error.js';
import { parseExpected } from '../../src/litmus/parse-expected.js';

const HEADER = 'file\tsc\ttso\tpso\tstates_sc\tstates_tso';

/** The complaint about a table: code and message. */
function complaint(text: string): string {
  try {
    parseExpected(text, 'e.tsv');
  } catch (error) {
    if (error instanceof LitmusError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'nothing';
}

describe('parseExpected', () => {
  it('gives verdict and states of every model that a row states', () => {
    const row = 'd/SB.litmus\tNever\tSometimes\t-\t0:rax=1; 1:rax=0;\t0:rax=0; | 0:rax=1;';
    expect([...parseExpected(`${HEADER}\n${row}\n`, 'e.tsv').values()]).toEqual([
      {
        file: 'd/SB.litmus',
        outcomes: {
          sc: { verdict: 'Never', states: ['0:rax=1; 1:rax=0;'] },
          tso: { verdict: 'Sometimes', states: ['0:rax=0;', '0:rax=1;'] },
        },
      },
    ]);
  });

  it('takes columns in any order and lets all but the file be missing', () => {
    const table = parseExpected('tso\tfile\nAlways\ta\n\n', 'e.tsv');
    expect(table.get('a')?.outcomes).toEqual({ tso: { verdict: 'Always' } });
  });

  it('may end its lines as Windows does', () => {
    const table = parseExpected('file\tsc\r\na\tNever\r\n', 'e.tsv');
    expect(table.get('a')?.outcomes).toEqual({ sc: { verdict: 'Never' } });
  });

  it('takes addresses and negative numbers as values', () => {
    const table = parseExpected('file\tsc\tstates_sc\na\tNever\t0:rax=x; [y]=-1;\n', 'e.tsv');
    expect(table.get('a')?.outcomes.sc?.states).toEqual(['0:rax=x; [y]=-1;']);
  });

  it('takes the verdict of the kernel memory model, with deadlocks and flags', () => {
    const rows = 'a\tDEADLOCK\t2\nb\tFlag srcu-bad-nesting\t2\nc\t-\t1\n';
    const table = parseExpected(`file\tverdict\tprocesses\n${rows}`, 'e.tsv');
    expect([...table.values()]).toEqual([
      { file: 'a', outcomes: {}, lkmm: 'DEADLOCK' },
      { file: 'b', outcomes: {}, lkmm: 'Flag srcu-bad-nesting' },
      { file: 'c', outcomes: {} },
    ]);
  });

  const bad = 'ERR_LITMUS_EXPECTED e.tsv:';
  const columns =
    'file, sc, tso, pso, weak, states_sc, states_tso, states_pso, states_weak, verdict, processes';
  it.each([
    ['', `${bad}1:1: expected a column, each once, of ${columns}, got nothing`],
    ['sc\ttso\n', `${bad}1:1: expected a column 'file', got 'sc tso'`],
    ['file\tscc\n', `${bad}1:6: expected a column, each once, of ${columns}, got 'scc'`],
    ['file\tsc\tsc\n', `${bad}1:9: expected a column, each once, of ${columns}, got 'sc'`],
    ['file\tsc\na\n', `${bad}2:1: expected 2 cells with tabs between them, got 1`],
    ['file\tsc\na\tNever\tNever\n', `${bad}2:1: expected 2 cells with tabs between them, got 3`],
    ['file\tsc\n\tNever\n', `${bad}2:1: expected the path of a test, got nothing`],
    ['file\tsc\na\tNever\n\na\t-', `${bad}4:1: expected a test that has no row yet, got 'a'`],
    [
      'file\tsc\na\tOften\n',
      `${bad}2:3: expected Never, Sometimes, Always, DEADLOCK, 'Flag ...' or '-', got 'Often'`,
    ],
    [
      'file\tsc\tstates_sc\na\t-\t0:rax=1;\n',
      `${bad}2:5: expected '-', since no verdict is stated either, got '0:rax=1;'`,
    ],
    [
      'file\tsc\tstates_sc\na\tNever\t0:rax=1; | x=1;\n',
      `${bad}2:20: expected a state such as 0:rax=1; [x]=2;, got 'x=1;'`,
    ],
    [
      'file\tsc\tstates_sc\na\tNever\t0:rax=1;  [x]=1;\n',
      `${bad}2:9: expected a state such as 0:rax=1; [x]=2;, got '0:rax=1; [x]=1;'`,
    ],
  ])('refuses %j', (text, expected) => {
    expect(complaint(text)).toBe(expected);
  });
});
