import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { StateArena } from '../../../src/base/state-arena.js';
import { ProcessColumns } from '../../../src/kernel/process/process-columns.js';
import { ThreadBlocks } from '../../../src/kernel/process/thread-blocks.js';

const SLOTS = 8;
const slot = fc.integer({ min: 0, max: SLOTS - 1 });

describe('thread blocks', () => {
  it('stay with a forked thread, and are never shared in a process, however often it forks', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(slot, slot), { maxLength: 5 }), (forks) => {
        const blocks = new ThreadBlocks(new ProcessColumns(new StateArena(), 8));
        for (const [process, [parent, child]] of forks.entries()) {
          const block = blocks.blockOf(parent, process);
          blocks.move(child, process + 1, block);
          expect(blocks.blockOf(child, process + 1)).toBe(block);
          const used = Array.from({ length: SLOTS }, (_, n) => blocks.blockOf(n, process + 1));
          expect(new Set(used).size).toBe(SLOTS);
          expect(Math.max(...used)).toBe(SLOTS - 1);
        }
      }),
    );
  });

  it('are those of the slots again after exec', () => {
    const blocks = new ThreadBlocks(new ProcessColumns(new StateArena(), 1));
    blocks.move(3, 0, 1);
    blocks.reset(0);
    expect([blocks.blockOf(3, 0), blocks.blockOf(1, 0)]).toEqual([3, 1]);
  });
});
