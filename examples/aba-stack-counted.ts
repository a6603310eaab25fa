// The same stack with a counter beside the top: a top that came back is another one.
import { scenario } from '@rseqlab/explorer';
import type { Operation, Thread } from '@rseqlab/sim-machine';

const NODES = 3;
const NODE_MASK = 0xff;
const ONE_MORE = 0x100;
const link = (links: number, node: number): number => links + 4 * node;

/** The head with another node on top, and counted. */
const moved = (head: number, node: number): number => ((head & ~NODE_MASK) + ONE_MORE) | node;

function* pop(t: Thread, links: number): Operation<number> {
  const head = yield* t.loadAcquire(link(links, 0));
  const top = head & NODE_MASK;
  if (top === 0) return 0;
  const next = yield* t.loadAcquire(link(links, top));
  return (yield* t.compareExchange(link(links, 0), head, moved(head, next))) === head ? top : 0;
}

function* push(t: Thread, links: number, node: number): Operation<void> {
  const head = yield* t.loadAcquire(link(links, 0));
  yield* t.store(link(links, node), head & NODE_MASK);
  yield* t.compareExchange(link(links, 0), head, moved(head, node));
}

export default scenario({
  name: 'stack with a counted top',
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
    for (let node = read(link(links, 0)) & NODE_MASK; node !== 0; node = read(link(links, node)))
      lab.expect(!used.includes(node), `node ${node} to be free or in use, and not both`);
  },
});
