import { PerCpuList } from '@rseqlab/percpu';
import { contentsFault } from './contents.js';
import type { StressStructure } from './stress-structure.js';

const NODES_A_CPU = 2;
const NODE_BYTES = 16;

/** The lists of the percpu package: threads take a node and put it back, wherever they are then. */
export const LIST: StressStructure = {
  name: 'list',
  create(machine, process) {
    const list = PerCpuList.create(machine, process);
    // Nodes that no list holds: one to push, and what was popped for good.
    const held = [process.allocate(NODE_BYTES, NODE_BYTES)];
    const nodes = [...held];
    for (const cpu of machine.cpus.possible)
      for (let i = 0; i < NODES_A_CPU; i++) {
        const node = process.allocate(NODE_BYTES, NODE_BYTES);
        list.prepend(cpu, node);
        nodes.push(node);
      }
    return {
      *operate(t) {
        const node = yield* list.pop(t);
        if (node !== 0) yield* list.push(t, node);
      },
      *operateLittle(t, index) {
        if (index === 0) {
          const node = yield* list.pop(t);
          if (node !== 0) held.push(node);
        } else yield* list.push(t, held.shift()!);
      },
      // One more than there can be, if a list is a ring.
      fault: () => contentsFault(nodes, [...held, ...list.nodes(nodes.length + 1)]),
    };
  },
};
