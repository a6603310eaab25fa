import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CacheLines } from '../../src/cpu/cache-lines.js';
import { CacheOutcome, CROSSES_NODE } from '../../src/cpu/cache-outcome.js';

const { Hit, MemoryFetch, RemoteClean, RemoteDirty, Upgrade, FetchAndUpgrade } = CacheOutcome;
const ONE_NODE = new Int32Array(8);
/** CPUs 0 to 3 on node 0, 4 to 7 on node 1. */
const TWO_NODES = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1);

type Step = readonly [cpu: number, kind: 'read' | 'write', outcome: number];

function run(nodeOf: Int32Array, steps: readonly Step[]): void {
  const lines = new CacheLines(nodeOf);
  for (const [cpu, kind, outcome] of steps)
    expect([cpu, kind, lines.access(cpu, 77, kind === 'write')]).toEqual([cpu, kind, outcome]);
}

describe('CacheLines', () => {
  it.each<[string, readonly Step[]]>([
    [
      'a CPU hits what it wrote',
      [
        [0, 'write', MemoryFetch],
        [0, 'write', Hit],
        [0, 'read', Hit],
      ],
    ],
    [
      'a line read by one CPU alone is written without asking anybody (exclusive)',
      [
        [0, 'read', MemoryFetch],
        [0, 'write', Hit],
      ],
    ],
    [
      'two writers pass the dirty line to and fro',
      [
        [0, 'write', MemoryFetch],
        [1, 'write', RemoteDirty],
        [0, 'write', RemoteDirty],
        [1, 'write', RemoteDirty],
      ],
    ],
    [
      'readers share: each fetches once, and then hits',
      [
        [0, 'write', MemoryFetch],
        [1, 'read', RemoteDirty],
        [2, 'read', RemoteClean],
        [0, 'read', Hit],
        [1, 'read', Hit],
        [2, 'read', Hit],
      ],
    ],
    [
      'a write to a shared line makes the others drop it',
      [
        [0, 'read', MemoryFetch],
        [1, 'read', RemoteClean],
        [0, 'write', Upgrade],
        [0, 'write', Hit],
        [1, 'read', RemoteDirty],
        [0, 'read', Hit],
        [1, 'write', Upgrade],
      ],
    ],
    [
      'a CPU that has no copy fetches the shared line and makes the others drop it',
      [
        [0, 'read', MemoryFetch],
        [1, 'read', RemoteClean],
        [2, 'write', FetchAndUpgrade],
        [0, 'read', RemoteDirty],
      ],
    ],
    [
      'a clean line is taken over for writing',
      [
        [0, 'read', MemoryFetch],
        [1, 'write', RemoteClean],
        [0, 'read', RemoteDirty],
      ],
    ],
  ])('%s', (_, steps) => run(ONE_NODE, steps));

  it('tells when another node takes part', () => {
    run(TWO_NODES, [
      [0, 'write', MemoryFetch],
      [4, 'write', RemoteDirty + CROSSES_NODE],
      [5, 'write', RemoteDirty],
      [0, 'read', RemoteDirty + CROSSES_NODE],
      [1, 'read', RemoteClean],
      [4, 'read', RemoteClean],
      [1, 'write', Upgrade + CROSSES_NODE],
      [2, 'read', RemoteDirty],
      [3, 'write', FetchAndUpgrade],
    ]);
  });

  it('tells when copies on another node have to be dropped, or are all there are', () => {
    run(TWO_NODES, [
      [0, 'read', MemoryFetch],
      [4, 'read', RemoteClean + CROSSES_NODE],
      [1, 'write', FetchAndUpgrade + CROSSES_NODE],
      [2, 'read', RemoteDirty],
      [5, 'write', FetchAndUpgrade + CROSSES_NODE],
    ]);
  });

  it('agrees with MESI kept in plain sets, for any history', () => {
    const step = fc.tuple(fc.nat(7), fc.nat(3), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const lines = new CacheLines(ONE_NODE);
        const holders = new Map<number, Set<number>>();
        const dirty = new Set<number>();
        for (const [cpu, line, writes] of steps) {
          const having = holders.get(line) ?? new Set<number>();
          holders.set(line, having);
          const others = [...having].some((holder) => holder !== cpu);
          let expected: number;
          if (having.size === 0) expected = MemoryFetch;
          else if (having.has(cpu)) expected = writes && others ? Upgrade : Hit;
          else if (dirty.has(line)) expected = RemoteDirty;
          else expected = writes && having.size > 1 ? FetchAndUpgrade : RemoteClean;
          expect(lines.access(cpu, line, writes)).toBe(expected);
          if (writes) {
            having.clear();
            dirty.add(line);
          } else if (!having.has(cpu)) dirty.delete(line);
          having.add(cpu);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is empty after a reset, whatever was in it', () => {
    const lines = new CacheLines(ONE_NODE);
    for (let line = 0; line < 1000; line++) lines.access(line % 8, line, line % 3 === 0);
    lines.reset();
    for (let line = 0; line < 1000; line++) expect(lines.access(0, line, false)).toBe(MemoryFetch);
    expect(lines.access(1, 5, false)).toBe(RemoteClean);
  });

  it('empties the caches at the same place of a run, whatever ran before', () => {
    const outcomes = (lines: CacheLines): number[] =>
      Array.from({ length: 100 }, (_, step) => lines.access(step % 2, step % 5, true));
    const limit = 30;
    const fresh = outcomes(new CacheLines(ONE_NODE, 1024, limit));
    expect(fresh.lastIndexOf(MemoryFetch)).toBeGreaterThan(limit);
    const used = new CacheLines(ONE_NODE, 1024, limit);
    for (let before = 0; before < 200; before++) {
      used.access(before % 8, before, true);
      if (before % 7 !== 0) continue;
      used.reset();
      expect(outcomes(used)).toEqual(fresh);
      used.reset();
    }
  });

  it('fetches a line again that had to make room', () => {
    const lines = new CacheLines(ONE_NODE, 64);
    for (let line = 0; line < 1000; line++) lines.access(0, line, true);
    let again = 0;
    for (let line = 0; line < 1000; line++)
      if (lines.access(0, line, true) === MemoryFetch) again++;
    expect(again).toBeGreaterThan(900);
  });

  it('keeps all of a working set of consecutive lines that fits', () => {
    const lines = new CacheLines(ONE_NODE);
    for (let line = 0; line < 4096; line++) lines.access(0, line, true);
    let hits = 0;
    for (let line = 0; line < 4096; line++) if (lines.access(0, line, true) === Hit) hits++;
    expect(hits).toBe(4096);
  });

  it('works for 4096 CPUs that share one line', () => {
    const lines = new CacheLines(new Int32Array(4096));
    for (let cpu = 0; cpu < 4096; cpu++) lines.access(cpu, 9, false);
    let hits = 0;
    for (let cpu = 0; cpu < 4096; cpu++) if (lines.access(cpu, 9, false) === Hit) hits++;
    expect(hits).toBeGreaterThan(3900);
    expect(lines.access(17, 9, true)).toBe(Upgrade);
    expect(lines.access(18, 9, false)).toBe(RemoteDirty);
  });

  it.each([0, 1, 3, 1000, 2 ** 23, 2.5])('refuses a capacity of %d lines', (capacity) => {
    expect(() => new CacheLines(ONE_NODE, capacity)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG' }),
    );
  });
});
