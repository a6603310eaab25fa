import type { StatePhases } from '@rseqlab/sim-machine';
import { describe, expect, it } from 'vitest';
import { MarkLists } from '../../../src/search/states/mark-lists.js';

/** The marks of a machine, which the test sets. */
function lists(): { readonly marks: number[]; readonly lists: MarkLists } {
  const marks: number[] = [];
  const phases: Pick<StatePhases, 'marks'> = {
    marks(out) {
      out.set(marks);
      return marks.length;
    },
  };
  return { marks, lists: new MarkLists(phases as StatePhases) };
}

describe('lists of CPUs on their way to user mode', () => {
  it('begin with that of none, which has no first', () => {
    const { lists: none } = lists();
    expect(none.look()).toBe(0);
    expect(none.first(0)).toBe(-1);
  });

  it('are taken from behind until none is left', () => {
    const { marks, lists: some } = lists();
    marks.push(1, 0, 2);
    const all = some.look();
    expect([...some.at(all)]).toEqual([1, 0, 2]);
    const order: number[] = [];
    for (let list = all; list !== 0; list = some.rest(list)) order.push(some.first(list));
    expect(order).toEqual([2, 0, 1]);
    expect(some.look()).toBe(all);
  });
});
