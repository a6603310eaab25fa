import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import { contentsFault } from './contents.js';
import { blockOf, blocksBytes, perCpuRoutine } from './per-cpu-section.js';
import type { StressStructure } from './stress-structure.js';

const { r0, r2, r5, r6, r7, r8 } = Registers;

const ITEMS_A_CPU = 2;

/**
 * push(r1: blocks, r2: item) and pop(r1: blocks): a buffer of pointers for each CPU.
 *
 * | offset | holds                |
 * |--------|----------------------|
 * | 0      | how many items it has |
 * | 4      | item 0, and so on    |
 *
 * There is room for all items of the test. The committing store is that of the count; what lies
 * above it does not matter. pop returns 0 when there is none.
 */
const BUFFER = ((): ProgramBuilder => {
  const builder = new ProgramBuilder('per-CPU buffer');
  perCpuRoutine(builder, 'push', (section) =>
    section
      .ld32(r7, r6)
      .shli(r5, r7, 2)
      .add(r5, r5, r6)
      .st32(r2, r5, 4)
      .addi(r7, r7, 1)
      .st32(r7, r6),
  );
  return perCpuRoutine(builder, 'pop', (section, none) =>
    section
      .ld32(r7, r6)
      .beq(r7, r8, none)
      .shli(r5, r7, 2)
      .add(r5, r5, r6)
      .ld32(r0, r5)
      .addi(r7, r7, -1)
      .st32(r7, r6),
  );
})().build();

/** A buffer for each CPU: threads take an item and put it back, wherever they are then. */
export const BUFFER_OF_POINTERS: StressStructure = {
  name: 'buffer',
  create(machine, process) {
    const cpus = machine.cpus.possible;
    const base = process.allocate(blocksBytes(cpus));
    const installed = machine.install(BUFFER);
    const [push, pop] = [installed.routine('push'), installed.routine('pop')];
    const placed = cpus.flatMap((cpu) =>
      Array.from({ length: ITEMS_A_CPU }, (_, i) => 1 + cpu * ITEMS_A_CPU + i),
    );
    // Items that no buffer holds: one to push, and what was popped for good.
    const held = [placed.length + 1];
    const items = [...placed, ...held];
    for (const [i, item] of placed.entries()) {
      const block = blockOf(base, cpus[Math.floor(i / ITEMS_A_CPU)]!);
      const count = process.read32(block);
      process.write32(block + 4 + count * 4, item);
      process.write32(block, count + 1);
    }
    return {
      *operate(t) {
        const item = yield* t.call(pop, base);
        if (item !== 0) yield* t.call(push, base, item);
      },
      *operateLittle(t, index) {
        if (index === 0) {
          const item = yield* t.call(pop, base);
          if (item !== 0) held.push(item);
        } else yield* t.call(push, base, held.shift());
      },
      fault() {
        const found = cpus.flatMap((cpu) => {
          const block = blockOf(base, cpu);
          const count = process.read32(block);
          return Array.from({ length: count }, (_, i) => process.read32(block + 4 + i * 4));
        });
        return contentsFault(items, [...held, ...found]);
      },
    };
  },
};
