import { describe, expect, it } from 'vitest';
import { RSEQ_PROFILES } from '@rseqlab/rseq-runtime';
import { CASE_GROUPS } from '../cases/all-cases.js';
import { operationsOf } from '../cases/conformance-case.js';
import { EXPLANATIONS } from '../compare/explanations.js';
import { askSimulated } from '../simulated/simulated-kernel.js';

const scripts = CASE_GROUPS.flatMap((group) => Object.entries(group.scripts));
const names = scripts.map(([name]) => name);
const answerTo = (script: string, aborts = true): string => {
  const answer = askSimulated({ script }, 'v6.1', aborts);
  return 'values' in answer ? answer.values : answer.inexpressible;
};

describe('the cases', () => {
  it('have names of their own, each one word', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => /\s/.test(name))).toEqual([]);
  });

  it.each(RSEQ_PROFILES)('all end on a simulated kernel of profile %s', (profile) => {
    const stuck = scripts.filter(([, script]) => {
      const answer = askSimulated({ script }, profile);
      return 'values' in answer && (answer.values === '' || answer.values.includes('timeout'));
    });
    expect(stuck).toEqual([]);
  });

  it('are the ones that explanations name', () => {
    const explained = EXPLANATIONS.flatMap(({ answers }) => Object.keys(answers));
    expect(explained.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('a script on the simulated kernel', () => {
  it('is split at semicolons and blanks', () => {
    expect(operationsOf(' rseq a 32 0 S;  field cpu_id ; ')).toEqual([
      ['rseq', 'a', '32', '0', 'S'],
      ['field', 'cpu_id'],
    ]);
  });

  it.each([
    ['an unknown operation', 'jump'],
    ['an unknown address', 'rseq z 32 0 S'],
    ['an unknown field', 'field cpu'],
    ['an unknown event', 'inside earthquake'],
    ["a field that is not the descriptor's", 'describe cpu_id 1'],
  ])('with %s is refused', (_what, script) => {
    expect(() => askSimulated({ script }, 'v6.1')).toThrow(RangeError);
  });

  it('prints the signal that killed the process last', () => {
    expect(answerTo('rseq a 32 0 S; describe version 1; inside preempt; left')).toBe('0 SIGSEGV');
  });

  it('goes on in the child, the thread and the new program', () => {
    for (const handOver of ['fork', 'thread', 'exec'])
      expect(answerTo(`${handOver}; rseq a 32 0 S; rseq a 32 0 S`)).toBe('0 EBUSY');
  });

  it.each([
    'sleep',
    'preempt',
    'migrate',
    'membarrier',
    'membarrier-cpu',
    'signal',
    'sleeping-fault',
  ])('of a section under %s commits where the kernel does not abort', (event) => {
    const script = `rseq a 32 0 S; inside ${event}`;
    expect(answerTo(script)).toBe('0 aborted');
    expect(answerTo(script, false)).toBe('0 committed');
  });
});
