import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Process } from '@rseqlab/sim-machine';
import { contentsFault } from './contents.js';
import { blockOf, blocksBytes, perCpuRoutine } from './per-cpu-section.js';
import type { StressStructure } from './stress-structure.js';

const { r0, r2, r5, r6, r7, r8 } = Registers;

const ITEMS_A_CPU = 2;
const ITEM_SHIFT = 4;
const ITEM_WORDS = 2;

/** Copies an item, word by word. */
function copy(section: ProgramBuilder, from: 'item' | 'slot', slotOffset: number): void {
  for (let word = 0; word < ITEM_WORDS; word++) {
    const [item, slot] = [word * 4, slotOffset + word * 4];
    if (from === 'item') section.ld32(r0, r2, item).st32(r0, r5, slot);
    else section.ld32(r0, r5, slot).st32(r0, r2, item);
  }
}

/**
 * push(r1: blocks, r2: from where) and pop(r1: blocks, r2: to where): a buffer of items of two words
 * for each CPU, which are copied inside of the section.
 *
 * | offset | holds                 |
 * |--------|-----------------------|
 * | 0      | how many items it has |
 * | 16     | item 0, and so on     |
 *
 * pop returns 0 when there is none.
 */
const BUFFER = ((): ProgramBuilder => {
  const builder = new ProgramBuilder('per-CPU memcpy buffer');
  perCpuRoutine(builder, 'push', (section) => {
    section.ld32(r7, r6).shli(r5, r7, ITEM_SHIFT).add(r5, r5, r6);
    copy(section, 'item', 1 << ITEM_SHIFT);
    section.addi(r7, r7, 1).st32(r7, r6);
  });
  return perCpuRoutine(builder, 'pop', (section, none) => {
    section.ld32(r7, r6).beq(r7, r8, none).shli(r5, r7, ITEM_SHIFT).add(r5, r5, r6);
    copy(section, 'slot', 0);
    section.li(r0, 1).addi(r7, r7, -1).st32(r7, r6);
  });
})().build();

/** The words of an item, which have to stay together. */
const itemWords = (item: number): readonly number[] => [item, ~item];

/** The item at an address; not a number when its words are of several. */
function itemAt(process: Process, address: number): number {
  const words = [0, 1].map((word) => process.read32(address + word * 4));
  const item = words[0]!;
  const isWhole = itemWords(item).every((word, i) => word === words[i]);
  return isWhole ? item : Number.NaN;
}

/** A buffer of copies for each CPU: threads copy an item out, and back in wherever they are then. */
export const MEMCPY_BUFFER: StressStructure = {
  name: 'memcpy buffer',
  create(machine, process) {
    const cpus = machine.cpus.possible;
    const base = process.allocate(blocksBytes(cpus));
    const installed = machine.install(BUFFER);
    const [push, pop] = [installed.routine('push'), installed.routine('pop')];
    const items: number[] = [];
    // One more item to push, and what was popped for good.
    const extra = process.allocate(1 << ITEM_SHIFT);
    const heldAt: number[] = [];
    let isPushed = false;
    for (const cpu of cpus) {
      const block = blockOf(base, cpu);
      for (let i = 0; i < ITEMS_A_CPU; i++) {
        const item = items.push(items.length + 1);
        const slot = block + ((i + 1) << ITEM_SHIFT);
        for (const [word, value] of itemWords(item).entries())
          process.write32(slot + word * 4, value);
      }
      process.write32(block, ITEMS_A_CPU);
    }
    const extraItem = items.push(items.length + 1);
    for (const [word, value] of itemWords(extraItem).entries())
      process.write32(extra + word * 4, value);
    return {
      *operate(t) {
        // Signal frames leave the words below the stack pointer alone.
        const own = t.stackPointer - 64;
        if ((yield* t.call(pop, base, own)) !== 0) yield* t.call(push, base, own);
      },
      *operateLittle(t, index) {
        const own = t.stackPointer - 64;
        if (index === 1) {
          yield* t.call(push, base, extra);
          isPushed = true;
        } else if ((yield* t.call(pop, base, own)) !== 0) {
          heldAt.push(own);
        }
      },
      fault() {
        const found = cpus.flatMap((cpu) => {
          const block = blockOf(base, cpu);
          const count = process.read32(block);
          return Array.from({ length: count }, (_, i) =>
            itemAt(process, block + ((i + 1) << ITEM_SHIFT)),
          );
        });
        const held = heldAt.map((address) => itemAt(process, address));
        return contentsFault(items, [...held, ...(isPushed ? [] : [extraItem]), ...found]);
      },
    };
  },
};
