import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROOT, SearchTree } from '../../src/search/search-tree.js';

function pathOf(tree: SearchTree, node: number): number[] {
  const path: number[] = [];
  const length = tree.path(node, path);
  return path.slice(0, length);
}

describe('SearchTree', () => {
  it('gives back the decisions of a path, first to last', () => {
    const tree = new SearchTree();
    const first = tree.extend(ROOT, 10);
    const second = tree.extend(first, 0xffffffff);
    const other = tree.extend(first, 30);
    expect(pathOf(tree, second)).toEqual([10, 0xffffffff]);
    expect(pathOf(tree, other)).toEqual([10, 30]);
    expect(pathOf(tree, ROOT)).toEqual([]);
  });

  it('hands out paths with the fewest events first, of these the one put in last', () => {
    const tree = new SearchTree();
    const [a, b, c, d] = [1, 2, 3, 4].map((decision) => tree.extend(ROOT, decision));
    tree.postpone(a!, 1);
    tree.postpone(b!, 0);
    tree.postpone(c!, 1);
    tree.postpone(d!, 3);
    expect(tree.next()).toEqual({ node: b, events: 0 });
    expect(tree.next()).toEqual({ node: c, events: 1 });
    tree.postpone(b!, 0);
    expect(tree.next()).toEqual({ node: b, events: 0 });
    expect(tree.next()).toEqual({ node: a, events: 1 });
    expect(tree.next()).toEqual({ node: d, events: 3 });
    expect(tree.next()).toBeUndefined();
    expect(tree.next()).toBeUndefined();
  });

  it('forgets all when it is cleared', () => {
    const tree = new SearchTree();
    tree.postpone(tree.extend(ROOT, 1), 2);
    tree.clear();
    expect(tree.next()).toBeUndefined();
    const node = tree.extend(ROOT, 7);
    tree.postpone(node, 0);
    expect(tree.next()).toEqual({ node, events: 0 });
    expect(pathOf(tree, node)).toEqual([7]);
  });

  it('is a tree and a stack for each number of events, whatever is done with it', () => {
    const operation = fc.oneof(
      fc.record({ parent: fc.nat(50), decision: fc.nat(0xffffffff), events: fc.nat(4) }),
      fc.constant('next' as const),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const tree = new SearchTree();
        const paths: number[][] = [];
        const waiting: { node: number; events: number }[] = [];
        for (const what of operations)
          if (what === 'next') {
            const least = Math.min(...waiting.map(({ events }) => events));
            const index = waiting.map(({ events }) => events).lastIndexOf(least);
            expect(tree.next()).toEqual(index < 0 ? undefined : waiting.splice(index, 1)[0]);
          } else {
            const parent = paths.length === 0 ? ROOT : what.parent % paths.length;
            const node = tree.extend(parent, what.decision);
            paths[node] = [...(paths[parent] ?? []), what.decision];
            tree.postpone(node, what.events);
            waiting.push({ node, events: what.events });
          }
        paths.forEach((path, node) => {
          expect(pathOf(tree, node)).toEqual(path);
        });
      }),
    );
  });

  it('grows beyond its first size and keeps every path', () => {
    const tree = new SearchTree();
    let node = ROOT;
    for (let depth = 0; depth < 5000; depth++) node = tree.extend(node, depth);
    expect(pathOf(tree, node)).toEqual(Array.from({ length: 5000 }, (_, depth) => depth));
  });
});
