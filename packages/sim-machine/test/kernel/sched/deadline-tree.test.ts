import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateArena } from '../../../src/base/state-arena.js';
import { DeadlineTree } from '../../../src/kernel/sched/deadline-tree.js';
import { FAIR_ENTITY_STRIDE, FairField } from '../../../src/kernel/sched/fair-entity.js';

interface Forest {
  readonly entities: Float64Array;
  readonly tree: DeadlineTree;
}

function create(threads: number, cpus: number): Forest {
  const entities = new Float64Array(threads * FAIR_ENTITY_STRIDE);
  return { entities, tree: new DeadlineTree(new StateArena(), entities, cpus) };
}

function write(forest: Forest, thread: number, vruntime: number, deadline: number): void {
  forest.entities[thread * FAIR_ENTITY_STRIDE + FairField.Vruntime] = vruntime;
  forest.entities[thread * FAIR_ENTITY_STRIDE + FairField.Deadline] = deadline;
}

describe('DeadlineTree', () => {
  it('finds what a sorted scan finds, for any history of insertions, removals and charges', () => {
    const operation = fc.record({
      cpu: fc.nat(1),
      thread: fc.nat(11),
      vruntime: fc.nat(30),
      deadline: fc.nat(10),
      charge: fc.boolean(),
      limit: fc.nat(32),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 100 }), (operations) => {
        const forest = create(12, 2);
        const members = new Map<number, { cpu: number; vruntime: number; deadline: number }>();
        for (const { cpu, thread, vruntime, deadline, charge, limit } of operations) {
          const member = members.get(thread);
          if (member === undefined) {
            write(forest, thread, vruntime, deadline);
            forest.tree.insert(cpu, thread);
            members.set(thread, { cpu, vruntime, deadline });
          } else if (charge) {
            member.vruntime = vruntime;
            write(forest, thread, vruntime, member.deadline);
            forest.tree.vruntimeChanged(thread);
          } else {
            forest.tree.remove(member.cpu, thread);
            members.delete(thread);
          }
          for (const where of [0, 1]) {
            const expected = [...members]
              .filter(([, candidate]) => candidate.cpu === where && candidate.vruntime <= limit)
              .sort(([a, left], [b, right]) => left.deadline - right.deadline || a - b);
            expect(forest.tree.earliestEligible(where, limit)).toBe(expected[0]?.[0] ?? -1);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each(['ascending', 'descending', 'equal'])(
    'looks at O(log n) nodes with 10,000 threads inserted in %s order',
    (order) => {
      const count = 10_000;
      const forest = create(count, 1);
      const deadlineOf = (thread: number): number =>
        order === 'equal' ? 0 : order === 'ascending' ? thread : count - thread;
      for (let thread = 0; thread < count; thread++) {
        write(forest, thread, thread % 97, deadlineOf(thread));
        forest.tree.insert(0, thread);
      }
      const built = forest.tree.visits;
      for (let limit = 0; limit < 1000; limit++) forest.tree.earliestEligible(0, limit % 97);
      const searched = forest.tree.visits - built;
      for (let thread = 0; thread < count; thread++) forest.tree.remove(0, thread);
      const removed = forest.tree.visits - built - searched;
      // log2(10,000) is 13.3; a random search tree is about 1.39 times as deep on average.
      expect(built / count).toBeLessThan(40);
      expect(searched / 1000).toBeLessThan(40);
      expect(removed / count).toBeLessThan(40);
    },
  );
});
