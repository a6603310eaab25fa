import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compareOutcome } from '../../src/litmus/litmus-outcome.js';
import { parseExpected } from '../../src/litmus/parse-expected.js';
import { parseLitmus } from '../../src/litmus/parse-litmus.js';
import { LitmusSearch } from '../../src/litmus-search/litmus-search.js';

const FOLDER = fileURLToPath(new URL('../../../../examples/litmus', import.meta.url));
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.litmus'));
const table = parseExpected(readFileSync(`${FOLDER}/expected.tsv`, 'utf8'), 'expected.tsv');
const parse = (file: string) => parseLitmus(readFileSync(`${FOLDER}/${file}`, 'utf8'), file);

const SPIN = `X86_64 spin
{ x=0; }
 P0          | P1          ;
 movl $1,(x) | L0:         ;
             | movl (x),%eax ;
             | cmpl $1,%eax ;
             | jne L0      ;
exists (1:rax=1)`;

const BLINK = `X86_64 blink
{ x=0; }
 P0          | P1            ;
 L0:         | L1:           ;
 movl $1,(x) | movl (x),%eax ;
 movl $0,(x) | jmp L1        ;
 jmp L0      |               ;
exists (1:rax=1)`;

const COUNT = `X86_64 count
{ x=0; }
 P0        ;
 L0:       ;
 incl (x)  ;
 jmp L0    ;
exists (x=1)`;

describe.each(['sc', 'tso', 'weak'] as const)('a search under %s', (model) => {
  const search = new LitmusSearch(model);

  it.each(files)('finds exactly the final states of %s', (file) => {
    const { outcome, complete } = search.run(parse(file));
    expect(complete).toBe(true);
    expect(compareOutcome(outcome, table.get(file)!.outcomes[model]!)).toEqual({
      agrees: true,
      missing: [],
      unexpected: [],
    });
  });

  it('does the same again on a machine that has run other tests', () => {
    const first = new LitmusSearch(model).run(parse('SB.litmus'));
    search.run(parse('MP.litmus'));
    expect(search.run(parse('SB.litmus'))).toEqual(first);
  });

  it('ends a loop that waits for another thread', () => {
    const { outcome, complete } = search.run(parseLitmus(SPIN, 'spin.litmus'));
    expect({ outcome, complete }).toEqual({
      outcome: { verdict: 'Always', states: ['1:rax=1;'] },
      complete: true,
    });
  });

  it('ends where threads never do, but states come again', () => {
    const { complete, states } = search.run(parseLitmus(BLINK, 'blink.litmus'));
    expect(complete).toBe(true);
    expect(states).toBeLessThan(model === 'sc' ? 20 : model === 'tso' ? 200 : 5000);
  });

  it('keeps the registers of a thread that ended before the others went on', () => {
    const { outcome } = search.run(parse('LB.litmus'));
    expect(outcome.states).toEqual(['0:rax=0; 1:rax=0;', '0:rax=0; 1:rax=1;', '0:rax=1; 1:rax=0;']);
  });
});

describe('a search that is not complete', () => {
  it('says so when the executions run out', () => {
    const search = new LitmusSearch('tso');
    const { complete, executions } = search.run(parse('IRIW.litmus'), { executions: 3 });
    expect({ complete, executions }).toEqual({ complete: false, executions: 3 });
  });

  it('says so when a thread goes on for ever through new states', () => {
    const { complete } = new LitmusSearch('sc').run(parseLitmus(COUNT, 'count.litmus'));
    expect(complete).toBe(false);
  });
});
