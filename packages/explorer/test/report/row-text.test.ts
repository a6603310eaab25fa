import { describe, expect, it } from 'vitest';
import { rowText } from '../../src/report/row-text.js';
import type { TraceAccess, TraceRow } from '../../src/trace/run-trace.js';

const access = (parts: Partial<TraceAccess>): TraceAccess => ({
  kind: 'load',
  address: 0x40,
  size: 4,
  value: 1,
  ...parts,
});
const row = (parts: Partial<TraceRow>): TraceRow => ({
  kind: 'step',
  cpu: 0,
  thread: 2,
  text: 'ld32 r6, [r5]',
  accesses: [],
  ...parts,
});

describe('an access', () => {
  it.each([
    [access({}), '[0x40] is 1'],
    [access({ kind: 'store', value: -1 }), '[0x40] = -1'],
    [access({ kind: 'store', value: 0x10000000 }), '[0x40] = 0x10000000'],
    [access({ kind: 'buffered' }), '[0x40] = 1, buffered'],
    [access({ kind: 'visible' }), '[0x40] = 1 now visible'],
    [access({ kind: 'atomic', result: 3 }), '[0x40]: 1 -> 3'],
    [access({ kind: 'atomic', result: 1 }), '[0x40] stays 1'],
    [access({ kind: 'visible', address: -1 }), '[?] = 1 now visible'],
    [access({ kind: 'fence', address: -1 }), ''],
  ])('%j reads "%s"', (made, text) => {
    expect(rowText(row({ text: 'x', accesses: [made] }))).toBe(
      text === '' ? 'T2 x' : `T2 x  ${text}`,
    );
  });
});

describe('a row', () => {
  it('names the thread of a step and what it accessed', () => {
    expect(rowText(row({ accesses: [access({})] }))).toBe('T2 ld32 r6, [r5]  [0x40] is 1');
  });

  it('marks kernel events, aborts and consequences', () => {
    expect(rowText(row({ kind: 'event', text: 'tick' }))).toBe('>> tick');
    expect(rowText(row({ kind: 'abort', text: 'abort' }))).toBe('!! abort');
    expect(rowText(row({ kind: 'switch', text: 'T1 sleeps' }))).toBe('-- T1 sleeps');
  });

  it('leaves out what is too much', () => {
    const accesses = [1, 2, 3, 4].map((value) => access({ value }));
    expect(rowText(row({ text: 'x', accesses }))).toBe(
      'T2 x  [0x40] is 1, [0x40] is 2, [0x40] is 3, ...',
    );
  });
});
