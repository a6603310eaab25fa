import { PerCpuCopyBuffer } from '@rseqlab/percpu';
import type { Process } from '@rseqlab/sim-machine';
import { contentsFault } from './contents.js';
import type { StressStructure } from './stress-structure.js';

const ITEMS_A_CPU = 2;
const ITEM_BYTES = 8;

/** The words of an item, which have to stay together. */
const itemWords = (item: number): readonly number[] => [item, ~item];

/** The item that words are; not a number when they are of several. */
function itemOf([first = 0, ...rest]: readonly number[]): number {
  return rest.every((word) => word === ~first) ? first : Number.NaN;
}

function itemAt(process: Process, address: number): number {
  return itemOf([process.read32(address), process.read32(address + 4)]);
}

/**
 * The copy buffers of the percpu package: threads copy an item out, and back in wherever they are
 * then.
 */
export const MEMCPY_BUFFER: StressStructure = {
  name: 'memcpy buffer',
  create(machine, process) {
    const cpus = machine.cpus.possible;
    const capacity = cpus.length * ITEMS_A_CPU + 1;
    const buffer = PerCpuCopyBuffer.create(machine, process, { capacity, itemBytes: ITEM_BYTES });
    const items: number[] = [];
    for (const cpu of cpus) {
      const own = Array.from({ length: ITEMS_A_CPU }, () => items.push(items.length + 1));
      buffer.fill(cpu, own.map(itemWords));
    }
    // One more item to push, and what was popped for good.
    const extra = process.allocate(ITEM_BYTES);
    const extraItem = items.push(items.length + 1);
    for (const [n, word] of itemWords(extraItem).entries()) process.write32(extra + 4 * n, word);
    const heldAt: number[] = [];
    let isPushed = false;
    return {
      *operate(t) {
        // Signal frames leave the words below the stack pointer alone.
        const own = t.stackPointer - 64;
        if (yield* buffer.pop(t, own)) yield* buffer.push(t, own);
      },
      *operateLittle(t, index) {
        const own = t.stackPointer - 64;
        if (index === 1) {
          yield* buffer.push(t, extra);
          isPushed = true;
        } else if (yield* buffer.pop(t, own)) heldAt.push(own);
      },
      fault() {
        const held = heldAt.map((address) => itemAt(process, address));
        const found = buffer.items().map(itemOf);
        return contentsFault(items, [...held, ...(isPushed ? [] : [extraItem]), ...found]);
      },
    };
  },
};
