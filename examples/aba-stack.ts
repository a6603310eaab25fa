// A stack without locks whose pop is taken in by a node that left and came back: the ABA problem.
import { scenario } from '@rseqlab/explorer';
import type { Operation, Thread } from '@rseqlab/sim-machine';

const NODES = 3;
/** Links are numbers of nodes, 1 and up; 0 is the end. */
const link = (links: number, node: number): number => links + 4 * node;

function* pop(t: Thread, links: number): Operation<number> {
  const top = yield* t.loadAcquire(link(links, 0));
  if (top === 0) return 0;
  const next = yield* t.loadAcquire(link(links, top));
  // In between, the top may have left and come back with another node behind it.
  return (yield* t.compareExchange(link(links, 0), top, next)) === top ? top : 0;
}

function* push(t: Thread, links: number, node: number): Operation<void> {
  const top = yield* t.loadAcquire(link(links, 0));
  yield* t.store(link(links, node), top);
  yield* t.compareExchange(link(links, 0), top, node);
}

export default scenario({
  name: 'stack with ABA',
  machine: { cpus: 2 },
  events: { migration: false },
  setup({ process }) {
    const links = process.allocate(4 * (NODES + 1));
    const taken = process.allocate(8);
    for (let node = 0; node < NODES; node++) process.write32(link(links, node), node + 1);
    process.spawn(function* takesOne(t) {
      yield* t.store(taken, yield* pop(t, links));
    });
    process.spawn(function* takesTwoAndReturnsOne(t) {
      const first = yield* pop(t, links);
      yield* t.store(taken + 4, yield* pop(t, links));
      yield* push(t, links, first);
    });
    return { links, taken };
  },
  check({ links, taken }, lab) {
    const read = (address: number): number => lab.process.read32(address);
    const used = [read(taken), read(taken + 4)];
    for (let node = read(link(links, 0)); node !== 0; node = read(link(links, node)))
      lab.expect(!used.includes(node), `node ${node} to be free or in use, and not both`);
  },
});
