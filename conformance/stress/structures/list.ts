import { ProgramBuilder, Registers } from '@rseqlab/sim-machine';
import type { Process } from '@rseqlab/sim-machine';
import { contentsFault } from './contents.js';
import { blockOf, blocksBytes, perCpuRoutine } from './per-cpu-section.js';
import type { StressStructure } from './stress-structure.js';

const { r0, r2, r5, r6, r7, r8 } = Registers;

const NODES_A_CPU = 2;
const NODE_BYTES = 16;

/**
 * push(r1: blocks, r2: node) and pop(r1: blocks): a stack of nodes for each CPU. A node's first word
 * is the next one; pop returns 0 when there is none.
 */
const STACK = ((): ProgramBuilder => {
  const builder = new ProgramBuilder('per-CPU list');
  perCpuRoutine(builder, 'push', (section) => section.ld32(r7, r6).st32(r7, r2).st32(r2, r6));
  return perCpuRoutine(builder, 'pop', (section, none) =>
    section.ld32(r7, r6).beq(r7, r8, none).mov(r0, r7).ld32(r5, r7).st32(r5, r6),
  );
})().build();

/** A list for each CPU: threads take a node and put it back, wherever they are then. */
export const LIST: StressStructure = {
  name: 'list',
  create(machine, process) {
    const cpus = machine.cpus.possible;
    const base = process.allocate(blocksBytes(cpus));
    const installed = machine.install(STACK);
    const [push, pop] = [installed.routine('push'), installed.routine('pop')];
    // Nodes that no list holds: one to push, and what was popped for good.
    const held = [process.allocate(NODE_BYTES, NODE_BYTES)];
    const nodes = [...held];
    for (const cpu of cpus)
      for (let i = 0; i < NODES_A_CPU; i++) {
        const node = process.allocate(NODE_BYTES, NODE_BYTES);
        process.write32(node, process.read32(blockOf(base, cpu)));
        process.write32(blockOf(base, cpu), node);
        nodes.push(node);
      }
    return {
      *operate(t) {
        const node = yield* t.call(pop, base);
        if (node !== 0) yield* t.call(push, base, node);
      },
      *operateLittle(t, index) {
        if (index === 0) {
          const node = yield* t.call(pop, base);
          if (node !== 0) held.push(node);
        } else yield* t.call(push, base, held.shift());
      },
      fault() {
        const lists = cpus.map((cpu) => nodesFrom(process, blockOf(base, cpu), nodes.length));
        return contentsFault(nodes, [...held, ...lists.flat()]);
      },
    };
  },
};

/** The nodes of a list, and one more than there can be if it is a ring. */
function nodesFrom(process: Process, head: number, most: number): readonly number[] {
  const found: number[] = [];
  for (let node = process.read32(head); node !== 0; node = process.read32(node)) {
    found.push(node);
    if (found.length > most) break;
  }
  return found;
}
