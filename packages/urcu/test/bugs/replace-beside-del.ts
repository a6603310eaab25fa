import { scenario } from '@rseqlab/explorer';
import { LinkFlag } from '../../src/structures/split-order.js';
import {
  HASH_NODE_BYTES,
  NodeOffset,
  SplitOrderedList,
} from '../../src/structures/split-ordered-list.js';
import type { KnownBug } from './known-bug.js';

/** One thread replaces an entry, without taking the right to free it, while another deletes it. */
export const replaceBesideDel: KnownBug = {
  name: 'hash replace versus delete, double free',
  happenedIn: 'userspace-rcu 71bb3ac',
  model: 'sc',
  kernelEvents: 0,
  finding: { kind: 'assertion', message: /how often the entry is freed to be 1, got 2/ },
  scenario: (isBroken) =>
    scenario({
      name: 'replace beside del',
      machine: { cpus: 2, maxThreads: 2, maxProcesses: 1 },
      setup({ process }) {
        const list = new SplitOrderedList();
        const [bucket, old, fresh] = [0, 0, 0].map(() => process.allocate(HASH_NODE_BYTES)) as [
          number,
          number,
          number,
        ];
        const freed = process.allocate(4);
        process.write32(bucket + NodeOffset.next, old | LinkFlag.bucket);
        for (const node of [old, fresh]) process.write32(node + NodeOffset.reverseHash, 8);
        process.spawn(function* replacer(t) {
          if (yield* list.replace(t, { node: old, link: 0 }, fresh, !isBroken)) {
            yield* list.collect(t, bucket, 8);
            yield* t.fetchAdd(freed, 1);
          }
        });
        process.spawn(function* deleter(t) {
          if (!(yield* list.markRemoved(t, old))) return;
          yield* list.collect(t, bucket, 8);
          if (yield* list.own(t, old)) yield* t.fetchAdd(freed, 1);
        });
        return { freed, process };
      },
      check({ freed, process }, lab) {
        lab.expectEqual(process.read32(freed), 1, 'how often the entry is freed');
      },
    }),
};
