import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ThreadLists } from '../../../src/kernel/sched/thread-lists.js';

const LISTS = 3;
const THREADS = 8;

function contents(lists: ThreadLists, list: number): number[] {
  const threads: number[] = [];
  for (let thread = lists.first(list); thread >= 0; thread = lists.following(thread))
    threads.push(thread);
  return threads;
}

describe('ThreadLists', () => {
  it('behaves as arrays do, for any sequence of operations', () => {
    const operation = fc.tuple(fc.nat(2), fc.nat(LISTS - 1), fc.nat(THREADS - 1));
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
        const next = new Int32Array(THREADS).fill(-1);
        const lists = new ThreadLists(
          new Int32Array(LISTS).fill(-1),
          next,
          new Int32Array(THREADS).fill(-1),
        );
        const model: number[][] = Array.from({ length: LISTS }, () => []);
        for (const [kind, list, thread] of operations) {
          const home = model.findIndex((members) => members.includes(thread));
          if (home >= 0) {
            lists.remove(home, thread);
            model[home] = model[home]!.filter((member) => member !== thread);
          } else if (kind === 0) {
            lists.prepend(list, thread);
            model[list]!.unshift(thread);
          } else {
            lists.append(list, thread);
            model[list]!.push(thread);
          }
          for (const [index, members] of model.entries()) {
            expect(contents(lists, index)).toEqual(members);
            expect(lists.hasSeveral(index)).toBe(members.length > 1);
          }
        }
        const listed = model.flat();
        for (const [thread, link] of next.entries())
          if (!listed.includes(thread)) expect(link).toBe(-1);
      }),
    );
  });
});
