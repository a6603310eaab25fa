import { describe, expect, it } from 'vitest';
import { addressVariables } from '../../src/lkmm/address-variables.js';
import { liveVariables } from '../../src/lkmm/live-variables.js';
import { parseLkmm } from '../../src/lkmm/parse-lkmm.js';
import { tinyLkmm } from './tiny-lkmm.js';

const bodyOf = (body: string) => parseLkmm(tinyLkmm({ body }), 'f').threads[0]!.body;

/** What matters at the start, and behind each call in the order of the text. */
function live(body: string, atEnd: readonly string[] = []): readonly string[] {
  const statements = bodyOf(body);
  const { atEntry, behindCalls } = liveVariables(statements, new Set(atEnd));
  const calls = [...behindCalls].sort(
    ([left], [right]) => left.position.line - right.position.line,
  );
  return [atEntry, ...calls.map(([, set]) => set)].map((set) => [...set].sort().join(' '));
}

describe('liveVariables', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['r0 = 1;\nrcu_read_lock();\n*x = r0;', [], ['', 'r0']],
    ['r0 = 1;\nrcu_read_lock();\nr0 = 2;\n*x = r0;', [], ['', '']],
    ['r0 = 1;\nrcu_read_lock();', ['r0'], ['', 'r0']],
    ['int r0;\n*x = r0;', [], ['r0']],
    ['r0 = 0;\nr1 = 1;\nrcu_read_lock();\nif (r0) *x = r1;', [], ['', 'r0 r1']],
    ['r0 = srcu_read_lock(s);\nsrcu_read_unlock(s, r0);', [], ['', 'r0', '']],
    ['r0 = 0;\nwhile (*x) {\nrcu_read_lock();\n*y = r0;\nr0 = 1;\n}', [], ['', 'r0']],
    [
      'r0 = 0;\nwhile (1) {\nrcu_read_lock();\nif (*x) break;\nr0 = 2;\n}\n*y = r0;',
      [],
      ['', 'r0'],
    ],
  ])('%j', (body, atEnd, expected) => {
    expect(live(body, atEnd)).toEqual(expected);
  });
});

describe('addressVariables', () => {
  it('finds what addresses are computed from, wherever they stand', () => {
    const body = `int r0 = 0; int r1 = 0; int r2 = 0; int r3 = 0; int r4 = 0;
      WRITE_ONCE(*(int *)r0, r4); if (READ_ONCE(*(int *)r1)) *x = *(int *)(r2 + r4 * 0);
      while (xchg((int *)r3, r4)) ;`;
    expect([...addressVariables(bodyOf(body))].sort()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
    expect([...addressVariables(bodyOf('r0 = *x; *y = r0;'))]).toEqual([]);
  });
});
