import { PerCpuBuffer } from '@rseqlab/percpu';
import { contentsFault } from './contents.js';
import type { StressStructure } from './stress-structure.js';

const ITEMS_A_CPU = 2;

/** The buffers of the percpu package: threads take an item and put it back, wherever they are then. */
export const BUFFER_OF_POINTERS: StressStructure = {
  name: 'buffer',
  create(machine, process) {
    const cpus = machine.cpus.possible;
    // Room for all items in one of them.
    const buffer = PerCpuBuffer.create(machine, process, cpus.length * ITEMS_A_CPU + 1);
    const placed = cpus.flatMap((cpu, n) => {
      const own = Array.from({ length: ITEMS_A_CPU }, (_, i) => 1 + n * ITEMS_A_CPU + i);
      buffer.fill(cpu, own);
      return own;
    });
    // Items that no buffer holds: one to push, and what was popped for good.
    const held = [placed.length + 1];
    const items = [...placed, ...held];
    return {
      *operate(t) {
        const item = yield* buffer.pop(t);
        if (item !== 0) yield* buffer.push(t, item);
      },
      *operateLittle(t, index) {
        if (index === 0) {
          const item = yield* buffer.pop(t);
          if (item !== 0) held.push(item);
        } else yield* buffer.push(t, held.shift()!);
      },
      fault: () => contentsFault(items, [...held, ...buffer.pointers()]),
    };
  },
};
