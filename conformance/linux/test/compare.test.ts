import { describe, expect, it } from 'vitest';
import { compare, unused } from '../compare/compare.js';
import type { ComparedCase, Comparison } from '../compare/compare.js';
import { isRelease } from '../compare/release.js';
import { countRows } from '../report/conformance-report.js';
import { reportText } from '../report/report-text.js';

const GROUPS = [{ topic: 'topic', scripts: { one: 'one', two: 'two' } }];
const EXPLANATION = {
  reason: 'because',
  kernels: ['6.3', '6.19'],
  profiles: ['v6.1'],
  answers: { one: ['1', '2'] },
} as const;

function comparison(
  real: Record<string, string>,
  simulated: string,
  release = '6.18.4-fc',
): Comparison {
  return {
    release,
    profile: 'v6.1',
    explanations: [EXPLANATION],
    real: new Map(Object.entries(real)),
    askSimulated: () => ({ values: simulated }),
  };
}

const agreements = (setting: Comparison): readonly string[] =>
  compare(GROUPS, setting).map(({ agreement }) => agreement);

describe('two answers', () => {
  it('agree when they are the same text', () => {
    expect(agreements(comparison({ one: '2', two: '2' }, '2'))).toEqual(['agree', 'agree']);
  });

  it('are explained when the data file has this pair for this kernel, and only then', () => {
    expect(agreements(comparison({ one: '1', two: '2' }, '2'))[0]).toBe('explained');
    expect(agreements(comparison({ one: '3', two: '2' }, '2'))[0]).toBe('disagree');
    expect(agreements(comparison({ one: '1', two: '2' }, '4'))[0]).toBe('disagree');
    expect(agreements(comparison({ one: '1', two: '2' }, '2', '6.19.0'))[0]).toBe('disagree');
    expect(agreements(comparison({ one: '1', two: '2' }, '2', '6.2.0'))[0]).toBe('disagree');
  });

  it('disagree when the kernel gave none', () => {
    expect(agreements(comparison({ one: '2' }, '2'))).toEqual(['agree', 'disagree']);
  });

  it('are not compared where a side cannot be asked', () => {
    const setting = comparison({ one: '0 unavailable:one-cpu', two: '2' }, '2');
    expect(agreements(setting)).toEqual(['unavailable', 'agree']);
    const silent = { ...setting, askSimulated: () => ({ inexpressible: 'no such thing' }) };
    expect(agreements(silent)).toEqual(['inexpressible', 'inexpressible']);
  });

  it('that agree make an explanation of their disagreement out of date', () => {
    const setting = comparison({ one: '2', two: '2' }, '2');
    expect(unused(compare(GROUPS, setting), setting)).toEqual(['one']);
    const other = comparison({ one: '2', two: '2' }, '2', '6.19.0');
    expect(unused(compare(GROUPS, other), other)).toEqual([]);
  });
});

it('a release is between two others by its first two numbers', () => {
  expect(isRelease('6.18.44-fc', '6.3', '6.19')).toBe(true);
  expect(isRelease('6.3', '6.3', '6.19')).toBe(true);
  expect(isRelease('6.19-rc1', '6.3', '6.19')).toBe(false);
  expect(isRelease('10.0', '6.3')).toBe(true);
  expect(isRelease('nonsense', '6.3', '6.19')).toBe(false);
});

it('the report names kernel, profile, rows, reasons and counts', () => {
  const rows: readonly ComparedCase[] = compare(GROUPS, comparison({ one: '1', two: '5' }, '2'));
  const text = reportText({
    kernel: {
      release: '6.18.4',
      version: '#1',
      kind: 'gvisor',
      virtual: true,
      debugRseq: 'unknown',
      cpus: 2,
    },
    profile: 'v6.1',
    profileReason: 'as asked for',
    rows,
    counts: countRows(rows),
    outdated: ['two'],
  });
  expect(text).toContain('gVisor, which is not Linux');
  expect(text).toContain('profile v6.1, as asked for');
  expect(text).toMatch(/one .* 1 .* 2 .* no, explained/);
  expect(text).toMatch(/two .* 5 .* 2 .* NO/);
  expect(text).toContain('one:\n  because');
  expect(text).toContain('two: agrees, although');
  expect(text).toContain('2 cases: 0 agree, 1 differ for a known reason, 1 differ');
});
