// Packets find their route without a lock while routes are replaced; who replaces one frees the old one
// after a grace period, when no packet can be looking at it any more.
import { scenario } from '@rseqlab/explorer';
import { rseq } from '@rseqlab/rseq-runtime';
import { XEON_E5_2630V3 } from '@rseqlab/sim-machine';
import type { Thread } from '@rseqlab/sim-machine';
import { HASH_NODE_BYTES, RcuDomain, RcuHashTable } from '@rseqlab/urcu';

const PREFIXES = 8;
const PACKETS = 100;

/** A route: the node of the table, then the prefix, and where to send packets. */
const PREFIX = HASH_NODE_BYTES;
const NEXT_HOP = PREFIX + 4;
const ROUTE_BYTES = NEXT_HOP + 4;

const hashOf = (prefix: number): number => Math.imul(prefix, 0x9e3779b1) >>> 0;

const isFor = (prefix: number) =>
  function* matches(t: Thread, route: number) {
    return (yield* t.load(route + PREFIX)) === prefix;
  };

export default scenario({
  name: 'routing table',
  machine: { cpus: 4, kernel: [rseq()], cost: XEON_E5_2630V3 },
  detect: ['memory'],
  setup(lab) {
    const { machine, process } = lab;
    const rcu = RcuDomain.create(machine, process);
    const table = RcuHashTable.create(process, rcu, { buckets: 4 });
    for (let cpu = 0; cpu < 3; cpu++)
      lab.spawn(function* forward(t) {
        for (let packet = 0; packet < PACKETS; packet++) {
          const prefix = (packet + cpu) % PREFIXES;
          const section = yield* rcu.readLock(t);
          const route = yield* table.lookup(t, section, hashOf(prefix), isFor(prefix));
          if (route !== undefined)
            lab.expect(
              (yield* t.load(route.node + NEXT_HOP)) >= prefix,
              'a route of the prefix',
              t,
            );
          yield* rcu.readUnlock(t, section);
        }
      });
    lab.spawn(function* control(t) {
      for (let change = 0; change < 3 * PREFIXES; change++) {
        const prefix = change % PREFIXES;
        const route = yield* lab.heap.malloc(t, ROUTE_BYTES);
        yield* t.store(route + PREFIX, prefix);
        yield* t.store(route + NEXT_HOP, prefix + change);
        const section = yield* rcu.readLock(t);
        const old = yield* table.addReplace(t, section, hashOf(prefix), route, isFor(prefix));
        yield* rcu.readUnlock(t, section);
        if (old === 0) continue;
        yield* rcu.synchronize(t);
        yield* lab.heap.free(t, old);
      }
    });
  },
});
